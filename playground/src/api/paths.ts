/** Values in records and patches by the path of a field: `price.amount` stands in the group `price`. */

export type Values = Record<string, unknown>;

export function valueAt(record: Values | null | undefined, path: string): unknown {
  let at: unknown = record;
  for (const step of path.split(".")) {
    if (at === null || typeof at !== "object") return undefined;
    at = (at as Values)[step];
  }
  return at;
}

/** A nested object from flat paths. */
export function nested(flat: Values): Values {
  const made: Values = {};
  for (const [path, value] of Object.entries(flat)) {
    const steps = path.split(".");
    const last = steps.pop()!;
    let at = made;
    for (const step of steps) at = (at[step] ??= {}) as Values;
    at[last] = value;
  }
  return made;
}
