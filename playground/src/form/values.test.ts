/** What a form sends: values as inputs take them, lines by what happened to each, faults at their places. */

import { expect, test } from "vitest";
import { sampleField } from "../api/sample-field";
import type { FieldInfo, Layout } from "../api/metadata";
import {
  drafted,
  EMPTY,
  type FormState,
  inputOf,
  isDirty,
  isOf,
  type LineRow,
  moved,
  patchOf,
  placeOf,
  retiredFields,
} from "./values";

const about = sampleField("about", "UNION", {
  targets: [{ name: "customer", object: "Customer", label: "", field: "about.customer" }],
});
const map = (...fields: FieldInfo[]) => new Map(fields.map((one) => [one.name, one]));
const row = (key: string, id: string | null, values: Record<string, unknown>, removed = false): LineRow => ({
  key,
  id,
  values,
  stored: {},
  removed,
});

test("values as inputs take them", () => {
  expect(inputOf(sampleField("owner", "RELATION"), { id: "1", _title: "x" }, undefined)).toEqual({ id: "1" });
  expect(inputOf(sampleField("owner", "RELATION"), null, { id: "1" })).toBeNull();
  expect(inputOf(about, { id: "1", _title: "x", __typename: "Customer" }, undefined)).toEqual({
    customer: { id: "1" },
  });
  expect(inputOf(sampleField("name", "TEXT"), "x", undefined)).toBe("x");
});

test("a record that is made in the same save goes with what it is made of", () => {
  const create = { input: { name: "x" }, form: {} };
  const made = { id: "", _title: "x", __typename: "Customer", create };
  expect(inputOf(sampleField("owner", "RELATION"), made, undefined)).toEqual({ create: { name: "x" } });
  expect(inputOf(about, made, undefined)).toEqual({ customer: { create: { name: "x" } } });
});

test("what is wrong with it belongs to the field that refers to it", () => {
  const state: FormState = {
    values: { customer: {}, "terms.payer": {}, about: {} },
    lines: { lines: [row("r1", null, { item: {} })] },
  };
  expect(placeOf(["customer", "create", "code"], state)).toBe("customer");
  expect(placeOf(["terms", "payer", "create", "name"], state)).toBe("terms.payer");
  expect(placeOf(["about", "customer", "create", "name"], state)).toBe("about");
  expect(placeOf(["lines", "create", "0", "item", "create", "code"], state)).toBe("lines/r1/item");
});

test("members that the form has not read stay: only what was added and removed is sent", () => {
  const tags = sampleField("tags", "MANY_TO_MANY");
  const members = (...ids: string[]) => ids.map((id) => ({ id, _title: id }));
  expect(inputOf(tags, members("1", "2"), undefined)).toEqual({ set: ["1", "2"] });
  expect(inputOf(tags, members("2", "3"), members("1", "2"))).toEqual({ add: ["3"], remove: ["1"] });
  expect(inputOf(tags, null, members("1"))).toEqual({ add: [], remove: ["1"] });
});

const STATE: FormState = {
  values: { name: "x", "price.amount": "3", "price.currency": { id: "c", _title: "USD" } },
  lines: {
    lines: [
      row("a", "1", {}),
      row("b", "2", { quantity: "5" }),
      row("c", "3", {}, true),
      row("d", null, { item: { id: "i", _title: "" } }),
      row("e", null, {}),
      row("f", null, { quantity: "7" }),
      row("g", null, { quantity: "9" }, true),
    ],
  },
};
const FIELDS = map(
  sampleField("name", "TEXT"),
  sampleField("price.amount", "AMOUNT"),
  sampleField("price.currency", "RELATION"),
);
const LINES = { lines: map(sampleField("quantity", "DECIMAL"), sampleField("item", "RELATION")) };

test("a patch has groups, and of lines what happened to each", () => {
  expect(patchOf(STATE, FIELDS, LINES, null)).toEqual({
    name: "x",
    price: { amount: "3", currency: { id: "c" } },
    lines: {
      create: [{ item: { id: "i" } }, { quantity: "7" }],
      update: [{ id: "2", patch: { quantity: "5" } }],
      delete: ["3"],
    },
  });
  expect(patchOf({ values: {}, lines: { lines: [row("a", "1", {})] } }, FIELDS, LINES, null)).toEqual({});
});

test("faults find their cell by the index among the rows that were sent", () => {
  expect(placeOf(["name"], STATE)).toBe("name");
  expect(placeOf(["price", "amount"], STATE)).toBe("price.amount");
  expect(placeOf(["lines", "create", "1", "quantity"], STATE)).toBe("lines/f/quantity");
  expect(placeOf(["lines", "update", "0", "patch", "quantity"], STATE)).toBe("lines/b/quantity");
  expect(placeOf(["lines", "create", "9", "quantity"], STATE)).toBe("lines");
  expect(drafted(STATE.lines.lines!).map(({ key }) => key)).toEqual(["a", "b", "d", "f"]);
});

test("an empty row changes nothing", () => {
  expect(isDirty({ values: {}, lines: { lines: [row("a", "1", {}), row("b", null, {})] } })).toBe(false);
  expect(isDirty({ values: {}, lines: { lines: [row("a", "1", {}, true)] } })).toBe(true);
  expect(isDirty({ values: { name: null }, lines: {} })).toBe(true);
});

test("only new rows are moved, past what is removed", () => {
  const rows = [row("s", "1", {}), row("a", null, { x: 1 }), row("gone", "2", {}, true), row("b", null, { x: 2 })];
  expect(moved(rows, "b", -1)?.map(({ key }) => key)).toEqual(["s", "b", "gone", "a"]);
  expect(moved(rows, "a", -1)).toBeNull();
  expect(moved(rows, "b", 1)).toBeNull();
  expect(moved(rows, "s", 1)).toBeNull();
});

test("fields that were typed in and are not in the layout any more", () => {
  const layout = (...names: string[]): Layout => ({
    version: 1,
    columns: [],
    quickFilters: [],
    orderBy: null,
    header: [],
    stateField: null,
    fields: names.map((name) => sampleField(name, "TEXT")),
    tabs: [
      {
        label: null,
        sections: [
          {
            label: null,
            columns: 1,
            collapsed: false,
            items: names.map((name) => ({
              __typename: "FieldItem",
              name,
              width: null,
              readOnly: false,
              field: sampleField(name, "TEXT"),
            })),
          },
        ],
      },
    ],
  });
  const [before, after] = [layout("name", "old", "untouched"), layout("name", "new")];
  const state: FormState = { values: { name: "x", old: "y" }, lines: {} };
  expect(retiredFields(before, after, state).map(({ name }) => name)).toEqual(["old"]);
  expect(retiredFields(before, before, state)).toEqual([]);
});

test("what a draft complained of is no complaint about what has been typed since", () => {
  const at = (values: Record<string, unknown>, cell: Record<string, unknown> = {}): FormState => ({
    ...EMPTY,
    values,
    lines: { lines: [row("a", null, cell)] },
  });
  expect(isOf("name", at({ name: "" }), at({ name: "" }))).toBe(true);
  expect(isOf("name", at({}), at({ name: "Spring" }))).toBe(false);
  expect(isOf("name", at({ name: "Sp" }), at({ name: "Spring" }))).toBe(false);
  expect(isOf("code", at({ name: "Spring" }), at({ name: "Spring" }))).toBe(false);
  expect(isOf("lines/a/quantity", at({}, { quantity: "0" }), at({}, { quantity: "0" }))).toBe(true);
  expect(isOf("lines/a/quantity", at({}, {}), at({}, { quantity: "1" }))).toBe(false);
});
