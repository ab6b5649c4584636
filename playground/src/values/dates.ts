/**
 * Days and instants as people see and type them. A day such as `2026-11-30` has no zone and never becomes an instant;
 * an instant is RFC 3339 in UTC and is seen in the zone of the reader. Zones are names of IANA; Intl throws a
 * RangeError for one it does not know.
 */

import { halfWidth } from "./text";

export type Lang = "zh" | "en";

/** A day, or a time on a clock without a zone, is counted in milliseconds as if it were in UTC. */
type Wall = number;

const DAY = 86_400_000;

const pad = (number: number, width = 2) => String(number).padStart(width, "0");

/** `Date.UTC` takes years below 100 for those of the 20th century. */
function wallOf(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): Wall {
  return new Date(Date.UTC(2000, 0, 1, hour, minute, second)).setUTCFullYear(year, month - 1, day);
}

function dayOf(wall: Wall): string {
  const date = new Date(wall);
  return [pad(date.getUTCFullYear(), 4), pad(date.getUTCMonth() + 1), pad(date.getUTCDate())].join("-");
}

/** The ISO form of a day, which the server takes from year 1 to 9999. */
function isoWithin(wall: Wall): string | null {
  const year = new Date(wall).getUTCFullYear();
  return year >= 1 && year <= 9999 ? dayOf(wall) : null;
}

/** The ISO form of a day of the calendar; null if it has none such. */
function isoOf(year: number, month: number, day: number): string | null {
  const wall = wallOf(year, month, day);
  const date = new Date(wall);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? isoWithin(wall) : null;
}

/** The time of a wall clock, `18:05` or `18:05:09`. */
function timeOf(wall: Wall, seconds = false): string {
  const date = new Date(wall);
  const parts = [date.getUTCHours(), date.getUTCMinutes(), ...(seconds ? [date.getUTCSeconds()] : [])];
  return parts.map((part) => pad(part)).join(":");
}

const english = new Intl.DateTimeFormat("en", { month: "short", timeZone: "UTC" });
const months = Array.from({ length: 12 }, (_, month) => english.format(Date.UTC(2000, month, 1)));

/** `2026-11-30` or `30 Nov 2026`. What is no day stays as it is. */
export function showDate(value: string, lang: Lang): string {
  const [, year, month, day] = /^(\d{4,})-(\d\d)-(\d\d)$/.exec(value) ?? [];
  const name = months[Number(month) - 1];
  return lang === "en" && name ? `${Number(day)} ${name} ${year}` : value;
}

/** A day some days later or earlier; the same where the calendar ends. */
export function daysLater(day: string, count: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return isoWithin(wallOf(year, month, date) + count * DAY) ?? day;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (!clock) {
    const number = "numeric";
    const fields = { era: "short", year: number, month: number, day: number } as const;
    const time = { hour: number, minute: number, second: number, hourCycle: "h23" } as const;
    clock = new Intl.DateTimeFormat("en-US", { calendar: "gregory", timeZone: zone, ...fields, ...time });
    clocks.set(zone, clock);
  }
  return clock;
}

/** What the clocks of a zone show at an instant, to the second. */
function wallAt(instant: number, zone: string): Wall {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const [year = 0, ...rest] = [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second].map(Number);
  const [month = 1, day = 1, hour, minute, second] = rest;
  return wallOf(parts.era?.startsWith("B") ? 1 - year : year, month, day, hour, minute, second);
}

/** The milliseconds of an RFC 3339 instant; null for any other text. */
function millisecondsOf(value: string): number | null {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
  // Engines differ beyond three digits of a second.
  const instant = form.test(value) ? Date.parse(value.toUpperCase().replace(/(\.\d{3})\d+/, "$1")) : NaN;
  return Number.isNaN(instant) ? null : instant;
}

