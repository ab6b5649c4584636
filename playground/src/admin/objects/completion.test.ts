/** Words are offered where they may stand, and nowhere else. */

import { expect, test } from "vitest";
import { offsetOf, suggestions, vocabularyOf } from "./completion";

const KNOWN = vocabularyOf([
  `type Customer @object(kind: MASTER, plural: "customers", systems: [SALES, SERVICE]) {
    name: String! @field(label: "名称", type: EMAIL, unique: true)
    owner: Employee @relation(inverse: "x", onDelete: CLEAR)
  }
  enum Level { A }`,
]);

/** What is offered at the bar. */
function at(text: string): string[] {
  const caret = text.indexOf("|");
  return suggestions(text.replace("|", ""), caret, KNOWN).found.map((one) => one.insert);
}

test("types behind a colon, directives behind their sign", () => {
  expect(at("type X { a: Cu|")).toEqual(["Customer"]);
  expect(at("type X { a: [L|")).toEqual(["Level"]);
  expect(at("type X { a: Int @fi|")).toEqual(["@field"]);
  expect(at("type X { Cu| ")).toEqual([]);
});

test("arguments that are not given yet, and the words of their values", () => {
  expect(at('type X { a: Int @field(label: "x", la|')).toEqual([]);
  expect(at('type X { a: Int @field(label: "x", ty|')).toEqual(["type: "]);
  expect(at("type X { a: Int @field(type: E|")).toEqual(["EMAIL"]);
  expect(at("type X @object(systems: [SALES, SE|")).toEqual(["SERVICE"]);
  expect(at("type X { a: Customer @relation(onDelete: C|")).toEqual(["CLEAR"]);
  expect(at("type X { a: Customer @relation(onDelete: CLEAR) b: Cu|")).toEqual(["Customer"]);
});

test("nothing in texts and comments", () => {
  expect(at('type X { a: Int @field(label: "ty|')).toEqual([]);
  expect(at("type X { # a: Cu|")).toEqual([]);
  expect(at("type X {\n # note\n a: Cu|")).toEqual(["Customer"]);
});

test("a line and column are a place", () => {
  expect(offsetOf("ab\ncd\n", 2, 2)).toBe(4);
  expect(offsetOf("ab", 9, 1)).toBe(2);
});
