/** Months, their weeks, and those around them. */

import { expect, test } from "vitest";
import { monthOf, monthsLater, weekOf, weeksOf } from "./month";

test("months go on over the year's end", () => {
  expect(monthOf("2026-11-30")).toBe("2026-11");
  expect(monthsLater("2026-12", 1)).toBe("2027-01");
  expect(monthsLater("2026-01", -1)).toBe("2025-12");
  expect(monthsLater("2026-05", 0)).toBe("2026-05");
});

test("weeks are whole, have each day of the month once, and begin where weeks begin", () => {
  for (const weekStart of [1, 7, 6]) {
    for (let month = "2023-01"; month !== "2029-01"; month = monthsLater(month, 1)) {
      const weeks = weeksOf(month, weekStart);
      expect(weeks.every((week) => week.length === 7)).toBe(true);
      const days = weeks.flat();
      expect(new Set(days).size).toBe(days.length);
      expect(days.filter((one) => monthOf(one) === month)).toHaveLength(
        new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate(),
      );
      expect(weeks.every(([first]) => new Date(`${first}T00:00:00Z`).getUTCDay() === weekStart % 7)).toBe(true);
      expect(weeks.every((week) => week.some((one) => monthOf(one) === month))).toBe(true);
    }
  }
});

test("a week has its day, and begins where weeks begin", () => {
  expect(weekOf("2026-12-01", 1)).toEqual([
    "2026-11-30",
    "2026-12-01",
    "2026-12-02",
    "2026-12-03",
    "2026-12-04",
    "2026-12-05",
    "2026-12-06",
  ]);
  expect(weekOf("2026-12-06", 1)[0]).toBe("2026-11-30");
  expect(weekOf("2026-12-06", 7)[0]).toBe("2026-12-06");
});
