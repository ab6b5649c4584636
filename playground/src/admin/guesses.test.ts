/** What labels say of their fields. */

import { expect, test } from "vitest";
import { guessed } from "./guesses";

const OBJECTS = [
  { name: "Customer", label: "客户" },
  { name: "InventoryItem", label: "存货" },
];

test("labels of either language tell a type", () => {
  for (const [zh, en, type] of [
    ["应还日期", "", "DATE"],
    ["", "Due date", "DATE"],
    ["开始时间", "Starts at", "DATE_TIME"],
    ["已还数量", "Returned quantity", "DECIMAL"],
    ["是否加急", "Urgent", "BOOLEAN"],
    ["押金", "Deposit", "MONEY"],
    ["联系电话", "Contact phone", "PHONE"],
    ["用途", "Purpose", "TEXT"],
    ["", "Station", "TEXT"],
    ["", "", "TEXT"],
  ]) {
    expect(guessed([zh!, en!], OBJECTS).type, `${zh} ${en}`).toBe(type);
  }
});

test("what is called like an object refers to it, by its label or its API name", () => {
  expect(guessed(["客户", ""], OBJECTS)).toEqual({ type: "RELATION", target: "Customer" });
  expect(guessed(["货", "Inventory item"], OBJECTS)).toEqual({ type: "RELATION", target: "InventoryItem" });
});
