/** What is copied from a cell means the same value when it is pasted. */

import { expect, test, vi } from "vitest";
import type { FieldInfo } from "../api/metadata";
import { sampleField } from "../api/sample-field";
import { copiedText } from "./copied";
import { pastedValue } from "./pasted";

vi.mock("../api/finding", () => ({ candidates: async () => [] }));

const OPTIONS = [
  { name: "A", label: "重点", color: null, active: true },
  { name: "B", label: "Usual", color: null, active: true },
];

const CASES: [FieldInfo, unknown, string][] = [
  [sampleField("name", "TEXT"), "天津 安益", "天津 安益"],
  [sampleField("amount", "MONEY", { scale: 2 }), "19996300.00", "19996300.00"],
  [sampleField("staff", "INTEGER"), 40, "40"],
  [sampleField("share", "PERCENT", { scale: 4 }), "12.5", "12.5"],
  [sampleField("length", "DURATION"), 95, "1:35"],
  [sampleField("day", "DATE"), "2026-11-30", "2026-11-30"],
  [sampleField("at", "DATE_TIME"), "2026-11-30T10:05:00Z", "2026-11-30 18:05"],
  [sampleField("clock", "TIME"), "08:30", "08:30"],
  [sampleField("stars", "RATING", { max: 5 }), 4, "4"],
  [sampleField("level", "PICKLIST", { options: OPTIONS }), "A", "重点"],
  [sampleField("tags", "MULTI_PICKLIST", { options: OPTIONS }), ["A", "B"], "重点, Usual"],
  [sampleField("active", "BOOLEAN"), true, "是"],
  [sampleField("active", "BOOLEAN"), false, "否"],
];

test("a value that is copied is the same when it is pasted", async () => {
  for (const [field, value, text] of CASES) {
    expect(copiedText(field, value, "Asia/Shanghai", "是", "否")).toBe(text);
    expect(await pastedValue(field, text, "Customer", {}, "2026-11-30", "Asia/Shanghai"), field.type).toEqual(value);
  }
});

test("what means nothing for a field is nobody's value", async () => {
  const read = (field: FieldInfo, text: string) => pastedValue(field, text, "Customer", {}, "2026-11-30", "UTC");
  expect(await read(sampleField("at", "DATE_TIME"), "2026-11-30 25:00")).toBeUndefined();
  expect(await read(sampleField("level", "PICKLIST", { options: OPTIONS }), "C")).toBeUndefined();
  expect(await read(sampleField("tags", "MULTI_PICKLIST", { options: OPTIONS }), "A,C")).toBeUndefined();
  expect(await read(sampleField("stars", "RATING", { max: 5 }), "6")).toBeUndefined();
  expect(await read(sampleField("staff", "INTEGER"), "1.5")).toBeUndefined();
});
