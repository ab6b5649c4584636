/** Questions: to an address and back, to variables, and from a saved view back to conditions. */

import { expect, test } from "vitest";
import type { ObjectSummary, SavedView } from "../api/metadata";
import { sampleField } from "../api/sample-field";
import {
  type Condition,
  type ListQuestion,
  NOTHING,
  readQuestion,
  withAlternative,
  withCondition,
  writeQuestion,
} from "./question";
import { fieldAt, type FieldsOf, pathsIn } from "./related";
import { conditionFilter, groupsFrom, groupVariable, listVariables, orderVariable, unfolded } from "./variables";

const FIELDS = new Map(
  [
    sampleField("name", "TEXT"),
    sampleField("level", "PICKLIST"),
    sampleField("tags", "MULTI_PICKLIST"),
    sampleField("amount", "MONEY"),
    sampleField("staff", "INTEGER"),
    sampleField("day", "DATE"),
    sampleField("madeAt", "DATE_TIME"),
    sampleField("active", "BOOLEAN"),
    sampleField("owner", "RELATION", { target: "Employee" }),
    sampleField("groups", "MANY_TO_MANY", { target: "Group" }),
    sampleField("price.amount", "AMOUNT"),
    sampleField("contacts", "INVERSE", { target: "Contact" }),
    // As they are once the objects that they belong to are known.
    sampleField("owner.level", "PICKLIST"),
    sampleField("owner.unit", "RELATION", { target: "Unit" }),
    sampleField("owner.unit.name", "TEXT"),
  ].map((one) => [one.name, one]),
);

const CONDITIONS: [Condition, unknown][] = [
  [{ field: "name", operator: "contains", value: "天津" }, { name: { contains: "天津" } }],
  [{ field: "name", operator: "isNull", value: "true" }, { name: { isNull: true } }],
  [{ field: "name", operator: "isNull", value: "false" }, { name: { isNull: false } }],
  [{ field: "level", operator: "in", value: "A,B" }, { level: { in: ["A", "B"] } }],
  [{ field: "level", operator: "notIn", value: "A" }, { level: { notIn: ["A"] } }],
  [{ field: "tags", operator: "has", value: "RED" }, { tags: { has: "RED" } }],
  [{ field: "amount", operator: "gte", value: "1000.50" }, { amount: { gte: "1000.50" } }],
  [{ field: "staff", operator: "lte", value: "40" }, { staff: { lte: 40 } }],
  [{ field: "amount", operator: "between", value: "1..2" }, { amount: { gte: "1", lte: "2" } }],
  [
    { field: "day", operator: "between", value: "2026-11-01..2026-11-30" },
    { day: { gte: "2026-11-01", lte: "2026-11-30" } },
  ],
  [{ field: "day", operator: "period", value: "thisMonth" }, { day: { thisMonth: true } }],
  [{ field: "active", operator: "eq", value: "true" }, { active: { eq: true } }],
  [{ field: "owner", operator: "in", value: "1,2" }, { owner: { id: { in: ["1", "2"] } } }],
  [{ field: "owner", operator: "notIn", value: "1" }, { not: { owner: { id: { in: ["1"] } } } }],
  [{ field: "groups", operator: "in", value: "7" }, { groups: { some: { id: { in: ["7"] } } } }],
  [{ field: "price.amount", operator: "gte", value: "3" }, { price: { amount: { gte: "3" } } }],
  [{ field: "groups", operator: "none", value: "true" }, { groups: { count: { eq: 0 } } }],
  [{ field: "contacts", operator: "any", value: "true" }, { contacts: { count: { gte: 1 } } }],
  [{ field: "owner.level", operator: "in", value: "A,B" }, { owner: { level: { in: ["A", "B"] } } }],
  [{ field: "owner.level", operator: "isNull", value: "true" }, { owner: { level: { isNull: true } } }],
  [{ field: "owner.unit", operator: "in", value: "3" }, { owner: { unit: { id: { in: ["3"] } } } }],
  [{ field: "owner.unit", operator: "notIn", value: "3" }, { not: { owner: { unit: { id: { in: ["3"] } } } } }],
  [{ field: "owner.unit.name", operator: "contains", value: "津" }, { owner: { unit: { name: { contains: "津" } } } }],
];

