/** The head of an object is written anew with what was given, and keeps all else. */

import { expect, test } from "vitest";
import { headOf, readHead } from "./head";

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
