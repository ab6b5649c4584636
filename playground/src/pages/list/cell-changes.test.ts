/** Changes of cells come together by record, and are put back by their reverse. */

import { expect, test } from "vitest";
import { ownSave } from "../../api/own-saves";
import { sampleField } from "../../api/sample-field";
import { byRecord, type CellChange, patchFor, portions, reversed, sameValue, typedOver } from "./cell-changes";

const name = sampleField("name", "TEXT");
const price = sampleField("price.amount", "AMOUNT");
const owner = sampleField("owner", "RELATION", { target: "Employee" });
const groups = sampleField("groups", "MANY_TO_MANY", { target: "Group" });

const change = (id: string, field: CellChange["field"], value: unknown, stored: unknown = null): CellChange => ({
  id,
  version: 3,
  field,
  value,
  stored,
});

test("a record has one patch, with the last value of each field", () => {
  const records = byRecord([
    change("1", name, "a"),
    change("2", name, "b"),
    change("1", price, "5"),
    change("1", owner, { id: "e", _title: "E" }),
    change("1", name, "c"),
  ]);
  expect(records.map(({ id }) => id)).toEqual(["1", "2"]);
  expect(records.map(patchFor)).toEqual([{ price: { amount: "5" }, owner: { id: "e" }, name: "c" }, { name: "b" }]);
});

test("the reverse of a change puts back what was stored", () => {
  const [before, after] = [[{ id: "1", _title: "" }], [{ id: "2", _title: "" }]];
  const [record] = byRecord([
    change("1", name, "new", "old"),
    change("1", owner, null),
    change("1", groups, after, before),
  ]);
  expect(patchFor(record!).groups).toEqual({ add: ["2"], remove: ["1"] });
  const back = reversed(record!, 4);
  expect(back.every(({ version }) => version === 4)).toBe(true);
  expect(patchFor(byRecord(back)[0]!)).toEqual({ name: "old", owner: null, groups: { add: ["1"], remove: ["2"] } });
});

test("requests stay within the limits, and no change is lost", () => {
  for (const [count, fields] of [
    [0, 10],
    [1, 10],
    [45, 10],
    [200, 400],
    [7, 5_000],
  ] as const) {
    const all = Array.from({ length: count }, (_, place) => place);
    const parts = portions(all, fields);
    expect(parts.flat()).toEqual(all);
    expect(parts.every((part) => part.length <= 20 && (part.length === 1 || part.length * fields <= 1_800))).toBe(true);
  }
});

test("what looks the same is no change", () => {
  expect(sameValue(null, "")).toBe(true);
  expect(sameValue(undefined, [])).toBe(true);
  expect(sameValue({ id: "1", _title: "a" }, { id: "1", _title: "b" })).toBe(true);
  expect(sameValue("1.50", "1.5")).toBe(false);
  expect(sameValue(null, false)).toBe(false);
});

test("what was typed over is the row of then, unless only this page has changed it", () => {
  const at = (version: number, id = "typed") => ({ id, version });
  const opened = at(3);
  const same = at(3);
  expect(typedOver(opened, same)).toBe(same);
  expect(typedOver(opened, at(4))).toBe(opened);
  ownSave("typed", 3, 4);
  const own = at(4);
  expect(typedOver(opened, own)).toBe(own);
  // Somebody else's is 5, one's own again 6.
  ownSave("typed", 5, 6);
  for (const now of [at(5), at(6), at(2), at(3, "another")]) expect(typedOver(opened, now)).toBe(opened);
});
