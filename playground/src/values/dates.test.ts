/** Tests of days and instants. */

import { describe, expect, test } from "vitest";
import { ago, daysLater, instantOf, localOf, readDate, showDate, showInstant } from "./dates";
import { seeded } from "./seeded";

const shanghai = "Asia/Shanghai";
const newYork = "America/New_York";
const zones = [
  "UTC",
  shanghai,
  newYork,
  "Europe/London",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Kiritimati",
  "America/St_Johns",
  "Africa/Casablanca",
];

test.each([
  ["2026-11-30", "30 Nov 2026"],
  ["2026-09-01", "1 Sep 2026"],
  ["2024-02-29", "29 Feb 2024"],
  ["0001-01-01", "1 Jan 0001"],
  ["9999-12-31", "31 Dec 9999"],
  ["", ""],
  ["soon", "soon"],
  ["2026-13-01", "2026-13-01"],
])("showDate(%j)", (value, english) => {
  expect(showDate(value, "zh")).toBe(value);
  expect(showDate(value, "en")).toBe(english);
});

test.each([
  ["2026-11-30T10:05:09Z", shanghai, "2026-11-30 18:05:09", "30 Nov 2026, 18:05:09"],
  ["2026-11-30T10:05:09.123456Z", shanghai, "2026-11-30 18:05:09", "30 Nov 2026, 18:05:09"],
  ["2026-11-30T16:00:00Z", shanghai, "2026-12-01 00:00:00", "1 Dec 2026, 00:00:00"],
  ["2026-12-31T23:59:59.999999Z", "UTC", "2026-12-31 23:59:59", "31 Dec 2026, 23:59:59"],
  ["1969-12-31T23:59:59.999Z", "UTC", "1969-12-31 23:59:59", "31 Dec 1969, 23:59:59"],
  ["2026-07-01T12:00:00Z", newYork, "2026-07-01 08:00:00", "1 Jul 2026, 08:00:00"],
  ["2026-11-30T18:05:00+08:00", "UTC", "2026-11-30 10:05:00", "30 Nov 2026, 10:05:00"],
  ["2026-11-30T10:05:00Z", "Asia/Kathmandu", "2026-11-30 15:50:00", "30 Nov 2026, 15:50:00"],
  // The calendar goes on backwards, and around the first and the last year.
  ["1500-03-01T00:00:00Z", "UTC", "1500-03-01 00:00:00", "1 Mar 1500, 00:00:00"],
  ["0001-01-01T00:00:00Z", "UTC", "0001-01-01 00:00:00", "1 Jan 0001, 00:00:00"],
  ["0001-01-01T00:00:00Z", "Etc/GMT+1", "0000-12-31 23:00:00", "31 Dec 0000, 23:00:00"],
  ["9999-12-31T23:00:00Z", "Etc/GMT-1", "10000-01-01 00:00:00", "1 Jan 10000, 00:00:00"],
])("showInstant(%j, %j)", (value, zone, chinese, english) => {
  expect(showInstant(value, zone, "zh", { seconds: true })).toBe(chinese);
  expect(showInstant(value, zone, "en", { seconds: true })).toBe(english);
  expect(showInstant(value, zone, "zh")).toBe(chinese.slice(0, -3));
  expect(showInstant(value, zone, "en")).toBe(english.slice(0, -3));
});

test("what is no instant stays as it is, and unknown zones are refused", () => {
  for (const value of ["", "soon", "2026-11-30", "2026-11-30T10:05", "2026-11-30T10:05:00", "2026-13-30T10:05:00Z"]) {
    expect(showInstant(value, "UTC", "zh")).toBe(value);
    expect(localOf(value, "UTC")).toBe("");
    expect(ago(value, new Date(), "zh")).toBeNull();
  }
  expect(() => showInstant("2026-11-30T10:05:00Z", "Asia/Nowhere", "zh")).toThrow(RangeError);
});

