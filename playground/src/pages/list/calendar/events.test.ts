/** Records in a calendar: their days, their hours, what a move writes. */

import { expect, test } from "vitest";
import { sampleField } from "../../../api/sample-field";
import { daysOf, eventsOf, hoursOn, movedTo, type Placing, placeOf } from "./events";

const row = (values: object) => ({ id: "1", version: 1, _title: "Visit", ...values });

const HOURS: Placing = {
  start: sampleField("startsAt", "DATE_TIME"),
  end: sampleField("endsAt", "DATE_TIME"),
  zone: "Asia/Shanghai",
};
const DAYS: Placing = { start: sampleField("from", "DATE"), end: sampleField("to", "DATE"), zone: "Asia/Shanghai" };
const WEEK = ["2026-11-30", "2026-12-01", "2026-12-02"];

test("an instant stands at its time in the company's zone, on each day that it touches", () => {
  const [event] = eventsOf([row({ startsAt: "2026-11-30T14:00:00Z", endsAt: "2026-11-30T17:30:00Z" })], HOURS);
  expect(event).toMatchObject({ start: "2026-11-30T22:00", end: "2026-12-01T01:30", whole: false });
  expect(daysOf(event!, WEEK)).toEqual(["2026-11-30", "2026-12-01"]);
  expect(hoursOn([event!], "2026-12-01")).toMatchObject([{ from: 0, to: 90 }]);
});

test("what ends at midnight is not on the next day; what lasts days has no hours", () => {
  const [short, long] = eventsOf(
    [
      row({ startsAt: "2026-11-30T10:00:00Z", endsAt: "2026-11-30T16:00:00Z" }),
      row({ startsAt: "2026-11-29T16:00:00Z", endsAt: "2026-12-01T16:00:00Z" }),
    ],
    HOURS,
  );
  expect(daysOf(short!, WEEK)).toEqual(["2026-11-30"]);
  expect(long!.whole).toBe(true);
  expect(daysOf(long!, WEEK)).toEqual(["2026-11-30", "2026-12-01"]);
  expect(hoursOn([long!], "2026-11-30")).toEqual([]);
});

test("days without an end are one day; what has no beginning is nowhere", () => {
  const found = eventsOf([row({ from: "2026-12-01", to: null }), row({ from: null, to: "2026-12-02" })], DAYS);
  expect(found).toMatchObject([{ start: "2026-12-01", end: "2026-12-01", whole: true }]);
});

test("a move takes the end along, and can be taken back", () => {
  const [event] = eventsOf([row({ startsAt: "2026-11-30T14:00:00Z", endsAt: "2026-11-30T17:30:00Z" })], HOURS);
  expect(movedTo(event!, HOURS, 1, -30)).toEqual({
    startsAt: "2026-12-01T13:30:00Z",
    endsAt: "2026-12-01T17:00:00Z",
  });
  expect(placeOf(event!, HOURS)).toEqual({ startsAt: "2026-11-30T14:00:00Z", endsAt: "2026-11-30T17:30:00Z" });
  const fixed = { ...HOURS, end: sampleField("endsAt", "DATE_TIME", { writable: false }) };
  expect(movedTo(event!, fixed, 0, 15)).toEqual({ startsAt: "2026-11-30T14:15:00Z" });
});

test("where clocks are put forward, a move keeps the time that they show", () => {
  const berlin = { ...HOURS, zone: "Europe/Berlin" };
  const [event] = eventsOf([row({ startsAt: "2026-03-28T08:00:00Z", endsAt: "2026-03-28T09:00:00Z" })], berlin);
  expect(movedTo(event!, berlin, 1, 0)).toEqual({ startsAt: "2026-03-29T07:00:00Z", endsAt: "2026-03-29T08:00:00Z" });
});