/** `2026-11-30 18:05` or `30 Nov 2026, 18:05`, in a zone. What is no instant stays as it is. */
export function showInstant(value: string, zone: string, lang: Lang, options: { seconds?: boolean } = {}): string {
  const instant = millisecondsOf(value);
  if (instant === null) return value;
  const wall = wallAt(instant, zone);
  return showDate(dayOf(wall), lang) + (lang === "en" ? ", " : " ") + timeOf(wall, options.seconds);
}

/** An instant as a `datetime-local` input holds it, `2026-11-30T18:05`; empty for what is no instant. */
export function localOf(value: string, zone: string): string {
  const instant = millisecondsOf(value);
  if (instant === null) return "";
  const wall = wallAt(instant, zone);
  return `${dayOf(wall)}T${timeOf(wall)}`;
}

/**
 * The instant at which the clocks of a zone show what a `datetime-local` input holds. A time that occurs twice is the
 * earlier; one that clocks pass over is as much later as they are put forward. Throws a RangeError for other text.
 */
export function instantOf(local: string, zone: string): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/.exec(local);
  const numbers = found?.slice(1).map((part) => Number(part ?? 0)) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = numbers;
  const real = isoOf(year, month, day) !== null && hour <= 23 && minute <= 59 && second <= 59;
  if (!real) throw new RangeError(`no local time: ${local}`);
  const wall = wallOf(year, month, day, hour, minute, second);
  // No zone is a day or more from UTC, so the instant is between these, and at most one change of its clocks.
  const by = (near: number) => wall - (wallAt(near, zone) - near);
  const [before, after] = [by(wall - DAY), by(wall + DAY)];
  const shows = [before, after].filter((instant) => wallAt(instant, zone) === wall);
  const instant = shows.length > 0 ? Math.min(...shows) : before;
  return new Date(instant).toISOString().replace(".000Z", "Z");
}

/** How long ago an instant was; null after seven days, for what is to come, and for what is no instant. */
export function ago(value: string, now: Date, lang: Lang): string | null {
  const instant = millisecondsOf(value);
  if (instant === null) return null;
  const minutes = Math.floor((now.getTime() - instant) / 60_000);
  const [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1440)];
  const chinese = lang === "zh";
  // Clocks of servers and readers differ a little.
  if (minutes < -1 || days > 7) return null;
  if (minutes < 1) return chinese ? "刚刚" : "just now";
  if (hours < 1) return chinese ? `${minutes} 分钟前` : `${minutes} min ago`;
  if (days < 1) return chinese ? `${hours} 小时前` : `${hours} h ago`;
  return chinese ? `${days} 天前` : `${days} ${days === 1 ? "day" : "days"} ago`;
}

const named = new Map(Object.entries({ 昨天: -1, 今天: 0, 明天: 1, yesterday: -1, today: 0, tomorrow: 1 }));

/** Year, month and day in this order; without a year it is that of today. */
const forms = [
  /^(?<year>\d{4})(?<mark>[-/.])(?<month>\d{1,2})\k<mark>(?<day>\d{1,2})$/,
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)$/,
  /^(?<month>\d{1,2})[-/.](?<day>\d{1,2})$/,
  /^(?:(?<year>\d{4})年)?(?<month>\d{1,2})月(?<day>\d{1,2})日$/,
  /^(?<day>\d{1,2}) (?<name>[a-z]{3}) (?<year>\d{4})$/,
];

/** Reads a day that somebody typed or that `showDate` wrote; null for any other text and for days that are not. */
export function readDate(text: string, today: string): string | null {
  const plain = halfWidth(text).trim().toLowerCase();
  const [thisYear = 0, thisMonth = 0, thisDay = 0] = today.split("-").map(Number);
  const later = named.get(plain);
  if (later !== undefined) return isoWithin(wallOf(thisYear, thisMonth, thisDay + later));
  for (const form of forms) {
    const found = form.exec(plain)?.groups;
    if (!found) continue;
    const name = months.findIndex((month) => month.toLowerCase() === found.name) + 1;
    return isoOf(Number(found.year ?? thisYear), found.name ? name : Number(found.month), Number(found.day));
  }
  return null;
}