test.each([
  ["2026-11-30T18:05", shanghai, "2026-11-30T10:05:00Z"],
  ["2026-11-30T18:05:09", shanghai, "2026-11-30T10:05:09Z"],
  ["2026-11-30T18:05:09.500", shanghai, "2026-11-30T10:05:09Z"],
  ["2026-12-01T00:00", shanghai, "2026-11-30T16:00:00Z"],
  ["2026-01-01T00:00", newYork, "2026-01-01T05:00:00Z"],
  ["2026-07-01T00:00", newYork, "2026-07-01T04:00:00Z"],
  ["0050-06-01T00:00", "UTC", "0050-06-01T00:00:00Z"],
  // Clocks go from 02:00 to 03:00 on 8 March 2026, and from 02:00 to 01:00 on 1 November.
  ["2026-03-08T01:59", newYork, "2026-03-08T06:59:00Z"],
  ["2026-03-08T02:00", newYork, "2026-03-08T07:00:00Z"],
  ["2026-03-08T02:30", newYork, "2026-03-08T07:30:00Z"],
  ["2026-03-08T03:00", newYork, "2026-03-08T07:00:00Z"],
  ["2026-11-01T00:59", newYork, "2026-11-01T04:59:00Z"],
  ["2026-11-01T01:30", newYork, "2026-11-01T05:30:00Z"],
  ["2026-11-01T02:00", newYork, "2026-11-01T07:00:00Z"],
  ["2026-03-29T01:30", "Europe/London", "2026-03-29T01:30:00Z"],
  ["2026-10-25T01:30", "Europe/London", "2026-10-25T00:30:00Z"],
  // Half an hour, in a zone ahead of UTC.
  ["2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:45:00Z"],
  ["2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00Z"],
  // China had summer time in 1986; Samoa left out 30 December 2011.
  ["1986-07-01T12:00", shanghai, "1986-07-01T03:00:00Z"],
  ["2011-12-29T23:59", "Pacific/Apia", "2011-12-30T09:59:00Z"],
  ["2011-12-30T12:00", "Pacific/Apia", "2011-12-30T22:00:00Z"],
  ["2011-12-31T00:00", "Pacific/Apia", "2011-12-30T10:00:00Z"],
])("instantOf(%j, %j)", (local, zone, instant) => expect(instantOf(local, zone)).toBe(instant));

test.each([
  "",
  "2026-11-30",
  "2026-02-30T00:00",
  "2026-11-30T24:00",
  "2026-11-30T10:60",
  "0000-01-01T00:00",
  "10000-01-01T00:00",
])("instantOf(%j) is refused", (local) => expect(() => instantOf(local, "UTC")).toThrow(RangeError));

test("localOf", () => {
  expect(localOf("2026-11-30T10:05:59.9Z", shanghai)).toBe("2026-11-30T18:05");
  expect(localOf("2026-11-01T05:30:00Z", newYork)).toBe(localOf("2026-11-01T06:30:00Z", newYork));
});

test("an instant of the clocks is the first that they show, in any zone", () => {
  const random = seeded(7);
  for (let turn = 0; turn < 3000; turn += 1) {
    const zone = random.pick(zones);
    const at = new Date(Date.UTC(1990 + random.below(60), 0, 1, 0, random.below(366 * 1440)));
    const value = at.toISOString().replace(".000Z", "Z");
    const local = localOf(value, zone);
    const again = instantOf(local, zone);
    expect(localOf(again, zone)).toBe(local);
    expect(Date.parse(again)).toBeLessThanOrEqual(at.getTime());
    expect(showInstant(value, zone, "zh")).toBe(local.replace("T", " "));
  }
});

describe("ago", () => {
  const now = new Date("2026-11-30T12:00:00Z");
  test.each<[string, string | null, string | null]>([
    ["2026-11-30T12:00:00Z", "刚刚", "just now"],
    ["2026-11-30T11:59:01Z", "刚刚", "just now"],
    ["2026-11-30T12:00:30Z", "刚刚", "just now"],
    ["2026-11-30T12:05:00Z", null, null],
    ["2026-11-30T11:59:00Z", "1 分钟前", "1 min ago"],
    ["2026-11-30T11:56:10Z", "3 分钟前", "3 min ago"],
    ["2026-11-30T11:00:01Z", "59 分钟前", "59 min ago"],
    ["2026-11-30T11:00:00Z", "1 小时前", "1 h ago"],
    ["2026-11-29T12:00:01Z", "23 小时前", "23 h ago"],
    ["2026-11-29T12:00:00Z", "1 天前", "1 day ago"],
    ["2026-11-28T12:00:00Z", "2 天前", "2 days ago"],
    ["2026-11-22T12:00:01Z", "7 天前", "7 days ago"],
    ["2026-11-22T12:00:00Z", null, null],
  ])("%j", (value, chinese, english) => {
    expect(ago(value, now, "zh")).toBe(chinese);
    expect(ago(value, now, "en")).toBe(english);
  });
});

