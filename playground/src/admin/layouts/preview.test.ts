/** What the preview shows is what the server would show: fields, groups, lists with the columns that nobody chose. */

import { expect, test } from "vitest";
import type { FieldInfo, ObjectInfo } from "../../api/metadata";
import { sampleField } from "../../api/sample-field";
import { readDesign } from "./design";
import { previewLayout, targetsOf } from "./preview";

const field = (name: string, more: Partial<FieldInfo> = {}) => sampleField(name, more.type ?? "TEXT", more);

const object = {
  name: "Customer",
  fields: [
    field("code"),
    field("address.city", { group: "address" }),
    field("address.street", { group: "address" }),
    field("rows", { type: "LINES", target: "CustomerRow" }),
    field("contacts", { type: "INVERSE", target: "Contact" }),
  ],
  relatedLists: [{ name: "contacts", label: "Contacts", object: "Contact", by: "customer" }],
} as unknown as ObjectInfo;

const design = readDesign(`object = "Customer"
kind = "detail"
header = ["code", "gone"]
[[tabs]]
label_en = "Details"
[[tabs.sections]]
label = "一"
items = ["code", "gone", { field = "address", width = 2 }, { lines = "rows" }, { related = "contacts", label_en = "People" }]
`);

test("groups are their fields, lists have their usual columns, what is not there is left out", () => {
  expect(targetsOf(design, object)).toEqual(["Contact", "CustomerRow"]);
  const contact = {
    fields: [field("customer"), field("name"), field("mobile")],
    columns: ["name", "customer", "mobile"],
  };
  const rows = { fields: [field("note", { type: "LONG_TEXT" }), field("amount", { writable: true })], columns: [] };
  const targets = new Map([
    ["Contact", contact],
    ["CustomerRow", rows],
  ]);
  const layout = previewLayout("DETAIL", design, { object, targets, live: null, zh: false });
  expect(layout.fields.map(({ name }) => name)).toEqual(["code"]);
  expect(layout.tabs[0]!.label).toBe("Details");
  expect(layout.tabs[0]!.sections[0]!.label).toBe("一");
  const items = layout.tabs[0]!.sections[0]!.items;
  expect(items.map((item) => ("name" in item ? item.name : item.__typename))).toEqual([
    "code",
    "address.city",
    "address.street",
    "rows",
    "contacts",
  ]);
  expect(items.flatMap((item) => ("columns" in item ? [item.columns.map(({ name }) => name)] : []))).toEqual([
    ["amount"],
    ["name", "mobile"],
  ]);
  expect(items.at(-1)).toMatchObject({ label: "People" });
});
