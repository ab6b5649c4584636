/** Does something with a record by name. */

import type { NamedAction } from "../../api/actions";
import { ownSave, versionOf } from "../../api/own-saves";
import { nested, type Values } from "../../api/paths";
import { ask } from "../../api/transport";
import { actionDocument } from "../../fields/actions";
import type { Duplicate, UserError } from "../../form/use-draft";

/** The record with which something is done. */
export interface Subject {
  id: string;
  version: number;
  title: string;
}

/** A record that was made of it. */
export interface Made {
  object: string;
  id: string;
  title: string | null;
}

type Answered = { id: string; _title: string | null } | null;

interface Answer {
  done:
    | ({ record: { id: string; version: number } | null; duplicates: Duplicate[]; userErrors: UserError[] } & Values)
    | null;
}

export type Outcome = { made: Made[] } | { errors: UserError[]; duplicates: Duplicate[] };

/** The same goes again under the same key after a lost reply. */
let attempt: { text: string; key: string } | null = null;

/** Sends it; what it has made, or what it was refused with. */
export async function act(
  action: NamedAction,
  { id, version }: Pick<Subject, "id" | "version">,
  input: Values,
  allowDuplicates = false,
): Promise<Outcome> {
  const expectedVersion = versionOf(id, version);
  const given = action.input.length === 0 ? {} : { input: nested(input) };
  const variables = { id, ...given, expectedVersion, allowDuplicates };
  const text = JSON.stringify([action.name, variables]);
  if (attempt?.text !== text) attempt = { text, key: crypto.randomUUID() };
  const sent = { ...variables, idempotencyKey: attempt.key };
  const { done } = (await ask<Answer>("/graphql", actionDocument(action), sent)).data;
  attempt = null;
  const { record = null, userErrors: errors = [], duplicates = [] } = done ?? {};
  if (errors.length > 0) return { errors, duplicates };
  if (record !== null) ownSave(id, expectedVersion, record.version);
  const made = action.creates.flatMap(({ name, object }): Made[] => {
    // Whoever may make a record need not be one who may read it, and not each is made each time.
    const found = (done?.[name] ?? null) as Answered;
    return found === null ? [] : [{ object, id: found.id, title: found._title }];
  });
  return { made };
}
