/** Records that are states have the names by which the flow tells them. */

import { expect, test } from "vitest";
import type { Flow } from "../api/metadata";
import { namesOf } from "./state-names";

const STAGES = [
  { id: "1", name: "S2", code: "S1" },
  { id: "2", name: "Offer", code: "S2" },
  { id: "3", name: "Won", code: "S3" },
];
const FLOW: Flow = {
  field: "stage",
  start: ["S1"],
  moves: [{ code: "go", name: "goDeal", label: "Go", from: ["S1", "S2"], to: null, input: [] }],
};

test("the field that has most of the flow's names tells its states", () => {
  expect([...namesOf(STAGES, ["name", "code"], FLOW)]).toEqual([
    ["1", "S1"],
    ["2", "S2"],
    ["3", "S3"],
  ]);
});

test("where no field has any, no state has a name", () => {
  expect(namesOf(STAGES, ["name"], { ...FLOW, start: ["A"], moves: [] }).size).toBe(0);
});
