/** Writes one field of a record: sent one after the other, joined with what others have changed, taken back. */

import { client, recordsChanged } from "../../api/cache";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import { ownSave, versionMade, versionOf } from "../../api/own-saves";
import { nested, valueAt, type Values } from "../../api/paths";
import { ask } from "../../api/transport";
import { fieldsOf, updateDocument } from "../../fields/documents";
import type { UserError } from "../../form/use-draft";
import { inputOf } from "../../form/values";
import { alteredFields, withValue } from "./altered";
import type { OpenRecord, RecordValues } from "./use-record";

export interface Change {
  field: FieldInfo;
  /** What it was when the editor was opened. */
  before: unknown;
  value: unknown;
  /** The version over which it was typed. */
  version: number;
  allowDuplicates: boolean;
}

export type Written =
  | { saved: number; altered: FieldInfo[] }
  | { refused: string; alike: boolean }
  | { theirs: unknown; version: number };

interface Answer {
  saved: { record: { version: number } | null; userErrors: UserError[] } | null;
}

/** The same change goes again under the same key after a lost reply. */
let attempt: { text: string; key: string } | null = null;

function keyOf(text: string): string {
  if (attempt?.text !== text) attempt = { text, key: crypto.randomUUID() };
  return attempt.key;
}

async function send(object: ObjectSummary, id: string, patch: Values, version: number, allowDuplicates: boolean) {
  const text = JSON.stringify([object.name, id, patch, version, allowDuplicates]);
  const repeated = attempt?.text === text;
  const { data } = await ask<Answer>("/graphql", updateDocument(object), {
    id,
    patch,
    expectedVersion: version,
    allowDuplicates,
    idempotencyKey: keyOf(text),
  });
  attempt = null;
  const { record, userErrors } = data.saved ?? { record: null, userErrors: [] };
  const made = record === null ? version : versionMade(version, record.version, repeated);
  if (userErrors.length === 0) ownSave(id, version, made);
  return { made, userErrors };
}

/** One save of a record waits for the one before: its version is the next one's. */
const turns = new Map<string, Promise<unknown>>();

function inTurn<T>(id: string, save: () => Promise<T>): Promise<T> {
  const next = (turns.get(id) ?? Promise.resolve()).then(save);
  turns.set(
    id,
    next.catch(() => undefined),
  );
  return next;
}

export const write = (open: OpenRecord, change: Change): Promise<Written> =>
  inTurn(open.record.id, () => written(open, change));

async function written({ object, layout, queryKey }: OpenRecord, change: Change): Promise<Written> {
  const { field, before, value, allowDuplicates } = change;
  const held = () => client.getQueryData<RecordValues | null>(queryKey);
  const first = held();
  if (first == null) return { refused: "", alike: false };
  const { id } = first;
  const show = (shown: unknown) =>
    client.setQueryData<RecordValues | null>(queryKey, (now) => now && withValue(now, field.name, shown));
  const patch = nested({ [field.name]: inputOf(field, value, before) });
  // Another field saved from here a moment ago is no conflict with oneself.
  let version = versionOf(id, change.version);
  await client.cancelQueries({ queryKey });
  show(value);
  try {
    for (let tries = 0; ; tries++) {
      const { made, userErrors } = await send(object, id, patch, version, allowDuplicates);
      if (userErrors.length === 0) {
        await recordsChanged();
        const after = held();
        const altered = after == null ? [] : alteredFields(fieldsOf(layout), first, after, field.name);
        return { saved: made, altered };
      }
      const stale = userErrors.find(({ code }) => code === "RECORD_VERSION");
      if (stale === undefined || tries > 2) {
        show(before);
        const alike = userErrors.every(({ code }) => code === "RECORD_DUPLICATE");
        return { refused: userErrors.map(said).join(" "), alike };
      }
      // What only they have changed joins; what both have is for the person to choose.
      await client.refetchQueries({ queryKey });
      const newer = held();
      if (newer == null) return { refused: said(stale), alike: false };
      if (userErrors.some(({ path }) => path.join(".") === field.name))
        return { theirs: valueAt(newer, field.name), version: newer.version };
      version = newer.version;
      show(value);
    }
  } catch (error) {
    show(before);
    throw error;
  }
}

const said = ({ message, hint }: UserError) => (hint === null ? message : `${message} (${hint})`);

/**
 * Writes the earlier value over the version that a change has made, and over what was saved from here since; what it
 * was refused with, if it was.
 */
export const takeBack = (
  { object, record: { id } }: OpenRecord,
  change: Change,
  made: number,
): Promise<string | null> =>
  inTurn(id, async () => {
    const { field, before, value } = change;
    const patch = nested({ [field.name]: inputOf(field, before, value) });
    const { userErrors } = await send(object, id, patch, versionOf(id, made), true);
    if (userErrors.length > 0) return userErrors.map(said).join(" ");
    await recordsChanged();
    return null;
  });
