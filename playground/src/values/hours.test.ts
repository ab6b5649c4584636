/** Hours of days: parts that fall on a day, and what overlaps beside one another. */

import { expect, test } from "vitest";
import {
  clockOf,
  daysBetween,
  inLanes,
  LEAST,
  localLater,
  minuteOf,
  minutesBetween,
  partOn,
  type Stretch,
} from "./hours";
import { seeded } from "./seeded";

test("times of clocks go on over days and years", () => {
  expect(minuteOf("2026-11-30T18:05")).toBe(1085);
  expect(clockOf(1085)).toBe("18:05");
  expect(localLater("2026-12-31T23:50", 15)).toBe("2027-01-01T00:05");
  expect(localLater("2026-03-01T00:00", -1440)).toBe("2026-02-28T00:00");
  expect(minutesBetween("2026-11-30T09:00", "2026-12-01T08:00")).toBe(1380);
  expect(daysBetween("2026-12-01", "2026-11-30")).toBe(-1);
});

test("of what lasts over midnight, each day has its part", () => {
  const part = (day: string) => partOn(day, "2026-11-30T22:00", "2026-12-01T01:30");
  expect(part("2026-11-29")).toBeNull();
  expect(part("2026-11-30")).toEqual({ from: 1320, to: 1440 });
  expect(part("2026-12-01")).toEqual({ from: 0, to: 90 });
  expect(part("2026-12-02")).toBeNull();
});

test("what ends at midnight is not on the next day; what takes no time is where it begins", () => {
  expect(partOn("2026-12-01", "2026-11-30T22:00", "2026-12-01T00:00")).toBeNull();
  expect(partOn("2026-12-01", "2026-12-01T00:00", "2026-12-01T00:00")).toEqual({ from: 0, to: 0 });
  expect(partOn("2026-12-01", "2026-12-01T09:00", "2026-12-01T09:00")).toEqual({ from: 540, to: 540 });
  expect(partOn("2026-12-01", "2026-12-01T09:00", "2026-12-01T08:00")).toEqual({ from: 540, to: 540 });
});

test("what overlaps is beside one another, what follows takes the whole day", () => {
  const placed = inLanes([
    { from: 540, to: 600 },
    { from: 570, to: 660 },
    { from: 600, to: 630 },
    { from: 700, to: 760 },
  ]);
  expect(placed.map(({ lane, lanes }) => [lane, lanes])).toEqual([
    [0, 2],
    [1, 2],
    [0, 2],
    [0, 1],
  ]);
});

test("no two in one lane are drawn over one another, and no lane is beyond their number", () => {
  const random = seeded(7);
  for (let round = 0; round < 200; round += 1) {
    const all: Stretch[] = Array.from({ length: 1 + random.below(12) }, () => {
      const from = random.below(1400);
      return { from, to: Math.min(1440, from + random.below(240)) };
    });
    const placed = inLanes(all);
    expect(placed).toHaveLength(all.length);
    placed.forEach((one, place) => {
      expect(one.lane).toBeLessThan(one.lanes);
      for (const later of placed.slice(place + 1)) {
        if (one.lane === later.lane) expect(Math.max(one.to, one.from + LEAST)).toBeLessThanOrEqual(later.from);
      }
    });
  }
});
