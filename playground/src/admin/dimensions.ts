/** Dimensions as the definitions have them, and the values that can be ticked, in the order of their tree. */

import { useQuery } from "@tanstack/react-query";
import { useObjectPage, useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import { ask } from "../api/transport";
import { type Defined, dimensionsOf, type End, endsOf, readDefinitions } from "./defined";
import { DEFINITIONS } from "./roles/documents";

/** Most records that are offered as values. */
export const MOST_VALUES = 1000;

export const useDefined = () =>
  useQuery({
    queryKey: ["meta", "admin", "defined"],
    queryFn: async (): Promise<Defined> => {
      const { definitions } = await metadata<{ definitions: { text: string }[] }>(DEFINITIONS);
      return readDefinitions(definitions.map(({ text }) => text));
    },
    staleTime: Infinity,
  });

export interface Dimension {
  name: string;
  /** What people call the values. */
  label: string;
  ends: End[];
  objects: string[];
}

/** The dimensions of the company. */
export function useDimensions(): Dimension[] | undefined {
  const defined = useDefined().data;
  const objects = useShell().data?.objects;
  if (defined === undefined || objects === undefined) return undefined;
  const labels = new Map(objects.map(({ name, label }) => [name, label]));
  return [...dimensionsOf(defined)].map(([name, having]) => {
    const ends = endsOf(defined, name);
    const named = ends.flatMap(({ object, field }) => (field === null ? (labels.get(object) ?? object) : field));
    const label = named.length === 0 ? name : named.join(", ");
    return { name, label, ends, objects: having.filter((one) => labels.has(one)) };
  });
}

export interface TreeValue {
  value: string;
  title: string;
  parent: string | null;
}

interface Row {
  id: string;
  _title: string | null;
  above?: { id: string } | null;
}

/** The values at the end of a dimension. */
export function useValues(end: End | undefined): { values: TreeValue[] | undefined; error: unknown } {
  const defined = useDefined().data;
  const target = useShell().data?.objects.find(({ name }) => name === end?.object);
  const tree = end === undefined ? null : (defined?.get(end.object)?.tree ?? null);
  const page = useObjectPage(end?.field == null ? undefined : end.object);
  const rows = useQuery({
    queryKey: [end?.object, "values", tree],
    queryFn: async () => {
      const above = tree === null ? "" : ` above: ${tree} { id }`;
      const document = `query Values($first: Int) { list: ${target!.plural}(first: $first) { nodes { id _title${above} } } }`;
      return (await ask<{ list: { nodes: Row[] } }>("/graphql", document, { first: MOST_VALUES })).data.list.nodes;
    },
    enabled: end?.field === null && target?.plural != null && defined !== undefined,
  });
  if (end?.field != null) {
    const options = page.data?.object?.fields.find(({ name }) => name === end.field)?.options;
    return { values: options?.map(({ name, label }) => ({ value: name, title: label, parent: null })), error: null };
  }
  const values = rows.data?.map(({ id, _title, above }) => ({
    value: id,
    title: _title ?? id,
    parent: above?.id ?? null,
  }));
  return { values, error: rows.error };
}
