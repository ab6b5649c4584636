/** The fields that a question names, also those of related records: what their objects are is asked as it is needed. */

import { useMemo } from "react";
import { useQueries } from "@tanstack/react-query";
import { client, objectPage } from "../../api/cache";
import type { FieldInfo, ObjectPage, SavedView } from "../../api/metadata";
import { conditionsIn, type ListQuestion } from "../../question/question";
import { fieldAt, type FieldsOf, pathsIn, type Related } from "../../question/related";

const byName = (fields: readonly FieldInfo[]) => new Map(fields.map((field) => [field.name, field]));

export function useKnown(
  object: string,
  fields: ReadonlyMap<string, FieldInfo>,
  question: ListQuestion,
  view: SavedView | undefined,
): {
  known: ReadonlyMap<string, FieldInfo>;
  /** The field at a path with the object that it belongs to. */
  relatedAt: (path: string) => Related | null;
  waiting: boolean;
} {
  const paths = [
    ...new Set([...conditionsIn(question).map(({ field }) => field), ...pathsIn(view?.question.filter)]),
  ].filter((path) => path.includes(".") && !fields.has(path));
  const asked = new Set<string>();
  const fieldsOf: FieldsOf = (name) => {
    asked.add(name);
    const query = objectPage(name).queryKey;
    const page = client.getQueryData<ObjectPage>(query);
    // What cannot be asked is not there.
    if (page === undefined) return client.getQueryState(query)?.status === "error" ? null : undefined;
    return page.object === null ? null : byName(page.object.fields);
  };
  const found = fields.size === 0 ? [] : paths.map((path) => fieldAt(path, object, fields, fieldsOf));
  const answers = useQueries({ queries: [...asked].map(objectPage) });
  const waiting = found.includes(undefined);
  const known = useMemo(() => {
    const related = found.flatMap((one) => (one == null ? [] : [[one.field.name, one.field] as const]));
    return related.length === 0 ? fields : new Map([...fields, ...related]);
  }, [fields, paths.join(), waiting, answers.map(({ dataUpdatedAt }) => dataUpdatedAt).join()]);
  const relatedAt = (path: string): Related | null => {
    const own = fields.get(path);
    return own === undefined ? (found[paths.indexOf(path)] ?? null) : { field: own, object, name: path };
  };
  return { known, relatedAt, waiting };
}
