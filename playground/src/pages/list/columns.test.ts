/** Which columns a list has: the nearest of address, view, person and layout that names any. */

import { expect, test, vi } from "vitest";
import type { Layout, SavedView } from "../../api/metadata";
import { sampleField } from "../../api/sample-field";
import { cardsOf, columnsOf, ownColumns, written } from "./columns";

vi.mock("../../api/cache", () => ({ client: {} }));
vi.mock("../../api/transport", () => ({}));

const FIELDS = new Map(
  [
    sampleField("code", "TEXT"),
    sampleField("name", "TEXT"),
    sampleField("level", "PICKLIST"),
    sampleField("lines", "LINES"),
  ].map((field) => [field.name, field]),
);
const column = (name: string, width: number | null = null) => ({ name, width, field: FIELDS.get(name)! });
const LAYOUT = { columns: [column("code", 90), column("name")] } as Layout;
const view = (columns?: (string | { field: string; width?: number })[]) => ({ question: { columns } }) as SavedView;
const names = (...given: Parameters<typeof columnsOf>) => columnsOf(...given).map(({ name }) => name);

test("the address counts before the view, the view before the person, the person before the layout", () => {
  const own = { columns: ["level"] };
  expect(names(["name"], view(["code"]), own, LAYOUT, FIELDS)).toEqual(["name"]);
  expect(names(null, view(["code"]), own, LAYOUT, FIELDS)).toEqual(["code"]);
  expect(names(null, view(), own, LAYOUT, FIELDS)).toEqual(["code", "name"]);
  expect(names(null, undefined, own, LAYOUT, FIELDS)).toEqual(["level"]);
  expect(names(null, undefined, {}, LAYOUT, FIELDS)).toEqual(["code", "name"]);
});

test("what is not there or cannot be shown is no column", () => {
  expect(names(["gone", "lines", "level"], undefined, {}, LAYOUT, FIELDS)).toEqual(["level"]);
  expect(names(["gone"], undefined, {}, LAYOUT, FIELDS)).toEqual(["code", "name"]);
});

test("a width is the person's, else the view's or the layout's, and a view keeps it", () => {
  const given = columnsOf(
    null,
    view([{ field: "name", width: 200 }, "code"]),
    { widths: { code: 70 } },
    LAYOUT,
    FIELDS,
  );
  expect(given.map(written)).toEqual([
    { field: "name", width: 200 },
    { field: "code", width: 70 },
  ]);
  const again = columnsOf(null, view(given.map(written)), {}, LAYOUT, FIELDS);
  expect(again).toEqual(given);
  expect(columnsOf(null, undefined, {}, LAYOUT, FIELDS)[0]!.width).toBe(90);
});

test("what somebody kept is theirs for one object", () => {
  expect(ownColumns({ "list.Customer": { columns: ["code"] } }, "Customer")).toEqual({ columns: ["code"] });
  expect(ownColumns({ "list.Customer": { columns: ["code"] } }, "Contact")).toEqual({});
  expect(ownColumns({ "list.Customer": "x" }, "Customer")).toEqual({});
  expect(ownColumns(undefined, "Customer")).toEqual({});
});

test("a card shows what a person has chosen for it, else what its layout has", () => {
  const names = (columns: { name: string }[]) => columns.map(({ name }) => name);
  const card = { columns: [column("level")] } as Layout;
  const usual = [column("code"), column("name")];
  expect(names(cardsOf({ cards: ["name", "gone", "lines"] }, card, usual, FIELDS))).toEqual(["name"]);
  expect(names(cardsOf({ columns: ["code"] }, card, usual, FIELDS))).toEqual(["level"]);
  expect(names(cardsOf({ cards: ["gone"] }, null, usual, FIELDS))).toEqual(["code", "name"]);
});
