/** Changes of a role, as `setRights` takes them. */

import { expect, test } from "vitest";
import { changesOf, countOf, NOTHING, put } from "./pending";

const ROLE = { code: "seller", version: 3 };

test("what is put back to what is stored is no change", () => {
  const changed = put(NOTHING.grants, "Customer READ", "ALL", "OWN");
  expect([...changed]).toEqual([["Customer READ", "ALL"]]);
  expect(put(changed, "Customer READ", "OWN", "OWN").size).toBe(0);
  const ticked = { level: "SET", values: ["a"] };
  expect(put(new Map(), "REGION", ticked, { ...ticked }).size).toBe(0);
});

test("objects that get the same level for the same action are one change", () => {
  const grants = new Map([
    ["Customer READ", "ALL"],
    ["Order READ", "ALL"],
    ["Order EDIT", "NONE"],
  ]);
  const pending = { ...NOTHING, grants, caps: { print: null, export: 50 }, may: [] };
  expect(countOf(pending)).toBe(6);
  const base = { role: "seller", expectedVersion: 3 };
  expect(changesOf(ROLE, pending)).toEqual([
    { ...base, grant: { objects: ["Customer", "Order"], actions: ["READ"], level: "ALL" } },
    { ...base, grant: { objects: ["Order"], actions: ["EDIT"], level: "NONE" } },
    { ...base, may: [] },
    { ...base, caps: { print: null, export: 50 } },
  ]);
});

test("fields say their mask only where they have one", () => {
  const fields = new Map([
    ["Customer price.amount", { right: "HIDDEN", mask: null }],
    ["Customer phone", { right: "MASKED", mask: "END" }],
  ]);
  expect(changesOf(ROLE, { ...NOTHING, fields }).map((change) => change.field)).toEqual([
    { object: "Customer", field: "price.amount", right: "HIDDEN" },
    { object: "Customer", field: "phone", right: "MASKED", mask: "END" },
  ]);
});
