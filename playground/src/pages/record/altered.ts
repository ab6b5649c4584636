/** Values of a record with one of them changed, and what differs between two readings. */

import type { FieldInfo } from "../../api/metadata";
import { valueAt, type Values } from "../../api/paths";

/** A copy of the values with another one at a path. */
export function withValue<T extends Values>(values: T, path: string, value: unknown): T {
  const [step, ...rest] = path.split(".");
  const inner = rest.length === 0 ? value : withValue((values[step!] ?? {}) as Values, rest.join("."), value);
  return { ...values, [step!]: inner };
}

export const sameValue = (one: unknown, other: unknown) =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** What every save writes: of no news. */
const STAMPS = new Set(["updatedAt", "updatedBy"]);

/** The fields that differ between two readings, but for one. */
export const alteredFields = (fields: readonly FieldInfo[], before: Values, after: Values, but: string): FieldInfo[] =>
  fields.filter(
    ({ name }) => name !== but && !STAMPS.has(name) && !sameValue(valueAt(before, name), valueAt(after, name)),
  );
