/**
 * Where what takes time stands in the hours of days. Times are texts as clocks show them, `2026-11-30T18:05`, and
 * minutes of a day; a day is drawn with 24 hours, whatever clocks do in its night. Pure.
 */

const MINUTE = 60_000;
const DAY = 1440;

const wall = (local: string) => Date.parse(`${local}:00Z`);

/** The minute of its day. */
export const minuteOf = (local: string): number => Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));

/** `18:05` of 1085. */
export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** What the clock shows so many minutes later. */
export const localLater = (local: string, minutes: number): string =>
  new Date(wall(local) + minutes * MINUTE).toISOString().slice(0, 16);

/** The minutes from one to the other. */
export const minutesBetween = (from: string, to: string): number => (wall(to) - wall(from)) / MINUTE;

/** The days from one to the other. */
export const daysBetween = (from: string, to: string): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / (DAY * MINUTE);

/** Something that takes time on a day, from minute to minute. */
export interface Stretch {
  from: number;
  to: number;
}

/** The part of what lasts from `start` to `end` that falls on a day; null where there is none. */
export function partOn(day: string, start: string, end: string): Stretch | null {
  const first = minutesBetween(`${day}T00:00`, start);
  const last = Math.max(minutesBetween(`${day}T00:00`, end), first);
  // What takes no time stands where it begins.
  if (first >= DAY || last < 0 || (last === 0 && first < 0)) return null;
  return { from: Math.max(0, first), to: Math.min(DAY, last) };
}

/** The least that is drawn of anything, in minutes: a line of text has to fit. */
export const LEAST = 30;

/** Where it ends as it is drawn. */
const drawnTo = ({ from, to }: Stretch) => Math.max(to, from + LEAST);

/** Gives what overlaps lanes beside one another: which one, and of how many. In the order of beginnings. */
export function inLanes<T extends Stretch>(all: readonly T[]): (T & { lane: number; lanes: number })[] {
  const placed: (T & { lane: number; lanes: number })[] = [];
  /** Those that overlap one another, directly or by others. */
  let group: typeof placed = [];
  let until = 0;
  const close = () => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane)) + 1;
    for (const one of group) one.lanes = lanes;
    group = [];
  };
  for (const one of [...all].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (one.from >= until) close();
    const taken = new Set(group.filter((other) => drawnTo(other) > one.from).map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    const made = { ...one, lane, lanes: 1 };
    group.push(made);
    placed.push(made);
    until = Math.max(until, drawnTo(one));
  }
  close();
  return placed;
}
