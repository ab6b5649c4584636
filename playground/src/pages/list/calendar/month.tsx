/** A month: weeks of days, each with its records. */

import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useArea } from "../../../texts/area";
import * as texts from "../../../texts/calendar";
import { daysBetween } from "../../../values/hours";
import { monthOf } from "../../../values/month";
import styles from "../calendar.module.css";
import { EventLink, type Moving } from "./event";
import { type CalendarEvent, daysOf } from "./events";

interface Props extends Moving {
  label: string;
  month: string;
  weeks: string[][];
  today: string;
  events: CalendarEvent[];
  /** Days as people read them. */
  named: (date: string, how: Intl.DateTimeFormatOptions) => string;
  /** What makes a record on a day, and where; null where none may be made. */
  create: { label: string; search: (day: string) => Record<string, string> } | null;
}

const WEEK = { days: 7, minutes: 0 };

export function Month({ label, month, weeks, today, events, named, create, ...moving }: Props) {
  const a = useArea(texts);
  const [over, setOver] = useState<string | null>(null);
  const { held, hold, move, plural } = moving;
  const drop = (day: string) => {
    setOver(null);
    if (held !== null) move(held.event, { days: daysBetween(held.day, day), minutes: 0 });
    hold(null);
  };
  return (
    <div className={styles.scroll} role="region" aria-label={label} tabIndex={0}>
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
                <td
                  key={date}
                  data-day={date}
                  className={`${monthOf(date) === month ? "" : styles.other} ${over === date ? styles.target : ""}`}
                  onDragOver={(event) => {
                    if (held === null) return;
                    event.preventDefault();
                    setOver(date);
                  }}
                  onDragLeave={() => setOver(null)}
                  onDrop={(event) => {
                    event.preventDefault();
                    drop(date);
                  }}
                >
                  <div className={styles.day}>
                    <time dateTime={date} className={date === today ? styles.today : undefined}>
                      {Number(date.slice(8))}
                    </time>
                    {create !== null && (
                      <Link
                        to="/o/$plural/new"
                        params={{ plural }}
                        search={create.search(date)}
                        className={styles.add}
                        aria-label={`${create.label}: ${named(date, { day: "numeric", month: "long" })}`}
                      >
                        <Plus size={13} aria-hidden="true" />
                      </Link>
                    )}
                  </div>
                  <ul>
                    {events
                      .filter((event) => daysOf(event, [date]).length > 0)
                      .map((event) => {
                        const time = !event.whole && event.start.startsWith(date) ? event.start.slice(11) : "";
                        return (
                          <li key={event.row.id}>
                            <EventLink
                              {...moving}
                              event={event}
                              day={date}
                              minute={0}
                              step={WEEK}
                              when={time === "" ? a.allDay : time}
                            >
                              {time !== "" && <span className={styles.time}>{time}</span>} {event.row._title ?? "–"}
                            </EventLink>
                          </li>
                        );
                      })}
                  </ul>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
