/** Trees of values. */

import { expect, test } from "vitest";
import { holdsTicked, matching, treeOf } from "./tree";

const value = (name: string, parent: string | null = null) => ({ value: name, title: name.toUpperCase(), parent });

test("values stand below their parents, whatever their order", () => {
  const [root, stray] = treeOf([value("c", "b"), value("b", "a"), value("a"), value("x", "gone")]);
  expect([root?.value, root?.children[0]?.value, root?.children[0]?.children[0]?.depth]).toEqual(["a", "b", 2]);
  expect(stray?.value).toBe("x");
});

test("circles end", () => {
  expect(treeOf([value("a", "b"), value("b", "a"), value("c", "c")]).map(({ value: name }) => name)).toEqual([
    "a",
    "b",
    "c",
  ]);
});

test("what is found keeps what stands above it", () => {
  const roots = treeOf([value("a"), value("b", "a"), value("c", "a"), value("d")]);
  const [found, ...rest] = matching(roots, "B");
  expect(rest).toEqual([]);
  expect(found?.value).toBe("a");
  expect(found?.children.map(({ value: name }) => name)).toEqual(["b"]);
  expect(holdsTicked(roots[0]!, new Set(["c"]))).toBe(true);
  expect(holdsTicked(roots[0]!, new Set(["a"]))).toBe(false);
});
