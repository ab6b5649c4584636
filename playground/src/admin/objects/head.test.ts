/** The head of an object is written anew with what was given, and keeps all else. */

import { expect, test } from "vitest";
import { headOf, readHead, readLook, withLook } from "./head";

const TEXT = `# ours
"A loan"
type Loan @object(kind: SETUP, label: "借用", plural: "loans", systems: [SALES]) @unique(fields: ["code"]) {
  code: String!
}
extend type Customer { x: Int }
`;

test("labels and fields of an object", () => {
  const head = readHead(TEXT, "Loan")!;
  expect(head).toMatchObject({ label: "借用", labelEn: "", stateField: "" });
  expect(headOf(TEXT, "Loan", head, head)).toBe("");
  expect(headOf(TEXT, "Loan", head, { ...head, labelEn: "Loan", stateField: "code", label: "" })).toBe(
    `"A loan"\ntype Loan @object(kind: SETUP, plural: "loans", systems: [SALES], labelEn: "Loan", stateField: "code") @unique(fields: ["code"])`,
  );
  expect(readHead(TEXT, "Customer")).toBe(null);
});

test("the look of an object of the program stands in an extension of its own, or in the one that has its labels", () => {
  const none = { icon: "", color: "" };
  const look = { icon: "building-2", color: "#1677ff" };
  expect(readLook(TEXT, "Customer")).toBeNull();
  expect(withLook(TEXT, "Customer", none, none)).toBe(TEXT);
  const looked = withLook(TEXT, "Customer", none, look);
  expect(looked).toBe(`${TEXT}\nextend type Customer @object(icon: "building-2", color: "#1677ff")\n`);
  expect(readLook(looked, "Customer")).toEqual(look);
  expect(withLook(looked, "Customer", look, { ...look, icon: "factory" })).toContain(
    'extend type Customer @object(icon: "factory", color: "#1677ff")\n',
  );
  expect(withLook(looked, "Customer", look, none)).toBe(`${TEXT}\n\n`);
  const labelled = 'extend type Customer @object(label: "往来") {\n  x: Int\n}\n';
  expect(withLook(labelled, "Customer", none, { icon: "factory", color: "" })).toBe(
    'extend type Customer @object(label: "往来", icon: "factory") {\n  x: Int\n}\n',
  );
  expect(withLook("", "Customer", none, { icon: "factory", color: "" })).toBe(
    'extend type Customer @object(icon: "factory")\n',
  );
});
