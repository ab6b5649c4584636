/** Fields and objects as the definition language has them. */

import { expect, test } from "vitest";
import { apiName, fieldDefinition, type NewField, objectDefinitions, typeName } from "./definition";

const field = (more: Partial<NewField>): NewField => ({
  name: "size",
  label: "规格",
  labelEn: "",
  type: "TEXT",
  target: "",
  values: "",
  required: false,
  ...more,
});

test("names come from English labels", () => {
  expect(apiName("Delivery date")).toBe("deliveryDate");
  expect(apiName("规格")).toBe("");
  expect(apiName("2nd phone")).toBe("ndPhone");
  expect(typeName("sample loan")).toBe("SampleLoan");
});

test("a field is one line", () => {
  const written = (more: Partial<NewField>) => fieldDefinition("Pallet", field(more)).field;
  expect(written({})).toBe('size: String @field(label: "规格")');
  expect(written({ required: true, labelEn: 'The "size"' })).toBe(
    'size: String! @field(label: "规格", labelEn: "The \\"size\\"")',
  );
  expect(written({ type: "MONEY" })).toBe('size: Decimal @field(type: MONEY, label: "规格")');
  expect(written({ type: "RELATION", target: "Customer" })).toBe('size: Customer @field(label: "规格")');
});

test("a picklist brings its values, named by themselves or by what stands before the label", () => {
  const { field: line, picklist } = fieldDefinition(
    "Pallet",
    field({ type: "PICKLIST", values: "small 小\n大\n\nextra large" }),
  );
  expect(line).toBe('size: PalletSize @field(label: "规格")');
  expect(picklist).toBe(
    'enum PalletSize {\n  SMALL @label(zh: "小")\n  VALUE_2 @label(zh: "大")\n  EXTRA @label(zh: "large")\n}',
  );
});

test("master data has a name from the start, a document its numbers, and lines where it has any", () => {
  const made = (kind: "MASTER" | "DOCUMENT" | "LINED") =>
    objectDefinitions({
      name: "SampleLoan",
      plural: "sampleLoans",
      label: "样品借用",
      labelEn: "Sample loan",
      system: "SALES",
      kind,
    });
  const head = 'label: "样品借用", labelEn: "Sample loan", plural: "sampleLoans", systems: [SALES]';
  expect(made("MASTER")).toEqual([
    `type SampleLoan @object(kind: MASTER, ${head}) {\n  name: String! @field(label: "名称", labelEn: "Name", search: true)\n}`,
  ]);
  const remark = 'remark: String @field(type: LONG_TEXT, label: "备注", labelEn: "Remark")';
  const numbered = `type SampleLoan @object(kind: DOCUMENT, ${head}, number: "SL{yyyy}{MM}-{seq:4}") {`;
  expect(made("DOCUMENT")).toEqual([`${numbered}\n  ${remark}\n}`]);
  expect(made("LINED")).toEqual([
    `${numbered}\n  lines: [SampleLoanLine!]! @lines @field(label: "明细", labelEn: "Lines")\n  ${remark}\n}`,
    `type SampleLoanLine @object(kind: LINE, label: "样品借用明细", labelEn: "Sample loan line") {\n  ${remark}\n}`,
  ]);
});

test("a relation has its other end", () => {
  const relation = {
    type: "RELATION",
    target: "Customer",
    inverse: "pallets",
    inverseLabel: "托盘",
    onDelete: "CLEAR",
  };
  expect(fieldDefinition("Pallet", field(relation)).field).toBe(
    'size: Customer @field(label: "规格") @relation(inverse: "pallets", inverseLabel: "托盘", onDelete: CLEAR)',
  );
  expect(fieldDefinition("Pallet", field({ ...relation, type: "TEXT" })).field).toBe(
    'size: String @field(label: "规格")',
  );
});
