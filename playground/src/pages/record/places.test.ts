/** Links to records, and the places of records among others. */

import { expect, test } from "vitest";
import { placeAmong, recordIn } from "./places";

test("links to records, and to nothing else", () => {
  expect(recordIn("/o/customers/01a2")).toEqual({ plural: "customers", id: "01a2" });
  for (const other of [
    null,
    "/o/customers",
    "/o/customers/new",
    "/o/customers/01a2/edit",
    "/o/customers/01a2?asOf=x",
    "/home",
  ])
    expect(recordIn(other), String(other)).toBeNull();
});

test("what stands before and after, and whether there may be more behind the last one", () => {
  expect(placeAmong(["a", "b", "c"], "b", true)).toEqual({ previous: "a", next: "c", more: false });
  expect(placeAmong(["a", "b"], "a", false)).toEqual({ previous: null, next: "b", more: false });
  expect(placeAmong(["a", "b"], "b", true)).toEqual({ previous: "a", next: null, more: true });
  expect(placeAmong(["a", "b"], "c", true)).toBeNull();
});
