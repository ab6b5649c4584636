/** Rows are told from each other, whatever stands in them. */

import { expect, test } from "vitest";
import { type Item, keysOf } from "./items";

const record = (id: string): Item => ({ id, version: 1, _title: null });
const group = (key: string) => ({ key, label: key, count: 2, sum: {}, filter: {} });

test("a record of two groups has a row of its own in each", () => {
  const [a, b] = [group("a"), group("b")];
  const items: Item[] = [
    { head: a, open: true },
    record("1"),
    record("2"),
    { more: a, busy: false },
    { head: b, open: true },
    record("1"),
  ];
  expect(keysOf(items)).toEqual(["head a", "a 1", "a 2", "more a", "head b", "b 1"]);
  expect(keysOf([record("1"), record("2")])).toEqual(["1", "2"]);
});
