/** Words of texts of behaviour are offered where they may stand. */

import { expect, test } from "vitest";
import { suggestions } from "./completion";

const KNOWN = [
  {
    name: "SalesOrder",
    fields: [
      { name: "status", options: [{ name: "DRAFT" }, { name: "DONE" }] },
      { name: "remark", options: null },
      { name: "totalAmount", options: null },
    ],
  },
  { name: "SampleLoan", fields: [] },
];
const HEAD = '[[flow]]\nobject = "SalesOrder"\nfield = "status"\n';

/** What is offered at the bar. */
function at(text: string): string[] {
  const caret = text.indexOf("|");
  return suggestions(text.replace("|", ""), caret, KNOWN).found.map((one) => one.insert);
}

test("keys of the table one is in", () => {
  expect(at(`${HEAD}st|`)).toEqual(["start = "]);
  expect(at(`${HEAD}[[flow.moves]]\nla|`)).toEqual(["label = ", "label_en = "]);
  expect(at(`${HEAD}moves = [ { code = "x", fr|`)).toEqual(["from = "]);
  expect(at(`${HEAD}moves = [ { from = ["DRAFT"], ri|`)).toEqual(["right = "]);
  expect(at("[[rule]]\nrel|")).toEqual(["relate = "]);
  expect(at("[[approval]]\nvo|")).toEqual(["voids = "]);
  expect(at("[[approval]]\n[[approval.steps]]\nqu|")).toEqual(["quorum = "]);
  expect(at("[[approval]]\n[[approval.steps]]\nby = [ { ro|")).toEqual(["role = "]);
});

test("objects, states and fields of the object, words of a key", () => {
  expect(at('[[flow]]\nobject = "sa|')).toEqual(["SalesOrder", "SampleLoan"]);
  expect(at('[[approval]]\nobject = "SalesOrder"\nvoids = ["re|')).toEqual(["remark"]);
  expect(at('[[approval]]\n[[approval.steps]]\nquorum = "al|')).toEqual(["all"]);
  expect(at('[[rule]]\nobjects = ["@re|')).toEqual(["@responsible"]);
  expect(at(`${HEAD}start = ["D|`)).toEqual(["DRAFT", "DONE"]);
  expect(at(`${HEAD}start = [\n  "DRAFT",\n  "DO|`)).toEqual(["DONE"]);
  expect(at(`${HEAD}[[flow.moves]]\nto = "DR|`)).toEqual(["DRAFT"]);
  expect(at(`${HEAD}[[flow.moves]]\nright = "a|`)).toEqual(["audit", "approve"]);
  expect(at(`${HEAD}moves = [ { from = ["DRAFT", "DO|`)).toEqual(["DONE"]);
  expect(at('[[rule]]\nobjects = ["SalesOrder"]\nwhen = "tot|')).toEqual(["totalAmount"]);
  expect(at('[[rule]]\nobjects = ["SalesOrder"]\nset = { re|')).toEqual(["remark = "]);
  expect(at('[[rule]]\nobjects = ["SalesOrder"]\nset = { remark = "to|')).toEqual(["totalAmount"]);
  expect(at(`${HEAD}moves = [ { set = { remark = "to|`)).toEqual(["totalAmount"]);
});

test("nothing in comments, nor where nothing is known", () => {
  expect(at(`${HEAD}# st|`)).toEqual([]);
  expect(at('[[flow]]\nobject = "Other"\nfield = "re|')).toEqual([]);
  expect(at("st|")).toEqual([]);
});
