/** The documents by which something is done with records by name. */

import { expect, test } from "vitest";
import { parse } from "graphql";
import type { NamedAction } from "../api/actions";
import type { FieldInfo, ObjectSummary } from "../api/metadata";
import { actionDocument, actOnManyDocument } from "./actions";

const ACTION: NamedAction = {
  code: "convert",
  name: "convertLead",
  label: "Convert",
  message: null,
  input: [{ name: "stage" } as FieldInfo],
  creates: [{ name: "customer", object: "Customer" }],
};

test("what is asked for is given, and what is made is read", () => {
  const text = actionDocument(ACTION);
  parse(text);
  expect(text).toContain("$input: ConvertLeadInput,");
  expect(text).toContain("customer { id _title }");
  expect(actionDocument({ ...ACTION, input: [] })).not.toContain("input");
});

test("several records are a filter, and may be tried", () => {
  const text = actOnManyDocument({ name: "Lead", plural: "leads" } as ObjectSummary, ACTION);
  parse(text);
  expect(text).toContain("convertLeads(filter: $filter, input: $input");
  expect(text).toContain("dryRun: $dryRun");
});
