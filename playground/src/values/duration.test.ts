/** Tests of lengths of time. */

import { expect, test } from "vitest";
import { readMinutes, showMinutes } from "./duration";

test.each([
  [90, "1 小时 30 分", "1 h 30 min"],
  [60, "1 小时", "1 h"],
  [45, "45 分钟", "45 min"],
  [1, "1 分钟", "1 min"],
  [0, "0 分钟", "0 min"],
  [-0, "0 分钟", "0 min"],
  [1501, "25 小时 1 分", "25 h 1 min"],
  [-90, "-1 小时 30 分", "-1 h 30 min"],
  [-5, "-5 分钟", "-5 min"],
])("showMinutes(%d)", (minutes, zh, en) => {
  expect(showMinutes(minutes, "zh")).toBe(zh);
  expect(showMinutes(minutes, "en")).toBe(en);
});

test.each([
  ["1:30", 90],
  ["１：３０", 90],
  ["0:05", 5],
  ["100:00", 6000],
  ["90", 90],
  ["０９０", 90],
  [" 90 ", 90],
  ["90m", 90],
  ["90 min", 90],
  ["90mins", 90],
  ["1 minute", 1],
  ["90分", 90],
  ["90 分钟", 90],
  ["1h", 60],
  ["1h30", 90],
  ["1h5", 65],
  ["1H30M", 90],
  ["1 h 30 min", 90],
  ["1 hour 30 minutes", 90],
  ["2 hrs", 120],
  ["1.5h", 90],
  ["．５ｈ", 30],
  ["0.25 hours", 15],
  ["0.33h", 20],
  ["1小时30分", 90],
  ["1小时30分钟", 90],
  ["1 小时 30 分", 90],
  ["1小时30", 90],
  ["2个小时", 120],
  ["1.5小时", 90],
  ["1小時30分鐘", 90],
  ["2时", 120],
  ["-90", -90],
  ["-1:30", -90],
  ["－1.5h", -90],
  ["+90", 90],
  ["-0", 0],
  ["0", 0],
])("readMinutes(%j)", (text, minutes) => expect(readMinutes(text)).toBe(minutes));

test.each([
  "",
  " ",
  "-",
  "h",
  "min",
  "1.5",
  "1:5",
  "1:60",
  "1:30:00",
  "1h60",
  "1.5h30",
  "1h30h",
  "30min 1h",
  "1,5h",
  "--5",
  "一小时",
  "1 30",
  "1d",
  "½h",
  "99999999999999999999",
])("readMinutes(%j) is null", (text) => expect(readMinutes(text)).toBeNull());

test("what is shown is read", () => {
  for (let minutes = -3000; minutes <= 3000; minutes += 7) {
    expect(readMinutes(showMinutes(minutes, "zh"))).toBe(minutes);
    expect(readMinutes(showMinutes(minutes, "en"))).toBe(minutes);
  }
});
