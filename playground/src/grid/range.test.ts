/** Places, boxes, and where a table of texts goes. */

import { expect, test } from "vitest";
import { beside, boxOf, isOne, moved, type Spread, spread, within } from "./range";

test("two cells span the same box, whichever is first", () => {
  const [one, other] = [
    { row: 4, column: 1 },
    { row: 2, column: 3 },
  ];
  expect(boxOf(one, other)).toEqual({ top: 2, bottom: 4, left: 1, right: 3 });
  expect(boxOf(other, one)).toEqual(boxOf(one, other));
  expect(isOne(boxOf(one, one))).toBe(true);
  expect(isOne(boxOf(one, other))).toBe(false);
});

test("keys stay within the rows and columns", () => {
  for (const key of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"]) {
    for (const far of [false, true]) {
      for (let row = 0; row < 5; row += 1) {
        for (let column = 0; column < 3; column += 1) {
          const to = moved({ row, column }, key, far, 5, 3, 2)!;
          expect(within(to, 5, 3)).toEqual(to);
        }
      }
    }
  }
  expect(moved({ row: 2, column: 1 }, "ArrowDown", false, 5, 3, 2)).toEqual({ row: 3, column: 1 });
  expect(moved({ row: 2, column: 1 }, "End", true, 5, 3, 2)).toEqual({ row: 4, column: 2 });
  expect(moved({ row: 2, column: 1 }, "x", false, 5, 3, 2)).toBeNull();
});

test("the next cell is in the row, or in the next one while values are typed", () => {
  expect(beside({ row: 0, column: 0 }, 1, 2, 2, false)).toEqual({ row: 0, column: 1 });
  expect(beside({ row: 0, column: 1 }, 1, 2, 2, false)).toBeNull();
  expect(beside({ row: 0, column: 1 }, 1, 2, 2, true)).toEqual({ row: 1, column: 0 });
  expect(beside({ row: 1, column: 0 }, -1, 2, 2, true)).toEqual({ row: 0, column: 1 });
  expect(beside({ row: 1, column: 1 }, 1, 2, 2, true)).toBeNull();
});

const box = boxOf({ row: 1, column: 1 }, { row: 2, column: 2 });
const all = () => true;
const places = ({ placed }: Spread) => placed.map(({ row, column, text }) => `${row}.${column} ${text}`);

test("one text fills the box, a table begins at its first cell", () => {
  expect(places(spread([["a"]], box, 9, 9, all))).toEqual(["1.1 a", "1.2 a", "2.1 a", "2.2 a"]);
  const spreadOut = spread([["a", "b"], ["c"]], box, 9, 9, all);
  expect(places(spreadOut)).toEqual(["1.1 a", "1.2 b", "2.1 c"]);
  expect(spreadOut.left).toBe(0);
});

test("what finds no row or column is counted, save what is empty", () => {
  const table = [
    ["a", "b", " "],
    ["c", "d"],
    ["e", ""],
  ];
  const some = spread(table, box, 3, 2, all);
  expect(places(some)).toEqual(["1.1 a", "2.1 c"]);
  expect(some.left).toBe(3);
});

test("lines pass by rows that take no values, and none is lost", () => {
  const odd = (row: number) => row % 2 === 1;
  const lines = spread([["a"], ["b"], ["c"]], box, 5, 9, odd);
  expect(places(lines)).toEqual(["1.1 a", "3.1 b"]);
  expect(lines.left).toBe(1);
  expect(places(spread([["a"]], box, 9, 9, odd))).toEqual(["1.1 a", "1.2 a"]);
  expect(spread([["a"]], box, 9, 9, () => false)).toEqual({ placed: [], left: 1 });
});
