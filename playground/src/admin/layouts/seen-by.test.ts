/** A layout as one person has it. */

import { expect, test } from "vitest";
import type { Layout } from "../../api/metadata";
import { sampleField } from "../../api/sample-field";
import { objectsOn, seenBy } from "./seen-by";

const field = (name: string) => ({
  __typename: "FieldItem" as const,
  name,
  width: 1,
  readOnly: false,
  field: sampleField(name, "TEXT"),
});
const column = (name: string) => ({ name, width: null, field: sampleField(name, "TEXT") });
const related = (name: string, object: string) => ({
  __typename: "RelatedItem" as const,
  name,
  label: name,
  object,
  first: 5,
  columns: [column("number"), column("margin")],
});

const LAYOUT: Layout = {
  version: 0,
  columns: [column("name"), column("phone")],
  quickFilters: [],
  orderBy: [{ phone: "ASC" }],
  header: ["name", "phone"],
  stateField: null,
  fields: [sampleField("name", "TEXT"), sampleField("phone", "TEXT")],
  tabs: [
    {
      label: null,
      sections: [
        {
          label: "All",
          columns: 2,
          collapsed: false,
          items: [
            field("name"),
            field("phone"),
            related("orders", "Order"),
            related("costs", "Cost"),
            { __typename: "TimelineItem" },
            { __typename: "TextItem", text: "Read this" },
          ],
        },
      ],
    },
  ],
};

test("what a person may not know is gone, and the rest is as they have it", () => {
  const masked = sampleField("name", "TEXT", { access: "MASKED" });
  const told = new Map([
    ["Customer", [masked, sampleField("orders", "INVERSE"), sampleField("costs", "INVERSE")]],
    ["Order", [sampleField("number", "TEXT")]],
    ["Cost", null],
  ]);
  const seen = seenBy(told, "Customer", LAYOUT);
  expect(seen.columns.map(({ name }) => name)).toEqual(["name"]);
  expect(seen.columns[0]!.field.access).toBe("MASKED");
  expect(seen.fields).toEqual([masked]);
  expect(seen.orderBy).toBeNull();
  expect(seen.tabs[0]!.sections[0]!.items).toEqual([
    { ...field("name"), field: masked },
    { ...related("orders", "Order"), columns: [column("number")] },
    { __typename: "TextItem", text: "Read this" },
  ]);
});

test("each object of which something is shown is asked about once", () => {
  expect(objectsOn("Customer", LAYOUT)).toEqual(["Customer", "Order", "Cost"]);
});
