/** Editing a dashboard. */

import { expect, test } from "vitest";
import type { Dashboard, Widget } from "../../api/dashboards";
import { sampleField } from "../../api/sample-field";
import {
  answers,
  changed,
  conditionsFor,
  defaultOf,
  freshName,
  moved,
  saidOf,
  sized,
  WIDTHS,
  withoutParameter,
} from "./edits";

const widget = (key: string, narrowed: Record<string, string> = {}): Widget => ({
  key,
  title: key,
  face: "BAR",
  object: "Deal",
  question: {},
  chart: null,
  parameters: Object.entries(narrowed).map(([parameter, path]) => ({ parameter, path })),
  text: null,
  width: 6,
  height: 4,
});

const DASHBOARD: Dashboard = {
  id: "1",
  name: "Mine",
  mine: true,
  share: "PRIVATE",
  roles: [],
  mayEdit: true,
  version: 1,
  parameters: [{ name: "p1", label: "When", type: "PERIOD", object: null, default: null }],
  widgets: [widget("a", { p1: "closeOn" }), widget("b"), widget("c", { p1: "madeOn", p2: "owner" })],
};

const keys = ({ widgets }: Dashboard) => widgets.map(({ key }) => key).join("");

test("a widget moves to a place, and not beyond the ends", () => {
  expect(keys(moved(DASHBOARD, "a", 1))).toBe("bac");
  expect(keys(moved(DASHBOARD, "a", 9))).toBe("bca");
  expect(keys(moved(DASHBOARD, "c", -1))).toBe("cab");
  expect(keys(moved(DASHBOARD, "gone", 0))).toBe("abc");
});

test("sizes go step by step and end", () => {
  expect([3, 4, 6, 8, 12].map((width) => sized(WIDTHS, width, 1))).toEqual([4, 6, 8, 12, 12]);
  expect([3, 4, 6, 8, 12].map((width) => sized(WIDTHS, width, -1))).toEqual([3, 3, 4, 6, 8]);
  expect(sized(WIDTHS, 5, 1)).toBe(6);
  expect(sized(WIDTHS, 5, -1)).toBe(4);
  expect(changed(DASHBOARD, "b", { width: 12 }).widgets[1]!.width).toBe(12);
});

test("parameters narrow the widgets that answer to them", () => {
  const values = { p1: "period:thisMonth", p2: "in:x,y" };
  expect(conditionsFor(DASHBOARD.widgets[0]!, values)).toEqual([
    { field: "closeOn", operator: "period", value: "thisMonth" },
  ]);
  expect(conditionsFor(DASHBOARD.widgets[1]!, values)).toEqual([]);
  expect(conditionsFor(DASHBOARD.widgets[2]!, values)).toHaveLength(2);
  expect(conditionsFor(DASHBOARD.widgets[2]!, { p1: null })).toEqual([]);
});

test("a parameter that goes takes along what answered to it", () => {
  const { parameters, widgets } = withoutParameter(DASHBOARD, "p1");
  expect(parameters).toEqual([]);
  expect(widgets[2]!.parameters).toEqual([{ parameter: "p2", path: "owner" }]);
  expect(freshName(DASHBOARD.parameters)).toBe("p2");
});

test("a default is said as an address says it, and back", () => {
  const cases = [
    ["PERIOD", { thisQuarter: true }, "period:thisQuarter"],
    ["PERIOD", { gte: "2026-01-01", lte: "2026-03-31" }, "between:2026-01-01..2026-03-31"],
    ["PERIOD", { gte: "2026-01-01" }, "between:2026-01-01.."],
    ["PICKLIST", ["A", "B"], "in:A,B"],
    ["RECORD", ["019f"], "in:019f"],
  ] as const;
  for (const [type, usual, said] of cases) {
    expect(saidOf({ name: "p", label: "", type, object: null, default: usual }, null)).toBe(said);
    expect(defaultOf(type, said)).toEqual(usual);
  }
  expect(saidOf({ name: "p", label: "", type: "PERSON", object: null, default: "ME" }, "019e")).toBe("in:019e");
  for (const nothing of [null, "none", "in:"]) expect(defaultOf("PERIOD", nothing)).toBeNull();
  expect(defaultOf("RECORD", "period:today")).toBeNull();
});

test("a field answers to a parameter of its kind", () => {
  const parameter = { name: "p", label: "", object: "Employee", default: null };
  const day = sampleField("day", "DATE");
  const owner = sampleField("owner", "RELATION", { target: "Employee" });
  expect(answers({ ...parameter, type: "PERIOD" }, day)).toBe(true);
  expect(answers({ ...parameter, type: "RECORD" }, owner)).toBe(true);
  expect(answers({ ...parameter, type: "RECORD", object: "Customer" }, owner)).toBe(false);
  expect(answers({ ...parameter, type: "PICKLIST" }, owner)).toBe(false);
});