const view = (filter: Record<string, unknown>): SavedView => ({
  id: "v",
  name: "v",
  face: "LIST",
  question: { filter },
  share: "PRIVATE",
  pinned: false,
  isDefault: false,
  version: 1,
  mayEdit: true,
});

test("a condition is a filter", () => {
  for (const [condition, filter] of CONDITIONS) {
    expect(conditionFilter(FIELDS.get(condition.field)!, condition)).toEqual(filter);
  }
  expect(conditionFilter(FIELDS.get("name")!, { field: "name", operator: "contains", value: "" })).toBeNull();
});

test("an address says the same question again", () => {
  for (const [place, [first]] of CONDITIONS.entries()) {
    // Each with some others: all pairs take long where many tests run at once.
    for (const [second] of CONDITIONS.filter((_, other) => (other - place) % 5 === 0)) {
      if (first.field === second.field) continue;
      const question: ListQuestion = {
        view: "019f",
        search: "天津 tj",
        mine: "RELATED",
        conditions: [first, second],
        alternatives: [[second, first], [first], [first, second, { ...first, value: "x" }]],
        columns: [first.field, "contact.name"],
        face: "board",
        changed: true,
        group: "day:MONTH",
        by: "owner",
        measure: "amount",
        chart: "AREA",
        at: "2026-11-30",
        span: "week",
        order: [
          { field: "amount", descending: true },
          { field: "name", descending: false },
        ],
      };
      const text = new URLSearchParams(writeQuestion(question)).toString();
      expect(readQuestion(Object.fromEntries(new URLSearchParams(text)))).toEqual(question);
    }
  }
  expect(readQuestion({})).toEqual(NOTHING);
  expect(readQuestion({ "f.name": "nothing", s: "-,", mine: "ALL", face: "pie", c: "," })).toEqual(NOTHING);
});

test("what a view asks comes back as the conditions that made it; the rest stays with the view", () => {
  for (const [condition, filter] of CONDITIONS) {
    expect(unfolded(view(filter as Record<string, unknown>), FIELDS)).toEqual({
      conditions: [condition],
      alternatives: [],
      mine: null,
      rest: [],
    });
  }
  const strange = { or: [{ name: { eq: "a" } }, { contacts: { some: { name: { eq: "B" } } } }] };
  const both = view({ and: [strange, { _mine: "RESPONSIBLE" }, { level: { in: ["A"] } }] });
  expect(unfolded(both, FIELDS)).toEqual({
    conditions: [{ field: "level", operator: "in", value: "A" }],
    alternatives: [],
    mine: "RESPONSIBLE",
    rest: [strange],
  });
  const asked = listVariables({ ...NOTHING, ...unfolded(both, FIELDS) }, both, FIELDS, [], null);
  expect(asked.filter).toEqual({ and: [strange, { level: { in: ["A"] } }, { _mine: "RESPONSIBLE" }] });
});

test("a relation is sorted by what displays its record", () => {
  const objects = [{ name: "Employee", display: "name" } as ObjectSummary];
  const order = [
    { field: "owner", descending: true },
    { field: "price.amount", descending: false },
    { field: "nothing", descending: false },
  ];
  expect(orderVariable(order, FIELDS, objects)).toEqual([{ owner: { name: "DESC" } }, { price: { amount: "ASC" } }]);
});

test("what a chart groups by is kept in a view", () => {
  for (const group of ["level", "owner", "active", "day:QUARTER", "madeAt:MONTH"]) {
    expect(groupsFrom([groupVariable(group, FIELDS)!], FIELDS)).toEqual([group, null]);
  }
  expect(groupVariable("day", FIELDS)).toEqual({ day: "MONTH" });
  expect(groupVariable("nothing", FIELDS)).toBeNull();
  expect(groupsFrom([{ owner: { department: { id: true } } }], FIELDS)).toEqual([null, null]);
});

