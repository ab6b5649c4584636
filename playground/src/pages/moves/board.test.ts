/** Which move leads from one column of a board to another. */

import { expect, test } from "vitest";
import type { FlowMove } from "../../api/metadata";
import { beginsIn, leadsTo, nearest } from "./board";

const COLUMNS = ["1", "2", "3"].map((value) => ({ value, name: value === "3" ? undefined : `S${value}` }));
const move = (to: string | null, ...from: string[]): FlowMove => ({
  code: "go",
  name: "goDeal",
  label: "Go",
  from,
  to,
  input: [],
});

test("a move leads to the column of its state", () => {
  expect(leadsTo(move("S2", "S1"), "1", COLUMNS, false)).toBe("2");
  expect(leadsTo(move("S9", "S1"), "1", COLUMNS, true)).toBeUndefined();
});

test("one whose end goes by the record leads to the next column of records, and else to none that is known", () => {
  expect(leadsTo(move(null, "S1"), "1", COLUMNS, true)).toBe("2");
  expect(leadsTo(move(null, "S1"), "3", COLUMNS, true)).toBeUndefined();
  expect(leadsTo(move(null, "S1"), "gone", COLUMNS, true)).toBeUndefined();
  expect(leadsTo(move(null, "S1"), "1", COLUMNS, false)).toBeUndefined();
});

test("a move begins in the columns that it names, or whose name nobody knows", () => {
  expect(COLUMNS.map((column) => beginsIn(move("S2", "S1"), column))).toEqual([true, false, true]);
});

test("keys go to the nearest column on their side to which anything leads", () => {
  const ways = [{ to: "3" }, { to: undefined }, { to: "1" }];
  expect(nearest(ways, "1", COLUMNS, 1)).toBe(ways[0]);
  expect(nearest(ways, "2", COLUMNS, -1)).toBe(ways[2]);
  expect(nearest(ways, "3", COLUMNS, 1)).toBeUndefined();
  expect(nearest(ways, "gone", COLUMNS, 1)).toBeUndefined();
});
