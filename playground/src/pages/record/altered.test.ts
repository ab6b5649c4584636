/** What a change of one field leaves alone, and what it has altered beside it. */

import { expect, test } from "vitest";
import { sampleField } from "../../api/sample-field";
import { alteredFields, sameValue, withValue } from "./altered";

test("a value takes the place of another, also within a group, and the rest stays the same object", () => {
  const price = { amount: "1", currency: "CNY" };
  const before = { id: "1", price, note: { text: "x" } };
  const after = withValue(before, "price.amount", "2");
  expect(after).toEqual({ id: "1", price: { amount: "2", currency: "CNY" }, note: { text: "x" } });
  expect(after.note).toBe(before.note);
  expect(before.price.amount).toBe("1");
  expect(withValue({ id: "1" }, "price.amount", "2")).toEqual({ id: "1", price: { amount: "2" } });
});

test("no value and null are the same", () => {
  expect(sameValue(undefined, null)).toBe(true);
  expect(sameValue({ id: "1", _title: "x" }, { id: "1", _title: "x" })).toBe(true);
  expect(sameValue("", null)).toBe(false);
});

test("what a save has altered beside its own field", () => {
  const fields = ["stage", "probability", "price.amount"].map((name) => sampleField(name, "TEXT"));
  const before = { stage: "a", probability: 10, price: { amount: "1" } };
  const after = { stage: "b", probability: 20, price: { amount: "1" } };
  expect(alteredFields(fields, before, after, "stage").map(({ name }) => name)).toEqual(["probability"]);
});
