/** One's own saves are followed, those of others are not. */

import { expect, test } from "vitest";
import { ownSave, versionMade, versionOf } from "./own-saves";

test("a change goes over the last of one's own saves", () => {
  ownSave("a", 3, 4);
  ownSave("a", 4, 6);
  expect([3, 4, 5, 6].map((seen) => versionOf("a", seen))).toEqual([6, 6, 5, 6]);
  expect(versionOf("b", 3)).toBe(3);
});

test("the chain ends where somebody else has saved, also when one has saved again after them", () => {
  ownSave("c", 1, 2);
  // Version 3 is theirs.
  ownSave("c", 3, 4);
  expect(versionOf("c", 1)).toBe(2);
  expect(versionOf("c", 3)).toBe(4);
});

test("a save that changes nothing leads nowhere", () => {
  ownSave("d", 5, 5);
  expect(versionOf("d", 5)).toBe(5);
});

test("what a repeated save is answered with may be of others", () => {
  expect(versionMade(3, 5, false)).toBe(5);
  expect(versionMade(3, 5, true)).toBe(4);
  expect(versionMade(3, 3, true)).toBe(3);
});
