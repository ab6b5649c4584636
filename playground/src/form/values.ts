/**
 * What a form holds: values as records have them, by the path of their field, and rows of lines. And what inputs
 * make of it.
 */

import type { FieldInfo, Layout } from "../api/metadata";
import { nested, valueAt, type Values } from "../api/paths";
import { fieldsOf } from "../fields/documents";
import type { Reference } from "../fields/kinds";

export interface LineRow {
  key: string;
  /** None for a row that is not stored yet. */
  id: string | null;
  /** What has been typed. */
  values: Values;
  /** What is stored. */
  stored: Values;
  removed: boolean;
}

export interface FormState {
  values: Values;
  lines: Record<string, LineRow[]>;
}

export const EMPTY: FormState = { values: {}, lines: {} };

export type FieldMap = ReadonlyMap<string, FieldInfo>;

const ids = (value: unknown) => ((value ?? []) as Reference[]).map(({ id }) => id);

/** What has been added and removed: members that the form does not show stay as they are. */
function members(value: unknown, stored: unknown) {
  const [now, before] = [ids(value), ids(stored)];
  if (before.length === 0 && stored === undefined) return { set: now };
  return { add: now.filter((id) => !before.includes(id)), remove: before.filter((id) => !now.includes(id)) };
}

/** A record that is there, or one that is made in the same save. */
const referred = ({ id, create }: Reference) => (create === undefined ? { id } : { create: create.input });

/** A value as inputs take it; `stored` is what it was. */
export function inputOf(field: FieldInfo, value: unknown, stored: unknown): unknown {
  if (field.type === "MANY_TO_MANY") return members(value, stored);
  if (value === null || value === undefined) return null;
  switch (field.type) {
    case "RELATION":
      return referred(value as Reference);
    case "UNION": {
      const { __typename } = value as Reference;
      const target = field.targets?.find(({ object }) => object === __typename);
      return target === undefined ? null : { [target.name]: referred(value as Reference) };
    }
    default:
      return value;
  }
}

function inputsOf(values: Values, fields: FieldMap, stored: Values | null): Values {
  const made: Values = {};
  for (const [path, value] of Object.entries(values)) {
    const field = fields.get(path);
    if (field !== undefined) made[path] = inputOf(field, value, valueAt(stored, path));
  }
  return nested(made);
}

/** The patch or input that a form comes to. `lineFields` has the fields of each list of lines. */
export function patchOf(
  state: FormState,
  fields: FieldMap,
  lineFields: Record<string, FieldMap>,
  stored: Values | null,
): Values {
  const patch = inputsOf(state.values, fields, stored);
  for (const [name, rows] of Object.entries(state.lines)) {
    const known = lineFields[name];
    if (known === undefined) continue;
    const create = created(rows).map(({ values }) => inputsOf(values, known, null));
    const update = updated(rows).map(({ id, values, stored: row }) => ({ id, patch: inputsOf(values, known, row) }));
    const removed = rows.filter((row) => row.id !== null && row.removed).map(({ id }) => id);
    const change = {
      ...(create.length > 0 ? { create } : {}),
      ...(update.length > 0 ? { update } : {}),
      ...(removed.length > 0 ? { delete: removed } : {}),
    };
    if (Object.keys(change).length > 0) patch[name] = change;
  }
  return patch;
}

const typedIn = (row: LineRow) => Object.keys(row.values).length > 0;

/** A masked value is part of one: written back it would take the place of the whole. */
export const editable = (field: FieldInfo) => field.writable && field.access !== "MASKED";

/** The rows with one of them a place up or down. Stored ones have their order from the server: only new ones move. */
export function moved(rows: readonly LineRow[], key: string, by: -1 | 1): LineRow[] | null {
  const shown = rows.filter(({ removed }) => !removed);
  const at = shown.findIndex((row) => row.key === key);
  const [row, other] = [shown[at], shown[at + by]];
  if (row === undefined || other === undefined || row.id !== null || other.id !== null) return null;
  return rows.map((one) => (one === row ? other : one === other ? row : one));
}

/** Rows that a save makes, in its order; empty ones are nobody's. */
export const created = (rows: readonly LineRow[]) =>
  rows.filter((row) => row.id === null && !row.removed && typedIn(row));

export const updated = (rows: readonly LineRow[]) =>
  rows.filter((row) => row.id !== null && !row.removed && typedIn(row));

/** The rows as the drafted record lists them: the stored ones, then the new ones. */
export const drafted = (rows: readonly LineRow[]) => [
  ...rows.filter((row) => row.id !== null && !row.removed),
  ...created(rows),
];

/** Fields that were typed in and are not in the layout any more: what was typed in them is not sent. */
export function retiredFields(opened: Layout, now: Layout, state: FormState): FieldInfo[] {
  if (opened === now) return [];
  const known = new Set(fieldsOf(now).map(({ name }) => name));
  return fieldsOf(opened).filter(({ name }) => name in state.values && !known.has(name));
}

/** Whether anything has been changed. */
export const isDirty = ({ values, lines }: FormState) =>
  Object.keys(values).length > 0 ||
  Object.values(lines).some((rows) => rows.some((row) => row.removed || typedIn(row)));

/**
 * Where a fault or condition belongs: `name`, `price.amount`, or `lines/KEY/quantity` for a cell. Indices count
 * among the rows that the request had.
 */
export function placeOf(path: readonly string[], state: FormState): string {
  const [name, what, index, ...rest] = path;
  const rows = name === undefined ? undefined : state.lines[name];
  if (rows === undefined) return ownerOf(path, state.values);
  if (what === undefined) return path.join(".");
  const among = what === "create" ? created(rows) : what === "update" ? updated(rows) : [];
  const row = among[Number(index)];
  if (row === undefined) return name!;
  const inner = rest[0] === "patch" ? rest.slice(1) : rest;
  return `${name}/${row.key}/${ownerOf(inner, row.values)}`;
}

/** What is wrong with a record that is made in the same save belongs to the field that refers to it. */
function ownerOf(path: readonly string[], values: Values): string {
  const made = path.indexOf("create");
  if (made < 1) return path.join(".");
  const owner = path.slice(0, made).map((_, place) => path.slice(0, place + 1).join("."));
  return owner.find((name) => name in values) ?? path.join(".");
}

/** Whether what was told of a place is of what is typed there: it was typed, and has not been changed since. */
export function isOf(place: string, then: FormState, now: FormState): boolean {
  const [name = "", key, path = ""] = place.split("/");
  if (key === undefined) return place in now.values && then.values[place] === now.values[place];
  const typedIn = ({ lines }: FormState) => lines[name]?.find((one) => one.key === key)?.values;
  const values = typedIn(now);
  return values !== undefined && path in values && typedIn(then)?.[path] === values[path];
}
