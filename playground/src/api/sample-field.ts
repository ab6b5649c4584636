/** A field for tests: of a type, and otherwise as plain as can be. */

import type { FieldInfo, FieldType } from "./metadata";

export const sampleField = (name: string, type: FieldType, more: Partial<FieldInfo> = {}): FieldInfo => ({
  name,
  type,
  label: name,
  group: null,
  help: null,
  required: false,
  writable: true,
  scale: null,
  max: null,
  currency: null,
  target: null,
  targets: null,
  options: null,
  operators: [],
  sortable: true,
  groupable: true,
  access: "READ_WRITE",
  drafts: false,
  ...more,
});
