/** Ranges of cells. */

import { expect, test } from "vitest";
import { inRange, stepped } from "./range";

test("arrows step within the matrix; a range is what lies between two corners", () => {
  expect(stepped({ row: 0, column: 0 }, "ArrowUp", 3, 3)).toEqual({ row: 0, column: 0 });
  expect(stepped({ row: 0, column: 1 }, "ArrowRight", 3, 3)).toEqual({ row: 0, column: 2 });
  expect(stepped({ row: 2, column: 2 }, "ArrowDown", 3, 3)).toEqual({ row: 2, column: 2 });
  expect(stepped({ row: 2, column: 2 }, "Enter", 3, 3)).toBeNull();
  const [a, b] = [
    { row: 2, column: 1 },
    { row: 1, column: 3 },
  ];
  expect(inRange({ row: 1, column: 2 }, a, b)).toBe(true);
  expect(inRange({ row: 1, column: 4 }, a, b)).toBe(false);
  expect(inRange({ row: 0, column: 2 }, a, b)).toBe(false);
});
