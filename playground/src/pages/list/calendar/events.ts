/** Records as a calendar has them: from when to when, on which days, and what moving one writes. Pure. */

import type { FieldInfo } from "../../../api/metadata";
import { nested, valueAt, type Values } from "../../../api/paths";
import { daysLater, instantOf, localOf } from "../../../values/dates";
import { daysBetween, localLater, minutesBetween, partOn, type Stretch } from "../../../values/hours";
import type { Row } from "../use-list";

/** The fields that place a record, and the zone in which days begin. */
export interface Placing {
  start: FieldInfo;
  /** Null where it has none, or one of another kind. */
  end: FieldInfo | null;
  zone: string;
}

export interface CalendarEvent {
  row: Row;
  /** A day, or what the clock shows. */
  start: string;
  end: string;
  /** Whether it has no hours: days are its values, or it lasts a day and longer. */
  whole: boolean;
}

const DAY = 1440;

export function eventsOf(rows: readonly Row[], { start, end, zone }: Placing): CalendarEvent[] {
  return rows.flatMap((row) => {
    const [from, to] = [start, end].map((field) => (field === null ? null : valueAt(row, field.name)));
    if (typeof from !== "string") return [];
    const until = typeof to === "string" ? to : from;
    if (start.type === "DATE") {
      const first = from.slice(0, 10);
      return [{ row, start: first, end: until.slice(0, 10) < first ? first : until.slice(0, 10), whole: true }];
    }
    const [first, last] = [localOf(from, zone), localOf(until, zone)];
    if (first === "") return [];
    const whole = last !== "" && minutesBetween(first, last) >= DAY;
    return [{ row, start: first, end: last < first ? first : last, whole }];
  });
}

/** The days of a range on which an event stands. */
export function daysOf({ start, end }: CalendarEvent, days: readonly string[]): string[] {
  const first = start.slice(0, 10);
  // What ends at midnight does not stand on the day that begins.
  const last = end.slice(11) === "00:00" && end > start ? daysLater(end.slice(0, 10), -1) : end.slice(0, 10);
  return days.filter((day) => first <= day && day <= last);
}

/** The events of a day that have hours, with the part of them that falls on it. */
export const hoursOn = (events: readonly CalendarEvent[], day: string): (Stretch & { event: CalendarEvent })[] =>
  events.flatMap((event) => {
    const part = event.whole ? null : partOn(day, event.start, event.end);
    return part === null ? [] : [{ ...part, event }];
  });

/** What is written of an event that is moved by so many days and minutes; what its end was is kept as far from it. */
export function movedTo(event: CalendarEvent, placing: Placing, days: number, minutes: number): Values {
  const later = (field: FieldInfo): Values => {
    const value = valueAt(event.row, field.name);
    if (typeof value !== "string") return {};
    if (field.type === "DATE") return { [field.name]: daysLater(value, days) };
    return { [field.name]: instantOf(localLater(localOf(value, placing.zone), days * DAY + minutes), placing.zone) };
  };
  const { start, end } = placing;
  return nested({ ...later(start), ...(end?.writable === true ? later(end) : {}) });
}

/** The values that a move writes as they are now: what takes it back. */
export function placeOf({ row }: CalendarEvent, { start, end }: Placing): Values {
  const held = (field: FieldInfo): Values => ({ [field.name]: valueAt(row, field.name) });
  return nested({ ...held(start), ...(end?.writable === true ? held(end) : {}) });
}

/** How far from one place to another: in days, and in minutes for what has hours. */
export function distance(from: { day: string; minute: number }, to: { day: string; minute: number }) {
  return { days: daysBetween(from.day, to.day), minutes: to.minute - from.minute };
}
