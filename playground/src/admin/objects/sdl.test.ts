/** Fields are read where they stand, and written with what was not asked for as it was. */

import { expect, test } from "vitest";
import { argument, definitions, membersOf, withArgument, withValues, written } from "./sdl";

const TEXT = `# ours
"A loan" type Loan @object(label: "借用", plural: "loans") @unique(fields: ["code"]) {
  "Why it is called so: { and ("
  code: String! @field(label: "编号 @x", max: 20, unique: true) # the code
  tags: [Tag!]! @field(label: "标签")
  customer: Customer @relation(inverse: "loans", onDelete: CLEAR) @field(label: "客户")
  total: Decimal @rollup(of: "rows", sum: "amount")
}

enum LoanKind @label(zh: "种类") {
  SHORT @label(zh: "短") @option(color: "#1677ff")
  LONG
}

extend type Customer {
  size: Int @field(label: "规模")
}
`;

const field = (name: string) => membersOf(TEXT, "Loan").find((one) => one.name === name)!;

test("definitions and their members", () => {
  expect(
    definitions(TEXT).map(({ keyword, extend, name, members }) => [
      keyword,
      extend,
      name,
      members.map((one) => one.name),
    ]),
  ).toEqual([
    ["type", false, "Loan", ["code", "tags", "customer", "total"]],
    ["enum", false, "LoanKind", ["SHORT", "LONG"]],
    ["type", true, "Customer", ["size"]],
  ]);
  expect(field("code")).toMatchObject({ type: "String!", description: "Why it is called so: { and (" });
  expect(field("tags").type).toBe("[Tag!]!");
  expect(argument(field("code"), "field", "label")).toBe("编号 @x");
  expect(argument(field("code"), "field", "max")).toBe("20");
  expect(argument(field("code"), "field", "help")).toBe(null);
  expect(argument(field("customer"), "relation", "onDelete")).toBe("CLEAR");
});

test("what is not asked for stays", () => {
  const code = withArgument(withArgument(field("code"), "field", "unique", null), "field", "help", '"h"');
  expect(written(code)).toBe(
    '"Why it is called so: { and ("\n  code: String! @field(label: "编号 @x", max: 20, help: "h")',
  );
  expect(written(withArgument(field("customer"), "relation", "inverse", '"x"'))).toBe(
    'customer: Customer @relation(inverse: "x", onDelete: CLEAR) @field(label: "客户")',
  );
  expect(written(withArgument({ ...field("tags"), type: "[Tag!]" }, "field", "label", null))).toBe("tags: [Tag!]");
  expect(written(withArgument(field("total"), "field", "label", '"合计"'))).toBe(
    'total: Decimal @rollup(of: "rows", sum: "amount") @field(label: "合计")',
  );
});

test("the values of a picklist are written anew, those of the program in an extension", () => {
  const values = membersOf(TEXT, "LoanKind");
  const turned = withValues(TEXT, "LoanKind", [values[1]!, withArgument(values[0]!, "option", "inactive", "true")]);
  expect(turned).toContain(`enum LoanKind @label(zh: "种类") {
  LONG
  SHORT @label(zh: "短") @option(color: "#1677ff", inactive: true)
}`);
  expect(turned).toContain("extend type Customer {\n  size: Int");
  expect(withValues(TEXT, "Other", [values[1]!]).endsWith("}\n\nextend enum Other {\n  LONG\n}\n")).toBe(true);
});
