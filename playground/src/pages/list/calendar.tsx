/** The list as a month: each record at the day it begins, in the company's time zone. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Plus } from "lucide-react";
import { useShell } from "../../api/cache";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import { nested, valueAt } from "../../api/paths";
import { ask } from "../../api/transport";
import { listDocument } from "../../fields/documents";
import type { ListQuestion } from "../../question/question";
import { useLang, useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Failed } from "../../ui/states";
import { localOf } from "../../values/dates";
import { monthOf, monthsLater, weeksOf } from "../../values/month";
import styles from "./calendar.module.css";
import { type ListPage, type Row, variablesOf } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
}

interface Answer {
  list: { totalCount: number; nodes: Row[] } | null;
}

const MOST = 500;

export function Calendar({ object, list, question, askFor }: Props) {
  const t = useTexts();
  const lang = useLang();
  const viewer = useShell().data?.viewer;
  const start = list.fields.get(object.startField ?? "");
  const today = viewer?.today ?? "2000-01-01";
  const zone = viewer?.timeZone ?? "UTC";
  const month = question.month ?? monthOf(today);
  const weeks = weeksOf(month, viewer?.weekStart ?? 1);
  const [from, to] = [weeks[0]![0]!, weeks.at(-1)!.at(-1)!];
  const { filter, search } = variablesOf(list, question);
  const within = start === undefined ? {} : nested({ [start.name]: { gte: from, lte: to } });
  const document = start === undefined ? "" : listDocument(object, [start]);
  const found = useQuery({
    queryKey: [object.name, "calendar", document, filter, search, month],
    queryFn: async () => {
      const asked = {
        filter: filter === undefined ? within : { and: [filter, within] },
        search,
        orderBy: [nested({ [start!.name]: "ASC" })],
        first: MOST,
        counted: true,
      };
      return (await ask<Answer>("/graphql", document, asked)).data.list;
    },
    enabled: document !== "",
    placeholderData: (before, query) => (query?.queryKey[2] === document ? before : undefined),
  });
  if (start === undefined) return null;
  const byDay = new Map<string, { row: Row; time: string }[]>();
  for (const row of found.data?.nodes ?? []) {
    const [date, time] = placed(start, String(valueAt(row, start.name)), zone);
    byDay.set(date, [...(byDay.get(date) ?? []), { row, time }]);
  }
  const named = (date: string, how: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { ...how, timeZone: "UTC" }).format(
      new Date(`${date}T00:00:00Z`),
    );
  const go = (next: string) => askFor({ ...question, month: next === monthOf(today) ? null : next });

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <Button icon aria-label={t.previous} onPress={() => go(monthsLater(month, -1))}>
          <ChevronLeft size={16} aria-hidden="true" />
        </Button>
        <Button onPress={() => go(monthOf(today))}>{t.periods.today}</Button>
        <Button icon aria-label={t.next} onPress={() => go(monthsLater(month, 1))}>
          <ChevronRight size={16} aria-hidden="true" />
        </Button>
        <h2>{named(`${month}-01`, { year: "numeric", month: "long" })}</h2>
        {(found.data?.totalCount ?? 0) > MOST && <span>{t.ofTotal(MOST, found.data!.totalCount)}</span>}
      </div>
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      <div className={styles.scroll} role="region" aria-label={object.labelPlural} tabIndex={0}>
        <table className={styles.month}>
          <thead>
            <tr>
              {weeks[0]!.map((date) => (
                <th key={date} scope="col">
                  {named(date, { weekday: "short" })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.map((week) => (
              <tr key={week[0]}>
                {week.map((date) => (
                  <td key={date} className={monthOf(date) === month ? undefined : styles.other}>
                    <div className={styles.day}>
                      <time dateTime={date} className={date === today ? styles.today : undefined}>
                        {Number(date.slice(8))}
                      </time>
                      {object.may.includes("CREATE") && start.writable && start.type === "DATE" && (
                        <Link
                          to="/o/$plural/new"
                          params={{ plural: object.plural! }}
                          search={{ [`with.${start.name}`]: date }}
                          className={styles.add}
                          aria-label={`${t.createNamed(object.label)}: ${named(date, { day: "numeric", month: "long" })}`}
                        >
                          <Plus size={13} aria-hidden="true" />
                        </Link>
                      )}
                    </div>
                    <ul>
                      {(byDay.get(date) ?? []).map(({ row, time }) => (
                        <li key={row.id}>
                          <Link
                            to="/o/$plural/$id"
                            params={{ plural: object.plural!, id: row.id }}
                            className={styles.event}
                          >
                            {time !== "" && <span className={styles.time}>{time}</span>} {row._title ?? "–"}
                          </Link>
                        </li>
                      ))}
                    </ul>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** The day and, of an instant, the time of day at which a record begins. */
function placed(field: FieldInfo, value: string, zone: string): [string, string] {
  if (field.type !== "DATE_TIME") return [value.slice(0, 10), ""];
  const local = localOf(value, zone);
  return [local.slice(0, 10), local.slice(11, 16)];
}
