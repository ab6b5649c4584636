/**
 * Lengths of time, which are stored as whole minutes: how they are shown and what somebody may type for them.
 */

import type { Lang } from "./dates";
import { halfWidth } from "./text";

/** `1 小时 30 分` or `1 h 30 min`. Hours are not made days, because a working day is not 24 of them. */
export function showMinutes(minutes: number, lang: Lang): string {
  const all = Math.round(Math.abs(minutes));
  const [hours, rest] = [Math.floor(all / 60), all % 60];
  const words = lang === "zh" ? { hour: "小时", rest: "分", alone: "分钟" } : { hour: "h", rest: "min", alone: "min" };
  const shown: string[] = [];
  if (hours > 0) shown.push(`${hours} ${words.hour}`);
  if (rest > 0 || hours === 0) shown.push(`${rest} ${hours > 0 ? words.rest : words.alone}`);
  return (minutes < 0 && all > 0 ? "-" : "") + shown.join(" ");
}

const hour = "(?:h|hrs?|hours?|个?小时|个?小時|时)";
const minute = "(?:m|mins?|minutes?|分钟?|分鐘)";

/** What may be typed, with the groups that are hours and minutes. */
const forms = [
  /^(?<minutes>\d+)$/,
  /^(?<hours>\d+):(?<minutes>[0-5]\d)$/,
  new RegExp(`^(?<minutes>\\d+)\\s*${minute}$`),
  new RegExp(`^(?<hours>\\d+(?:\\.\\d+)?|\\.\\d+)\\s*${hour}$`),
  new RegExp(`^(?<hours>\\d+)\\s*${hour}\\s*(?<minutes>[0-5]?\\d)\\s*${minute}?$`),
];

/**
 * Reads `90`, `1:30`, `1h30`, `1.5h`, `1 h 30 min`, `1小时30分` and the like, with a minus in front if need be. Parts of
 * hours are rounded to minutes.
 */
export function readMinutes(text: string): number | null {
  const [, sign, rest = ""] = /^([+-]?)\s*(.*)$/s.exec(halfWidth(text).trim().toLowerCase()) ?? [];
  for (const form of forms) {
    const found = form.exec(rest)?.groups;
    if (!found) continue;
    const minutes = Math.round(Number(found.hours ?? 0) * 60) + Number(found.minutes ?? 0);
    if (!Number.isSafeInteger(minutes)) return null;
    return sign === "-" && minutes > 0 ? -minutes : minutes;
  }
  return null;
}
