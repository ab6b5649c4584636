/** A record that is there gets another state by moves alone; a new one begins in a state of the start. */

import { expect, test } from "vitest";
import type { Flow, Layout, LayoutItem, Option } from "../api/metadata";
import { sampleField } from "../api/sample-field";
import { withStates } from "./start-states";

const option = (name: string): Option => ({ name, label: name, color: null, active: true });
const field = (name: string, more = {}): LayoutItem => ({
  __typename: "FieldItem",
  name,
  width: null,
  readOnly: false,
  field: sampleField(name, "PICKLIST", more),
});
const LAYOUT = {
  tabs: [
    {
      label: null,
      sections: [{ items: [field("level"), field("status", { options: ["NEW", "OLD", "GONE"].map(option) })] }],
    },
  ],
} as unknown as Layout;
const flow = (...start: string[]): Flow => ({ field: "status", start, moves: [] });
const items = (layout: Layout) => layout.tabs[0]!.sections[0]!.items as (LayoutItem & { __typename: "FieldItem" })[];

test("without a flow a form is as its layout", () => {
  expect(withStates(LAYOUT, null, true)).toBe(LAYOUT);
});

test("of a record that is there, the state is only shown", () => {
  expect(items(withStates(LAYOUT, flow("NEW", "OLD"), false)).map(({ readOnly }) => readOnly)).toEqual([false, true]);
});

test("a new record's state is chosen among those in which it may begin", () => {
  const [, status] = items(withStates(LAYOUT, flow("NEW", "OLD"), true));
  expect(status?.field.options?.map(({ name }) => name)).toEqual(["NEW", "OLD"]);
});

test("one state is nothing to choose", () => {
  expect(items(withStates(LAYOUT, flow("NEW"), true)).map(({ name }) => name)).toEqual(["level"]);
});
