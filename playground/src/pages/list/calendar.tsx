/** The list as a calendar: each record at the days and hours that it takes, in the company's time zone. */

import { useState } from "react";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useShell } from "../../api/cache";
import type { ObjectSummary } from "../../api/metadata";
import { type ListQuestion, type Span, SPANS } from "../../question/question";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/calendar";
import { Button } from "../../ui/button";
import { Failed } from "../../ui/states";
import { tell } from "../../ui/toasts";
import { daysLater, instantOf, showDate } from "../../values/dates";
import { clockOf, localLater } from "../../values/hours";
import { monthOf, monthsLater, weekOf, weeksOf } from "../../values/month";
import type { Held } from "./calendar/event";
import type { CalendarEvent } from "./calendar/events";
import { Hours } from "./calendar/hours";
import { Month } from "./calendar/month";
import { MOST, useCalendar } from "./calendar/use-calendar";
import styles from "./calendar.module.css";
import type { ListPage } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
  /** Whether the page is as narrow as a phone. */
  narrow: boolean;
}

const ONE_DAY: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const DAYS: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", year: "numeric" };
const MONTH: Intl.DateTimeFormatOptions = { month: "long", year: "numeric" };

export function Calendar({ object, list, question, askFor, narrow }: Props) {
  const t = useTexts();
  const a = useArea(texts);
  const lang = useLang();
  const viewer = useShell().data?.viewer;
  const today = viewer?.today ?? "2000-01-01";
  const weekStart = viewer?.weekStart ?? 1;
  const usual: Span = narrow ? "day" : "month";
  const span = question.span ?? usual;
  const asked = question.at ?? today;
  const month = monthOf(asked);
  // A month has the day that it begins with, but for the one that today is in.
  const day = asked.length > 7 ? asked : month === monthOf(today) ? today : `${month}-01`;
  const weeks = weeksOf(month, weekStart);
  const days = span === "month" ? weeks.flat() : span === "week" ? weekOf(day, weekStart) : [day];
  const { start, end, zone, found, events, move, movable } = useCalendar(object, list, question, days);
  const [held, hold] = useState<Held | null>(null);
  if (start === undefined) return null;

  const locale = lang === "zh" ? "zh-CN" : "en-GB";
  const noon = (date: string) => new Date(`${date}T00:00:00Z`);
  const named = (date: string, how: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...how, timeZone: "UTC" }).format(noon(date));
  const title =
    span === "month"
      ? named(`${month}-01`, MONTH)
      : span === "day"
        ? named(day, ONE_DAY)
        : new Intl.DateTimeFormat(locale, { ...DAYS, timeZone: "UTC" }).formatRange(noon(days[0]!), noon(days[6]!));
  const at = (next: string) => {
    const here = span === "month" ? monthOf(today) : today;
    return next === here ? null : next;
  };
  const go = (next: string) => askFor({ ...question, at: at(next) });
  const by = (count: number) =>
    go(span === "month" ? monthsLater(month, count) : daysLater(day, span === "week" ? 7 * count : count));
  const spread = (next: Span) =>
    askFor({ ...question, span: next === usual ? null : next, at: question.at === null ? null : day });

  const moved = async (event: CalendarEvent, distance: { days: number; minutes: number }) => {
    if (distance.days === 0 && distance.minutes === 0) return;
    const told = await move(event, distance);
    // It stands elsewhere now; whoever moved it by a key goes with it.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-event="${event.row.id}"]`)?.focus());
    if ("refused" in told) return tell(told.refused);
    const to = event.start.length > 10 ? localLater(event.start, distance.days * 1440 + distance.minutes) : null;
    const said =
      to === null
        ? showDate(daysLater(event.start, distance.days), lang)
        : `${showDate(to.slice(0, 10), lang)} ${to.slice(11)}`;
    tell(a.moved(event.row._title ?? "", said), {
      label: t.undo,
      run: () => void told.back().then((back) => "refused" in back && tell(back.refused)),
    });
  };
  const search = (date: string, minute: number): Record<string, string> => {
    if (start.type === "DATE") return { [`with.${start.name}`]: date };
    const begins = `${date}T${clockOf(minute)}`;
    return {
      [`with.${start.name}`]: instantOf(begins, zone),
      ...(end?.writable === true ? { [`with.${end.name}`]: instantOf(localLater(begins, 60), zone) } : {}),
    };
  };
  const create =
    object.may.includes("CREATE") && start.writable ? { label: t.createNamed(object.label), search } : null;
  const moving = {
    plural: object.plural!,
    movable,
    held,
    hold,
    move: (event: CalendarEvent, distance: { days: number; minutes: number }) => void moved(event, distance),
  };

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <Button icon aria-label={t.previous} onPress={() => by(-1)}>
          <ChevronLeft size={16} aria-hidden="true" />
        </Button>
        <Button onPress={() => go(span === "month" ? monthOf(today) : today)}>{t.periods.today}</Button>
        <Button icon aria-label={t.next} onPress={() => by(1)}>
          <ChevronRight size={16} aria-hidden="true" />
        </Button>
        <h2 aria-live="polite">{title}</h2>
        {(found.data?.totalCount ?? 0) > MOST && <span>{t.ofTotal(MOST, found.data!.totalCount)}</span>}
        <div className={styles.spans} role="group" aria-label={a.shown}>
          {SPANS.map((one) => (
            <button key={one} aria-pressed={span === one} onClick={() => spread(one)}>
              {a.spans[one]}
            </button>
          ))}
        </div>
      </div>
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {span === "month" ? (
        <Month
          {...moving}
          label={object.labelPlural}
          month={month}
          weeks={weeks}
          today={today}
          events={events}
          named={named}
          create={create === null ? null : { ...create, search: (date) => search(date, 9 * 60) }}
        />
      ) : (
        <Hours
          {...moving}
          label={object.labelPlural}
          days={days}
          today={today}
          zone={zone}
          events={events}
          timed={start.type === "DATE_TIME"}
          named={named}
          create={create}
        />
      )}
    </div>
  );
}
