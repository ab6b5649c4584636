/** A menu is what its text says, and every step on it keeps the rest. */

import { expect, test } from "vitest";
import {
  findEntry,
  linesOf,
  menuInput,
  moveEntry,
  moveGroup,
  readMenu,
  removeEntry,
  stepEntry,
  stepGroup,
} from "./design";

const TEXT = `system = "SALES"

[[groups]]
label = "客户"
label_en = "Customers"
entries = [
  "Customer",
  { object = "Contact", label = "人", label_en = "People" },
]

[[groups]]
label = "其他"
entries = [
  { path = "/home", label = "首页", icon = "house" },
]
`;

const keys = (design: ReturnType<typeof readMenu>) =>
  design.map(({ entries }) => entries.map(({ object, path }) => object ?? path));

test("the parts that the server takes are those of the text", () => {
  expect(JSON.parse(JSON.stringify(menuInput(readMenu(TEXT))))).toEqual([
    {
      label: "客户",
      labelEn: "Customers",
      entries: [{ object: "Customer" }, { object: "Contact", label: "人", labelEn: "People" }],
    },
    { label: "其他", entries: [{ path: "/home", label: "首页", icon: "house" }] },
  ]);
});

test("an entry is found by its line", () => {
  const design = readMenu(TEXT);
  const lines = linesOf(design);
  const lineOf = (line: number) => findEntry(design, lines.get(line) ?? 0)?.entry;
  expect(TEXT.split("\n")[6]).toContain("Customer");
  expect(lineOf(7)?.object).toBe("Customer");
  expect(lineOf(8)?.object).toBe("Contact");
  expect(lineOf(14)?.path).toBe("/home");
  expect(lineOf(9)).toBeUndefined();
});

test("entries and groups move", () => {
  const design = readMenu(TEXT);
  const [first, second] = design;
  const contact = first!.entries[1]!.id;
  expect(keys(stepEntry(design, contact, -1))).toEqual([["Contact", "Customer"], ["/home"]]);
  expect(keys(stepEntry(design, contact, 1))).toEqual([["Customer"], ["Contact", "/home"]]);
  expect(keys(moveEntry(design, contact, second!.id, 1))).toEqual([["Customer"], ["/home", "Contact"]]);
  expect(keys(removeEntry(design, contact))).toEqual([["Customer"], ["/home"]]);
  expect(keys(stepGroup(design, first!.id, 1))).toEqual([["/home"], ["Customer", "Contact"]]);
  expect(keys(moveGroup(design, second!.id, 0))).toEqual([["/home"], ["Customer", "Contact"]]);
  expect(stepGroup(design, first!.id, -1)).toBe(design);
});
