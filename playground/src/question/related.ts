/** Fields of related records, by the path that leads to them: `customer.region` of an order. */

import type { FieldInfo } from "../api/metadata";

export type FieldsOf = (object: string) => ReadonlyMap<string, FieldInfo> | null | undefined;

/** A field with the object that it belongs to, and its name there. */
export interface Related {
  field: FieldInfo;
  object: string;
  name: string;
}

/** More relations than a person follows in one condition. */
const DEEPEST = 4;

/**
 * The field at the end of a path, called by all that lead to it. `fieldsOf` knows the fields of an object, has null for
 * one that is not there, and nothing while it is not known: then so is the answer.
 */
export function fieldAt(
  path: string,
  object: string,
  fields: ReadonlyMap<string, FieldInfo>,
  fieldsOf: FieldsOf,
  depth = 0,
): Related | null | undefined {
  const own = fields.get(path);
  if (own !== undefined) return { field: own, object, name: path };
  for (const relation of fields.values()) {
    const { name, type, target, label } = relation;
    if (type !== "RELATION" || target === null || !path.startsWith(`${name}.`) || depth >= DEEPEST) continue;
    const theirs = fieldsOf(target);
    if (theirs == null) return theirs;
    const inner = fieldAt(path.slice(name.length + 1), target, theirs, fieldsOf, depth + 1);
    return inner && { ...inner, field: { ...inner.field, name: path, label: `${label} › ${inner.field.label}` } };
  }
  return null;
}

/** The paths of whatever a filter says, with and without operators at their end. */
export function pathsIn(filter: unknown, before = ""): string[] {
  if (Array.isArray(filter)) return filter.flatMap((one) => pathsIn(one, before));
  if (typeof filter !== "object" || filter === null) return [];
  return Object.entries(filter).flatMap(([key, inner]) => {
    if (key === "and" || key === "or" || key === "not") return pathsIn(inner, before);
    const path = before === "" ? key : `${before}.${key}`;
    return [path, ...pathsIn(inner, path)];
  });
}
