/** Groups as they are asked for, read and drawn. */

import { expect, test } from "vitest";
import { documentOf } from "../api/part";
import { sampleField } from "../api/sample-field";
import { en } from "../texts/en";
import { chartPart } from "./document";
import { endOf, periodsBetween, readGrouping } from "./groups";
import { optionOf } from "./option";
import { seriesOf } from "./series";

const FIELDS = new Map(
  [
    sampleField("stage", "PICKLIST", { options: ["OPEN", "WON"].map(option) }),
    sampleField("closeOn", "DATE"),
    sampleField("owner", "RELATION", { target: "Employee" }),
    sampleField("price.amount", "MONEY", { scale: 2 }),
    sampleField("note", "TEXT", { groupable: false }),
  ].map((field) => [field.name, field]),
);

const OBJECTS = [{ name: "Employee", display: "name" }];

function option(name: string) {
  return { name, label: name.toLowerCase(), color: name === "WON" ? "#0a0" : null, active: true };
}

const by = (group: string) => readGrouping(group, FIELDS, OBJECTS)!;

const object = { name: "Deal", plural: "deals", searched: true } as Parameters<typeof chartPart>[0];

test("a group is read by its field and period; text is none", () => {
  expect(by("closeOn").period).toBe("MONTH");
  expect(by("closeOn:YEAR").period).toBe("YEAR");
  expect(by("closeOn:FORTNIGHT").period).toBe("MONTH");
  expect(by("stage:YEAR").period).toBeNull();
  expect(by("owner").display).toBe("name");
  for (const none of ["note", "gone", ""]) expect(readGrouping(none, FIELDS, OBJECTS)).toBeNull();
});

test("several charts are one document; each has variables of its own", () => {
  const first = chartPart(object, [by("closeOn:MONTH"), by("owner")], FIELDS.get("price.amount")!, { search: "x" });
  const second = chartPart(object, [], null, { filter: { stage: { in: ["WON"] } } });
  expect(documentOf([first, second])).toEqual({
    query: `query Together($a_filter: DealFilter @optional, $a_search: String, $b_filter: DealFilter @optional, $b_search: String) {
  a: dealAggregate(filter: $a_filter, search: $a_search, groupBy: [{closeOn: MONTH}, {owner: {id: true}}, {owner: {name: true}}], orderBy: [{key: {closeOn: ASC}}], first: 200) { key { closeOn owner { id name } } count groupCount sum { price { amount } } }
  b: dealAggregate(filter: $b_filter, search: $b_search) { count }
}`,
    variables: { a_search: "x", b_filter: { stage: { in: ["WON"] } } },
  });
});

test("months without records stand between those with some; who has none comes last", () => {
  const groups = [
    { key: { closeOn: "2026-11-01" }, count: 2, groupCount: 3 },
    { key: { closeOn: "2027-02-01" }, count: 1, groupCount: 3 },
    { key: { closeOn: null }, count: 4, groupCount: 3 },
  ];
  const { categories, cells, beyond } = seriesOf(groups, [by("closeOn:MONTH")], null, en);
  expect(categories.map(({ label }) => label)).toEqual(["2026-11", "2026-12", "2027-01", "2027-02", en.none]);
  expect(cells.map(([cell]) => cell?.value)).toEqual(["2", undefined, undefined, "1", "4"]);
  expect(cells[0]![0]!.drill).toEqual([{ field: "closeOn", operator: "between", value: "2026-11-01..2026-11-30" }]);
  expect(beyond).toBe(0);
});

test("groups by two fields: a series for each of the second, sums as they were written", () => {
  const sum = (amount: string) => ({ price: { amount } });
  const groups = [
    { key: { closeOn: "2026-01-01", stage: "WON" }, count: 1, groupCount: 9, sum: sum("12345678901234567.89") },
    { key: { closeOn: "2026-01-01", stage: "OPEN" }, count: 1, groupCount: 9, sum: sum("1.10") },
    { key: { closeOn: "2026-04-01", stage: "OPEN" }, count: 3, groupCount: 9, sum: { price: { amount: null } } },
  ];
  const data = seriesOf(groups, [by("closeOn:QUARTER"), by("stage")], FIELDS.get("price.amount")!, en);
  expect(data.categories.map(({ label }) => label)).toEqual(["2026 Q1", "2026 Q2"]);
  expect(data.series.map(({ label }) => label)).toEqual(["open", "won"]);
  expect(data.cells.map((row) => row.map((cell) => cell?.value))).toEqual([
    ["1.10", "12345678901234567.89"],
    ["0", undefined],
  ]);
  expect(data.cells[0]![1]!.drill.map(({ field }) => field)).toEqual(["closeOn", "stage"]);
  expect(data.beyond).toBe(6);
});

test("periods end on their last day", () => {
  expect(endOf("2028-02-01", "MONTH")).toBe("2028-02-29");
  expect(endOf("2026-10-01", "QUARTER")).toBe("2026-12-31");
  expect(endOf("2026-12-28", "WEEK")).toBe("2027-01-03");
  expect(periodsBetween("2026-12-21", "2027-01-04", "WEEK")).toEqual(["2026-12-21", "2026-12-28", "2027-01-04"]);
  expect(periodsBetween("2000-01-01", "2026-01-01", "DAY", 5)).toHaveLength(5);
});

test("a picture writes exact values, and a choice's colour is its own", () => {
  const groups = ["OPEN", "WON"].map((stage) => ({ key: { stage }, count: 2, groupCount: 2 }));
  const data = seriesOf(groups, [by("stage")], null, en);
  const colours = { text: "", muted: "", line: "", surface: "", palette: ["#111"] };
  for (const kind of ["BAR", "LINE", "AREA", "PIE", "FUNNEL"] as const) {
    const told = optionOf({ kind, data, shown: (value) => `${value} pcs`, lang: "en" }, colours);
    const [{ data: drawn }] = told.series as [{ data: { exact: string; itemStyle?: unknown }[] }];
    expect(drawn.map(({ exact }) => exact)).toEqual(["2 pcs", "2 pcs"]);
    expect(drawn[1]!.itemStyle).toEqual(kind === "LINE" || kind === "AREA" ? undefined : { color: "#0a0" });
  }
});
