/** Changes to cells: one patch a record, in requests that are not too large; what puts them back. */

import type { FieldInfo } from "../../api/metadata";
import { versionOf } from "../../api/own-saves";
import { nested, type Values } from "../../api/paths";
import { inputOf } from "../../form/values";

export interface CellChange {
  id: string;
  /** The version that was seen when it was changed. */
  version: number;
  field: FieldInfo;
  value: unknown;
  /** What is stored. */
  stored: unknown;
}

export interface RecordChange {
  id: string;
  version: number;
  cells: CellChange[];
}

/** The most records that one change is for. */
export const MOST = 200;

/** The changes of each record, in the order in which records come first. The last change of a field counts. */
export function byRecord(changes: readonly CellChange[]): RecordChange[] {
  const records = new Map<string, RecordChange>();
  for (const change of changes) {
    const record = records.get(change.id) ?? { id: change.id, version: change.version, cells: [] };
    record.cells = [...record.cells.filter(({ field }) => field.name !== change.field.name), change];
    records.set(change.id, record);
  }
  return [...records.values()];
}

/**
 * The row that a value was typed over: as it was when its editor opened, so that what others have changed since is
 * noticed; as it is now if all that has changed is one's own.
 */
export function typedOver<T extends { id: string; version: number }>(opened: T, now: T): T {
  const own = now.id === opened.id && now.version >= opened.version;
  return own && now.version <= versionOf(opened.id, opened.version) ? now : opened;
}

/** A request has 20 changes at most, and 2,000 fields with what it asks of each record. */
export function portions<T>(changes: readonly T[], fields: number): T[][] {
  const size = Math.max(1, Math.min(20, Math.floor(1_800 / Math.max(1, fields))));
  return Array.from({ length: Math.ceil(changes.length / size) }, (_, at) => changes.slice(at * size, (at + 1) * size));
}

export const patchFor = ({ cells }: RecordChange): Values =>
  nested(Object.fromEntries(cells.map(({ field, value, stored }) => [field.name, inputOf(field, value, stored)])));

/** What puts a record back that was saved as `version`. */
export const reversed = ({ cells }: RecordChange, version: number): CellChange[] =>
  cells.map((cell) => ({ ...cell, version, value: cell.stored ?? null, stored: cell.value }));

/** Whether two values are the same to whoever looks at a cell. */
export function sameValue(one: unknown, other: unknown): boolean {
  const plain = (value: unknown): unknown => {
    if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return null;
    if (Array.isArray(value)) return value.map(plain);
    return typeof value === "object" && value !== null && "id" in value ? value.id : value;
  };
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}
