/** What a flow calls the records that are its states: by the field whose values it names. Pure. */

import type { Flow } from "../api/metadata";
import type { Values } from "../api/paths";

/** The names of records by their id; none where no field has the flow's names. */
export function namesOf(
  records: readonly (Values & { id: string })[],
  keys: readonly string[],
  { start, moves }: Flow,
): ReadonlyMap<string, string> {
  const named = new Set([...start, ...moves.flatMap(({ from, to }) => (to === null ? from : [...from, to]))]);
  const found = (key: string) => records.filter((record) => named.has(record[key] as string)).length;
  const best = keys.reduce<string | null>(
    (held, key) => (found(key) > (held === null ? 0 : found(held)) ? key : held),
    null,
  );
  if (best === null) return new Map();
  return new Map(
    records.flatMap((record) => (typeof record[best] === "string" ? [[record.id, record[best]] as const] : [])),
  );
}
