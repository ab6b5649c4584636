/** Writes the documents by which something is done with records by name. */

import type { NamedAction } from "../api/actions";
import type { ObjectSummary } from "../api/metadata";
import { plurally } from "./documents";
import { inputType } from "./moves";

/** What an action asks for, as a variable is declared and given. */
const inputOf = ({ name, input }: NamedAction): [declared: string, given: string] =>
  input.length === 0 ? ["", ""] : [`, $input: ${inputType(name)}`, ", input: $input"];

/** An action on one record, with what it has made. */
export function actionDocument(action: NamedAction): string {
  const [declared, given] = inputOf(action);
  const made = action.creates.map(({ name }) => `${name} { id _title }`);
  return `mutation Act($id: ID!${declared}, $expectedVersion: Int, $allowDuplicates: Boolean, $idempotencyKey: String) {
  done: ${action.name}(id: $id${given}, expectedVersion: $expectedVersion, allowDuplicates: $allowDuplicates, idempotencyKey: $idempotencyKey) {
    ${["record { id version }", ...made].join(" ")} duplicates { rule id text } userErrors { code path message hint }
  }
}`;
}

/** An action on all records of a filter, all or none; `dryRun` tells what stands against it, and does nothing. */
export function actOnManyDocument(object: ObjectSummary, action: NamedAction): string {
  const [declared, given] = inputOf(action);
  return `mutation ActOnMany($filter: ${object.name}Filter!${declared}, $atMost: Int!, $all: Boolean, $dryRun: Boolean, $idempotencyKey: String) {
  done: ${action.code}${plurally(object)}(filter: $filter${given}, atMost: $atMost, all: $all, dryRun: $dryRun, idempotencyKey: $idempotencyKey) {
    count userErrors { message hint }
  }
}`;
}
