/** A day or a week in hours: above, what has none; below, each record as long as it takes. */

import { type DragEvent, useEffect, useRef, useState } from "react";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useArea } from "../../../texts/area";
import * as texts from "../../../texts/calendar";
import { localOf } from "../../../values/dates";
import { clockOf, inLanes, LEAST, minuteOf } from "../../../values/hours";
import styles from "../calendar.module.css";
import { EventLink, type Held, type Moving } from "./event";
import { type CalendarEvent, daysOf, distance, hoursOn } from "./events";

interface Props extends Moving {
  label: string;
  days: string[];
  today: string;
  zone: string;
  events: CalendarEvent[];
  /** Whether the records have hours at all. */
  timed: boolean;
  named: (date: string, how: Intl.DateTimeFormatOptions) => string;
  /** What makes a record at a time of a day; null where none may be made. */
  create: { label: string; search: (day: string, minute: number) => Record<string, string> } | null;
}

/** The height of a minute, in pixels. */
const SCALE = 44 / 60;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** What is moved or made stands on such minutes. */
const STEP = 15;
const QUARTER = { days: 0, minutes: STEP };
const NO_STEP = { days: 0, minutes: 0 };
/** What is drawn less tall has room for its title alone; where it stands says when it is. */
const TWO_LINES = 45;
/** Where a day begins for most, and what a record is made at unless told. */
const MORNING = 8 * 60;

const stepped = (minute: number) => Math.max(0, Math.min(1440 - STEP, Math.round(minute / STEP) * STEP));

/** What the clocks of the zone show, each minute anew. */
function useNow(zone: string): string {
  const read = () => localOf(new Date().toISOString(), zone);
  const [now, set] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => set(read()), 30_000);
    return () => clearInterval(timer);
  }, [zone]);
  return now;
}

export function Hours({ label, days, today, zone, events, timed, named, create, ...moving }: Props) {
  const a = useArea(texts);
  const navigate = useNavigate();
  const now = useNow(zone);
  const { held, hold, move, plural } = moving;
  /** Where what is dragged would stand. */
  const [over, setOver] = useState<{ day: string; minute: number | null } | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const first = Math.min(MORNING, ...days.flatMap((day) => hoursOn(events, day).map(({ from }) => from)));
    if (timed) box.current?.scrollTo(0, Math.max(0, first - 30) * SCALE);
  }, [days.join(), timed]);
  const columns = `${styles.columns} ${days.length === 1 ? styles.one : styles.seven}`;
  const at = (event: DragEvent, of: Held) =>
    stepped((event.clientY - event.currentTarget.getBoundingClientRect().top) / SCALE - of.below);
  const target = (day: string, minuteAt: (event: DragEvent) => number | null) => ({
    onDragOver: (event: DragEvent) => {
      if (held === null) return;
      event.preventDefault();
      setOver({ day, minute: minuteAt(event) });
    },
    onDragLeave: () => setOver(null),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(null);
      if (held === null) return;
      const minute = minuteAt(event);
      move(held.event, distance(held, { day, minute: minute ?? held.minute }));
      hold(null);
    },
  });
  const full = (day: string) => named(day, { weekday: "long", day: "numeric", month: "long" });
  const range = ({ start, end }: CalendarEvent) =>
    `${start.slice(11)}${end === start ? "" : `–${end.slice(0, 10) === start.slice(0, 10) ? "" : `${named(end.slice(0, 10), { day: "numeric", month: "short" })} `}${end.slice(11)}`}`;
  const daily = (day: string) => events.filter((event) => event.whole && daysOf(event, [day]).length > 0);

  return (
    <div className={styles.hours} role="region" aria-label={label} tabIndex={0} ref={box}>
      <div className={styles.above}>
        <div className={columns}>
          <div />
          {days.map((day) => (
            <div key={day} className={styles.heading}>
              <time dateTime={day} className={day === today ? styles.today : undefined}>
                {named(day, { weekday: "short", day: "numeric" })}
              </time>
              {create !== null && (
                <Link
                  to="/o/$plural/new"
                  params={{ plural }}
                  search={create.search(day, MORNING + 60)}
                  className={styles.add}
                  aria-label={`${create.label}: ${full(day)}`}
                >
                  <Plus size={13} aria-hidden="true" />
                </Link>
              )}
            </div>
          ))}
        </div>
        <div className={`${columns} ${styles.daily}`}>
          <div className={styles.hour}>{a.allDay}</div>
          {days.map((day) => (
            <div
              key={day}
              data-all-day={day}
              className={over?.day === day && over.minute === null ? styles.target : undefined}
              {...(held?.event.whole === true ? target(day, () => null) : {})}
            >
              <ul aria-label={`${a.allDay}, ${full(day)}`}>
                {daily(day).map((event) => (
                  <li key={event.row.id}>
                    <EventLink {...moving} event={event} day={day} minute={0} step={NO_STEP} when={a.allDay}>
                      {event.row._title ?? "–"}
                    </EventLink>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </div>
      </div>
      {timed && (
        <div className={columns}>
          <div className={styles.ruler} aria-hidden="true">
            {HOURS.map((hour) => (
              <div key={hour} className={styles.hour}>
                {hour === 0 ? "" : clockOf(hour * 60)}
              </div>
            ))}
          </div>
          {days.map((day) => {
            const placed = inLanes(hoursOn(events, day));
            return (
              <div
                key={day}
                data-hours={day}
                className={styles.column}
                style={{ height: 1440 * SCALE }}
                {...(held?.event.whole === false ? target(day, (event) => at(event, held)) : {})}
                onDoubleClick={(event) => {
                  if (create === null || (event.target as Element).closest("a") !== null) return;
                  const minute = (event.clientY - event.currentTarget.getBoundingClientRect().top) / SCALE;
                  const search = create.search(day, Math.floor(minute / LEAST) * LEAST);
                  void navigate({ to: "/o/$plural/new", params: { plural }, search });
                }}
              >
                {over?.day === day && over.minute !== null && (
                  <div className={styles.ghost} style={{ top: over.minute * SCALE, height: LEAST * SCALE }}>
                    {clockOf(over.minute)}
                  </div>
                )}
                <ul aria-label={a.eventCount(full(day), placed.length)}>
                  {placed.map(({ event, from, to, lane, lanes }) => (
                    <li
                      key={event.row.id}
                      className={styles.placed}
                      style={{
                        top: from * SCALE,
                        height: Math.max(LEAST, to - from) * SCALE - 2,
                        left: `${(lane / lanes) * 100}%`,
                        width: `${100 / lanes}%`,
                      }}
                    >
                      <EventLink
                        {...moving}
                        event={event}
                        day={day}
                        minute={from}
                        step={QUARTER}
                        scale={SCALE}
                        when={range(event)}
                        className={`${styles.block} ${to - from < TWO_LINES ? styles.line : ""}`}
                      >
                        {to - from >= TWO_LINES && <span className={styles.time}>{range(event)} </span>}
                        {event.row._title ?? "–"}
                      </EventLink>
                    </li>
                  ))}
                </ul>
                {now.startsWith(day) && (
                  <div
                    className={styles.now}
                    role="img"
                    aria-label={`${a.now}: ${now.slice(11)}`}
                    style={{ top: minuteOf(now) * SCALE }}
                  />
                )}
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}
