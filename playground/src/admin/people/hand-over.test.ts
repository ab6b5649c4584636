/** What is handed over, and by which documents. */

import { parse } from "graphql";
import { expect, test } from "vitest";
import type { ObjectSummary } from "../../api/metadata";
import { readDefinitions } from "../defined";
import { batches, countsDocument, handing, ownedObjects } from "./hand-over";

const object = (name: string, more: Partial<ObjectSummary> = {}) =>
  ({ name, plural: `${name.toLowerCase()}s`, owned: true, may: ["READ", "EDIT"], ...more }) as ObjectSummary;

const defined = readDefinitions([
  "type Customer @responsible { owner: Employee } type Visit @responsible(owner: visitor) { visitor: Employee! } type Contact @responsible { a: Int } type Plain",
]);

test("objects with somebody responsible that may be changed", () => {
  const all = [
    object("Customer"),
    object("Visit"),
    object("Contact"),
    object("Plain", { owned: false }),
    object("Gone"),
  ];
  expect(ownedObjects(all, defined).map(({ owner }) => owner)).toEqual(["owner", "visitor"]);
  expect(ownedObjects(all, defined).map(({ stays }) => stays)).toEqual([false, true]);
  expect(ownedObjects([object("Customer", { may: ["READ"] })], defined)).toEqual([]);
});

test("they are counted in one document, and updated by what was counted", () => {
  const owned = ownedObjects([object("Customer"), object("Visit")], defined);
  const text = countsDocument(owned);
  expect(() => parse(text)).not.toThrow();
  expect(text).toContain("n1: visitAggregate(filter: {visitor: {id: {eq: $id}}}) { count }");
  expect(handing(owned[1]!, "a", "b", 7)).toEqual({
    filter: { visitor: { id: { eq: "a" } } },
    patch: { visitor: { id: "b" } },
    atMost: 7,
    all: false,
  });
  expect(batches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
});