test("a field has one condition", () => {
  const once = withCondition(NOTHING, "level", { field: "level", operator: "in", value: "A" });
  expect(withCondition(once, "level", { field: "level", operator: "in", value: "B" }).conditions).toHaveLength(1);
  expect(withCondition(once, "level", null).conditions).toEqual([]);
});

test("of alternatives one condition is enough, and a view keeps them", () => {
  const sensible = CONDITIONS.filter(([{ field }]) => FIELDS.has(field));
  for (const [place, [one, filter]] of sensible.entries()) {
    for (const [other, second] of sensible.filter((_, at) => (at - place) % 5 === 0)) {
      const question: ListQuestion = { ...NOTHING, alternatives: [[one, other]], conditions: [one] };
      const asked = listVariables(question, undefined, FIELDS, [], null).filter;
      expect(asked).toEqual({ and: [filter, { or: [filter, second] }] });
      const { conditions, alternatives, rest } = unfolded(view(asked!), FIELDS);
      expect({ conditions, alternatives, rest }).toEqual({ conditions: [one], alternatives: [[one, other]], rest: [] });
    }
  }
  // A branch that nobody knows is dropped, and a group of nothing else with it.
  const strange = { field: "gone", operator: "eq", value: "1" };
  const [known, filter] = sensible[0]!;
  const asked = listVariables({ ...NOTHING, alternatives: [[known, strange], [strange]] }, undefined, FIELDS, [], null);
  expect(asked.filter).toEqual(filter);
  expect(withAlternative({ ...NOTHING, alternatives: [[known], [strange]] }, 0, []).alternatives).toEqual([[strange]]);
  expect(withAlternative(NOTHING, 0, [known]).alternatives).toEqual([[known]]);
});

test("a field of a related record is found by its path, and called by all that leads to it", () => {
  const unit = new Map([["name", sampleField("name", "TEXT", { label: "Name" })]]);
  const people = new Map([
    ["unit", sampleField("unit", "RELATION", { label: "Unit", target: "Unit" })],
    ["boss", sampleField("boss", "RELATION", { label: "Boss", target: "Employee" })],
  ]);
  const own = new Map([
    ["owner", sampleField("owner", "RELATION", { label: "Owner", target: "Employee" })],
    ["price.amount", sampleField("price.amount", "AMOUNT")],
  ]);
  const known: FieldsOf = (object) => (object === "Employee" ? people : object === "Unit" ? unit : null);
  const found = fieldAt("owner.boss.unit.name", "Order", own, known);
  expect(found).toMatchObject({ object: "Unit", name: "name" });
  expect(found?.field).toMatchObject({ name: "owner.boss.unit.name", label: "Owner › Boss › Unit › Name" });
  expect(fieldAt("price.amount", "Order", own, known)).toMatchObject({ object: "Order", name: "price.amount" });
  expect(fieldAt("owner.gone", "Order", own, known)).toBeNull();
  expect(fieldAt("owner.unit.name", "Order", own, (object) => (object === "Unit" ? null : people))).toBeNull();
  expect(fieldAt("owner.unit.name", "Order", own, () => undefined)).toBeUndefined();
  expect(fieldAt(`owner${".boss".repeat(9)}`, "Order", own, known)).toBeNull();
});

test("the paths of a filter are those of its fields, whatever joins them", () => {
  const filter = { and: [{ owner: { unit: { name: { eq: "a" } } } }, { or: [{ level: { in: ["A"] } }] }] };
  expect(pathsIn(filter)).toEqual([
    "owner",
    "owner.unit",
    "owner.unit.name",
    "owner.unit.name.eq",
    "level",
    "level.in",
  ]);
});
