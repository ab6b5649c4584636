/** A person's day: what is planned with its times, and what is to be done until then. */

import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type DayEntry, type DayList, myDay } from "../../api/day";
import type { Shell } from "../../api/metadata";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/home";
import { Button } from "../../ui/button";
import { Failed, Skeleton } from "../../ui/states";
import { daysLater, localOf, showDate } from "../../values/dates";
import ui from "../../ui/ui.module.css";
import styles from "../page.module.css";
import own from "./home.module.css";

export function Day({ shell }: { shell: Shell }) {
  const t = useTexts();
  const a = useArea(texts);
  const lang = useLang();
  const [chosen, choose] = useState<string | null>(null);
  const today = shell.viewer.today;
  const date = chosen ?? today;
  const found = useQuery({
    queryKey: ["day", date],
    queryFn: () => myDay(date),
    placeholderData: (before) => before,
  });
  const nothing = found.data != null && found.data.schedule.totalCount + found.data.tasks.totalCount === 0;
  return (
    <>
      <div className={own.days}>
        <Button kind="quiet" icon aria-label={a.previousDay} onPress={() => choose(daysLater(date, -1))}>
          <ChevronLeft size={16} aria-hidden="true" />
        </Button>
        <span role="status">{date === today ? `${a.today}, ${showDate(date, lang)}` : showDate(date, lang)}</span>
        <Button kind="quiet" icon aria-label={a.nextDay} onPress={() => choose(daysLater(date, 1))}>
          <ChevronRight size={16} aria-hidden="true" />
        </Button>
        {date !== today && (
          <Button kind="quiet" onPress={() => choose(null)}>
            {a.today}
          </Button>
        )}
      </div>
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Skeleton rows={4} />}
      {nothing && <p className={styles.muted}>{a.freeDay}</p>}
      {found.data != null && (
        <>
          <Entries title={a.schedule} list={found.data.schedule} shell={shell} date={date} />
          <Entries title={a.tasks} list={found.data.tasks} shell={shell} date={date} />
        </>
      )}
      {found.data === null && <p className={styles.muted}>{t.noRights}</p>}
    </>
  );
}

/** `09:00–10:30`, or the day of what is overdue. */
function useTimes(shell: Shell, date: string) {
  const a = useArea(texts);
  const lang = useLang();
  return ({ day, start, end }: DayEntry): string => {
    if (day !== null && day !== date) return showDate(day, lang);
    if (start === null) return a.allDay;
    const clock = (instant: string) => localOf(instant, shell.viewer.timeZone).slice(11);
    return end === null ? clock(start) : `${clock(start)}–${clock(end)}`;
  };
}

interface EntriesProps {
  title: string;
  list: DayList;
  shell: Shell;
  date: string;
}

function Entries({ title, list, shell, date }: EntriesProps) {
  const t = useTexts();
  const a = useArea(texts);
  const times = useTimes(shell, date);
  if (list.totalCount === 0) return null;
  return (
    <>
      <h3>
        {title} <span className={styles.count}>{list.totalCount}</span>
      </h3>
      <ul className={styles.rows}>
        {list.nodes.map((entry) => {
          const plural = shell.objects.find(({ name }) => name === entry.object)?.plural ?? null;
          const row = (
            <>
              <span className={own.when}>{times(entry)}</span>
              <span className={`${styles.rowText} ${entry.closed ? own.closed : ""}`}>{entry.text ?? entry.label}</span>
              {entry.overdue && <span className={own.overdue}>{a.overdue}</span>}
              {entry.stateLabel !== null && <span className={ui.chip}>{entry.stateLabel}</span>}
            </>
          );
          return (
            <li key={`${entry.object} ${entry.id}`}>
              {plural === null ? (
                <span className={styles.rowLink}>{row}</span>
              ) : (
                <Link to="/o/$plural/$id" params={{ plural, id: entry.id }} className={styles.rowLink}>
                  {row}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
      {list.totalCount > list.nodes.length && (
        <p className={styles.muted}>{t.ofTotal(list.nodes.length, list.totalCount)}</p>
      )}
    </>
  );
}
