/** A design is what its text says, and every step on it keeps the rest. */

import { expect, test } from "vitest";
import { type Design, layoutInput, newItem, newSection, placedFaults, placedNames, readDesign } from "./design";
import {
  addItem,
  addTab,
  findItem,
  moveItem,
  moveSection,
  removeItem,
  sectionsOf,
  stepItem,
  stepSection,
  stepTab,
} from "./steps";

const TEXT = `object = "Customer"
kind = "detail"
header = ["level"]

[[tabs]]
label = "详情"
label_en = "Details"

[[tabs.sections]]
label = "基本信息"
columns = 2
items = [
  "code",
  "name",
  { field = "address", width = 2, read_only = true, visible = 'level == "A"' },
]

[[tabs.sections]]
columns = 1
collapsed = true
items = [
  { related = "contacts", label = "人", columns = ["name", { field = "mobile", width = 120 }], first = 3 },
]

[[tabs]]
label = "动态"

[[tabs.sections]]
columns = 1
items = [
  { timeline = true },
  { text = "说明", text_en = "Note" },
]
`;

const read = () => readDesign(TEXT);
const names = (design: Design) =>
  design.tabs.map(({ sections }) => sections.map(({ items }) => items.map(({ kind, name }) => name || kind)));

test("the parts that the server takes are those of the text", () => {
  expect(JSON.parse(JSON.stringify(layoutInput("DETAIL", read())))).toEqual({
    header: ["level"],
    tabs: [
      {
        label: "详情",
        labelEn: "Details",
        sections: [
          {
            label: "基本信息",
            columns: 2,
            items: [
              { field: "code" },
              { field: "name" },
              { field: "address", width: 2, readOnly: true, visibleWhen: 'level == "A"' },
            ],
          },
          {
            columns: 1,
            collapsed: true,
            items: [
              {
                related: "contacts",
                label: "人",
                columns: [{ name: "name" }, { name: "mobile", width: 120 }],
                first: 3,
              },
            ],
          },
        ],
      },
      { label: "动态", sections: [{ columns: 1, items: [{ timeline: true }, { text: "说明", textEn: "Note" }] }] },
    ],
  });
});

test("a list has columns, filters and an order; other kinds are not given what is not theirs", () => {
  const design = readDesign(
    `object = "X"\nkind = "list"\ncolumns = ["a", { field = "b", width = 90 }]\nquick_filters = ["a"]\norder_by = ["-price.amount", "a"]`,
  );
  expect(JSON.parse(JSON.stringify(layoutInput("LIST", design)))).toEqual({
    columns: [{ name: "a" }, { name: "b", width: 90 }],
    quickFilters: ["a"],
    orderBy: [{ price: { amount: "DESC" } }, { a: "ASC" }],
  });
  expect(Object.keys(layoutInput("CARD", design))).toEqual(["columns"]);
  expect(Object.keys(layoutInput("CALENDAR", design))).toEqual(["columns", "quickFilters", "startField", "endField"]);
});

test("items move within a section, past its ends, and across tabs", () => {
  const design = read();
  const [first, second, third] = sectionsOf(design);
  const name = first!.items[1]!.id;
  expect(names(stepItem(design, name, -1))[0]![0]).toEqual(["name", "code", "address"]);
  expect(names(stepItem(design, name, 1))[0]![0]).toEqual(["code", "address", "name"]);
  const address = first!.items[2]!.id;
  expect(names(stepItem(design, address, 1))[0]).toEqual([
    ["code", "name"],
    ["address", "contacts"],
  ]);
  const contacts = second!.items[0]!.id;
  expect(names(stepItem(design, contacts, 1))).toEqual([
    [["code", "name", "address"], []],
    [["contacts", "timeline", "text"]],
  ]);
  expect(stepItem(design, first!.items[0]!.id, -1)).toBe(design);
  expect(names(moveItem(design, name, third!.id, 1))[1]![0]).toEqual(["timeline", "name", "text"]);
  expect(names(moveItem(design, first!.items[0]!.id, first!.id, 2))[0]![0]).toEqual(["name", "code", "address"]);
  // What was before is as it was.
  expect(names(design)).toEqual(names(read()));
});

test("sections and tabs move, things are added and taken out", () => {
  const design = read();
  const [first, second] = sectionsOf(design);
  expect(names(stepSection(design, first!.id, 1))[0]).toEqual([["contacts"], ["code", "name", "address"]]);
  expect(names(stepSection(design, second!.id, 1))[1]).toEqual([["contacts"], ["timeline", "text"]]);
  expect(names(moveSection(design, second!.id, design.tabs[0]!.id, 0))[0]![0]).toEqual(["contacts"]);
  expect(stepTab(design, design.tabs[1]!.id, -1).tabs.map(({ label }) => label)).toEqual(["动态", "详情"]);
  expect(addTab(design).tabs).toHaveLength(3);
  const added = addItem(design, second!.id, newItem("field", "phone"));
  expect(placedNames(added).has("phone")).toBe(true);
  const phone = sectionsOf(added)[1]!.items[1]!.id;
  expect(findItem(added, phone)?.place).toBe(1);
  expect(names(removeItem(added, phone))).toEqual(names(design));
  expect(newSection().items).toEqual([]);
});

test("a fault stands at the item on whose line it is", () => {
  const design = read();
  const fault = (line: number, column = 3) => ({ line, column, message: "no such field", hint: "did you mean" });
  const placed = placedFaults(design, TEXT, [fault(14), fault(3, 11), fault(1, 1), fault(14)]);
  expect(placed.get(`item ${sectionsOf(design)[0]!.items[1]!.id}`)).toBe(
    "no such field did you mean no such field did you mean",
  );
  expect(placed.get("header 0")).toBe("no such field did you mean");
  expect(placed.get(null)).toBe("no such field did you mean");
});
