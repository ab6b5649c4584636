/** Focus, range and editor are of records, wherever these stand. */

import { expect, test } from "vitest";
import { followed, type Held } from "./follow";

const held = (rows: string, from: number, to = from, editing: Held["editing"] = null): Held => ({
  anchor: { row: from, column: 1 },
  anchorKey: rows[from]!,
  head: { row: to, column: 2 },
  headKey: rows[to]!,
  editing,
});
const after = (before: Held, rows: string) => followed(before, rows.length, (row) => rows[row] ?? String(row));
const EDITING = { typed: true };

test("what is in place stays the same", () => {
  const before = held("abc", 0, 2);
  expect(after(before, "abcd")).toBe(before);
  const nobody: Held = { ...before, anchorKey: null, headKey: null };
  expect(after(nobody, "xyz")).toBe(nobody);
});

test("range and editor go with their rows", () => {
  const moved = after(held("abc", 1, 2, EDITING), "xabc");
  expect([moved.anchor.row, moved.head.row, moved.anchor.column, moved.head.column]).toEqual([2, 3, 1, 2]);
  expect(moved.editing).toBe(EDITING);
  expect(after(held("abc", 2), "ca").head.row).toBe(0);
});

test("a range that has come apart becomes one cell", () => {
  expect(after(held("abc", 0, 1), "axb")).toMatchObject({ anchor: { row: 2, column: 2 }, head: { row: 2, column: 2 } });
  const typed = after(held("abc", 0, 1, EDITING), "xaxb");
  expect(typed).toMatchObject({ anchor: { row: 1, column: 1 }, head: { row: 1, column: 1 }, headKey: "a" });
  expect(typed.editing).toBe(EDITING);
});

test("an editor never stays open over another row than its own", () => {
  for (const rows of ["", "x", "xyz", "xb"]) {
    const left = after(held("ab", 0, 1, EDITING), rows);
    expect(left.editing).toBeNull();
    expect(left.headKey).toBe(rows[left.head.row] ?? null);
    expect(after(left, rows)).toBe(left);
  }
  // The other end of the range may go.
  expect(after(held("ab", 0, 1, EDITING), "xa")).toMatchObject({
    anchor: { row: 1 },
    head: { row: 1 },
    editing: EDITING,
  });
});
