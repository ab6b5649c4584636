/** The states that a flow can have, in their order: values of a picklist, or the records that a relation refers to. */

import { useQuery } from "@tanstack/react-query";
import { useObjectPage, useShell } from "../../api/cache";
import type { FieldInfo } from "../../api/metadata";
import type { Values } from "../../api/paths";
import { ask } from "../../api/transport";
import { titlesDocument } from "../../fields/documents";
import type { TextFlow } from "./read";

export interface KnownState {
  name: string;
  label: string;
}

type Titled = Values & { id: string; _title: string | null };

/** None while they are asked for. Records stand in the order by which a move leads to the next one. */
export function useStates(field: FieldInfo | undefined, flow: TextFlow): KnownState[] | undefined {
  const shell = useShell().data;
  const target = shell?.objects.find(({ name }) => name === field?.target);
  const page = useObjectPage(target?.name);
  const key = page.data?.object?.fields.find(({ name }) => name === flow.key);
  const next = flow.moves
    .find(({ to }) => to.startsWith("next:"))
    ?.to.slice("next:".length)
    .trim();
  const document = target?.plural == null || key === undefined ? null : titlesDocument(target, [key]);
  const orderBy = next === undefined ? page.data?.list?.orderBy : [{ [next]: "ASC" }];
  const told = useQuery({
    queryKey: [target?.name, "titles", document, orderBy],
    queryFn: async () =>
      (await ask<{ list: { nodes: Titled[] } | null }>("/graphql", document!, { orderBy: orderBy ?? undefined })).data
        .list?.nodes ?? [],
    enabled: document !== null && page.data !== undefined,
    retry: false,
  });
  if (field === undefined || told.isError) return [];
  if (field.target === null)
    return (field.options ?? []).filter(({ active }) => active).map(({ name, label }) => ({ name, label }));
  // Records that the reader does not know, or a key that is not there: the names of the flow will do.
  if (target === undefined || page.isError || (page.data !== undefined && document === null)) return [];
  return told.data?.flatMap((record) => {
    const name = record[flow.key!];
    return typeof name === "string" || typeof name === "number"
      ? [{ name: String(name), label: record._title ?? String(name) }]
      : [];
  });
}
