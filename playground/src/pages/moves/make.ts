/** Makes a move of a record, with what it asks for and what its gates lack. */

import type { FieldInfo, FlowMove, ObjectSummary } from "../../api/metadata";
import { ownSave, versionOf } from "../../api/own-saves";
import { nested, valueAt, type Values } from "../../api/paths";
import { ask } from "../../api/transport";
import type { Reference } from "../../fields/kinds";
import { mendedMoveDocument, moveDocument } from "../../fields/moves";
import type { UserError } from "../../form/use-draft";
import { type Action, allowedMoves, moveBack, said } from "./flow";

/** A record as it is moved. */
export interface Movable {
  id: string;
  version: number;
  title: string;
  /** What is known of it. */
  values: Values;
  /** Whether its fields can be written before it is moved. */
  open: boolean;
}

/** A record that has been moved. */
export type Moved = Values & { id: string; version: number; _title: string | null; _actions: Action[] };

interface Answer {
  saved?: { userErrors: UserError[] } | null;
  moved: { record: Moved | null; userErrors: UserError[] } | null;
}

/** What is given with a move, as inputs take it. */
export interface Given {
  input: Values;
  /** What is written before it. */
  patch: Values;
}

const NOTHING: Given = { input: {}, patch: {} };

/** The same move goes again under the same key after a lost reply. */
let attempt: { text: string; key: string } | null = null;

/** Sends a move; what it was refused with, if it was. Whoever may move a record need not see it afterwards. */
export async function makeMove(
  object: ObjectSummary,
  state: FieldInfo | undefined,
  move: FlowMove,
  { id, version }: Pick<Movable, "id" | "version">,
  { input, patch }: Given = NOTHING,
): Promise<{ moved: Moved | null } | { errors: UserError[] }> {
  const expectedVersion = versionOf(id, version);
  const given = move.input.length === 0 ? {} : { input: nested(input) };
  let answer: Answer;
  if (Object.keys(patch).length > 0) {
    const variables = { id, patch: nested(patch), expectedVersion, ...given };
    answer = (await ask<Answer>("/graphql", mendedMoveDocument(object, move, state), variables)).data;
  } else {
    const text = JSON.stringify([move.name, id, expectedVersion, given]);
    if (attempt?.text !== text) attempt = { text, key: crypto.randomUUID() };
    const variables = { id, ...given, expectedVersion, idempotencyKey: attempt.key };
    answer = (await ask<Answer>("/graphql", moveDocument(move, state), variables)).data;
    attempt = null;
  }
  const errors = [...(answer.saved?.userErrors ?? []), ...(answer.moved?.userErrors ?? [])];
  if (errors.length > 0) return { errors };
  const moved = answer.moved?.record ?? null;
  if (moved !== null) ownSave(id, expectedVersion, moved.version);
  return { moved };
}

/** What people call the state in which a record is. */
export function stateTitle(state: FieldInfo | undefined, record: Values): string {
  const value = state === undefined ? null : valueAt(record, state.name);
  if (state?.type === "RELATION") return (value as Reference | null)?._title ?? "";
  return state?.options?.find(({ name }) => name === value)?.label ?? "";
}

/**
 * Takes a move back, where another one leads back to the state before; what that was refused with. States are told
 * by the names that the flow has for them.
 */
export function takingBack(
  object: ObjectSummary,
  state: FieldInfo | undefined,
  moved: Moved,
  [before, after]: [string | undefined, string | undefined],
): (() => Promise<string | null>) | null {
  if (object.flow === null || before === undefined || after === undefined) return null;
  const back = moveBack({ ...object.flow, moves: allowedMoves(object, moved._actions) }, after, before);
  if (back === undefined) return null;
  return async () => {
    const told = await makeMove(object, state, back, moved).catch((error: Error) => error.message);
    if (typeof told === "string") return told;
    return "errors" in told ? told.errors.map(said).join(" ") : null;
  };
}
