/** Whoever reads as someone else is offered nothing to write. */

import { expect, test } from "vitest";
import { readOnly } from "./read-only";

test("of metadata, what may be read stays and what may be written goes", () => {
  const told = {
    viewer: { account: "zhang", may: ["DEFINE", "VIEW_AS"] },
    objects: [
      {
        name: "Customer",
        may: ["READ", "CREATE", "EDIT", "EXPORT"],
        fields: [{ name: "name", writable: true }],
        flow: { field: "status", moves: [{ code: "submit" }] },
      },
    ],
    views: [{ name: "Mine", mayEdit: true }],
    nothing: null,
  };
  expect(readOnly("/metadata", told)).toEqual({
    viewer: { account: "zhang", may: [] },
    objects: [
      {
        name: "Customer",
        may: ["READ", "EXPORT"],
        fields: [{ name: "name", writable: false }],
        flow: { field: "status", moves: [] },
      },
    ],
    views: [{ name: "Mine", mayEdit: false }],
    nothing: null,
  });
});

test("of records, fields of any name stay as they are", () => {
  const record = {
    id: "1",
    writable: true,
    may: ["EDIT"],
    _can: { edit: true, delete: true },
    _actions: [{ code: "submit", allowed: true }],
    lines: [{ mayEdit: true }],
  };
  expect(readOnly("/graphql", { record, none: null })).toEqual({
    record: { ...record, _can: { edit: false, delete: false }, _actions: [] },
    none: null,
  });
});
