/** Writes the documents by which records get from one state of their flow to another. */

import type { FieldInfo, FlowMove, ObjectSummary } from "../api/metadata";
import { plurally, selection } from "./documents";

const FAULTS = "userErrors { code path message hint }";

/** The type of what a mutation asks for. */
export const inputType = (name: string) => `${name[0]!.toUpperCase()}${name.slice(1)}Input`;

/** What a move asks for, as a variable is declared and given. */
function inputOf({ name, input }: FlowMove): [declared: string, given: string] {
  if (input.length === 0) return ["", ""];
  const type = inputType(name);
  return [`, $input: ${type}${input.some(({ required }) => required) ? "!" : ""}`, ", input: $input"];
}

/** What a move has made of a record: where it is, and where it may go from there. */
const recordOf = (state: FieldInfo | undefined) =>
  `record { id version _title ${state === undefined ? "" : selection([state])} _actions { code allowed } } ${FAULTS}`;

/** One move of one record. */
export function moveDocument(move: FlowMove, state: FieldInfo | undefined): string {
  const [declared, given] = inputOf(move);
  return `mutation Move($id: ID!${declared}, $expectedVersion: Int, $idempotencyKey: String) {
  moved: ${move.name}(id: $id${given}, expectedVersion: $expectedVersion, idempotencyKey: $idempotencyKey) { ${recordOf(state)} }
}`;
}

/** What a move lacks is written and the move made, both or neither. */
export function mendedMoveDocument({ name }: ObjectSummary, move: FlowMove, state: FieldInfo | undefined): string {
  const [declared, given] = inputOf(move);
  return `mutation MendAndMove($id: ID!, $patch: Update${name}Input!${declared}, $expectedVersion: Int) @atomic {
  saved: update${name}(id: $id, patch: $patch, expectedVersion: $expectedVersion) { ${FAULTS} }
  moved: ${move.name}(id: $id${given}) { ${recordOf(state)} }
}`;
}

/** One move of all records of a filter, all or none. */
export function moveManyDocument(object: ObjectSummary, move: FlowMove): string {
  const [declared, given] = inputOf(move);
  return `mutation MoveMany($filter: ${object.name}Filter!${declared}, $atMost: Int!, $all: Boolean, $idempotencyKey: String) {
  done: ${move.code}${plurally(object)}(filter: $filter${given}, atMost: $atMost, all: $all, idempotencyKey: $idempotencyKey) {
    count userErrors { message hint }
  }
}`;
}