describe("readDate", () => {
  test.each([
    ["2026-11-30", "2026-11-30"],
    [" 2026-11-30 ", "2026-11-30"],
    ["2026/11/30", "2026-11-30"],
    ["2026.11.30", "2026-11-30"],
    ["2026/1/5", "2026-01-05"],
    ["20261130", "2026-11-30"],
    ["２０２６－１１－３０", "2026-11-30"],
    ["２０２６１１３０", "2026-11-30"],
    ["2026年11月30日", "2026-11-30"],
    ["11-30", "2026-11-30"],
    ["1/5", "2026-01-05"],
    ["11月30日", "2026-11-30"],
    ["30 Nov 2026", "2026-11-30"],
    ["1 sep 2026", "2026-09-01"],
    ["今天", "2026-12-31"],
    ["明天", "2027-01-01"],
    ["昨天", "2026-12-30"],
    ["Today", "2026-12-31"],
    ["tomorrow", "2027-01-01"],
    [" YESTERDAY", "2026-12-30"],
    ["2024-02-29", "2024-02-29"],
    ["2000-02-29", "2000-02-29"],
    ["0001-01-01", "0001-01-01"],
    ["9999-12-31", "9999-12-31"],
  ])("%j", (text, value) => expect(readDate(text, "2026-12-31")).toBe(value));

  test.each([
    "",
    " ",
    "30",
    "1130",
    "261130",
    "2026",
    "2026-11",
    "2026-11/30",
    "26-11-30",
    "2026-13-01",
    "2026-00-10",
    "2026-11-00",
    "2026-11-31",
    "2026-02-29",
    "1900-02-29",
    "20260230",
    "02-29",
    "13-01",
    "0000-01-01",
    "10000-01-01",
    "2026-11-30T00:00:00Z",
    "30/11/2026",
    "30 Foo 2026",
    "31 Nov 2026",
    "2026-11-30x",
    "-2026-11-30",
    "后天",
    "constructor",
  ])("%j is null", (text) => expect(readDate(text, "2026-12-31")).toBeNull());

  test("at the ends of the calendar and of February", () => {
    expect(readDate("明天", "9999-12-31")).toBeNull();
    expect(readDate("昨天", "0001-01-01")).toBeNull();
    expect(readDate("02-29", "2024-11-30")).toBe("2024-02-29");
    expect(readDate("明天", "2024-02-28")).toBe("2024-02-29");
    expect(readDate("昨天", "2026-03-01")).toBe("2026-02-28");
  });

  test("what is shown is read, and each day follows the one before", () => {
    const random = seeded(8);
    for (let turn = 0; turn < 3000; turn += 1) {
      const [year, month, day] = [1 + random.below(9999), 1 + random.below(12), 1 + random.below(28)];
      const [y, m, d] = [String(year).padStart(4, "0"), ...[month, day].map((part) => String(part).padStart(2, "0"))];
      const value = `${y}-${m}-${d}`;
      expect(readDate(showDate(value, "zh"), "2026-11-30")).toBe(value);
      expect(readDate(showDate(value, "en"), "2026-11-30")).toBe(value);
      expect(readDate(value.replaceAll("-", ""), "2026-11-30")).toBe(value);
      expect(readDate(value.slice(5), value)).toBe(value);
      const next = readDate("tomorrow", value);
      expect(next && next > value && readDate("yesterday", next)).toBe(value);
    }
  });
});

test("days later and earlier, over months and leap days, within the calendar", () => {
  expect(daysLater("2026-11-30", 1)).toBe("2026-12-01");
  expect(daysLater("2028-03-01", -1)).toBe("2028-02-29");
  expect(daysLater("9999-12-31", 1)).toBe("9999-12-31");
});
