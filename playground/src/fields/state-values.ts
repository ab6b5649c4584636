/** The values of a field that says in what state a record is, in their order: choices, or the records it refers to. */

import { useQuery } from "@tanstack/react-query";
import { useObjectPage, useShell } from "../api/cache";
import type { FieldInfo, Flow } from "../api/metadata";
import type { Values } from "../api/paths";
import { ask } from "../api/transport";
import { titlesDocument } from "./documents";
import { namesOf } from "./state-names";

export interface StateValue {
  value: string;
  label: string;
  /** What the flow calls it; none where that is not known. */
  name: string | undefined;
}

type Titled = Values & { id: string; _title: string | null };

const TOLD_BY = ["TEXT", "NUMBER"];

/** None while they are not known, or where no field is given. Those of a flow are told by its names. */
export function useStateValues(state: FieldInfo | undefined, flow: Flow | null = null): StateValue[] | undefined {
  const shell = useShell();
  const target = shell.data?.objects.find(({ name }) => name === state?.target);
  const page = useObjectPage(state?.type === "RELATION" ? target?.name : undefined);
  const keys = (page.data?.object?.fields ?? []).filter(
    ({ type, access, name }) => flow !== null && TOLD_BY.includes(type) && access !== "MASKED" && !name.includes("."),
  );
  const document = target?.plural == null ? "" : titlesDocument(target, keys);
  const titles = useQuery({
    queryKey: [target?.name, "titles", document],
    queryFn: async () => {
      const orderBy = page.data?.list?.orderBy ?? undefined;
      const { data } = await ask<{ list: { nodes: Titled[] } | null }>("/graphql", document, { orderBy });
      return data.list?.nodes ?? [];
    },
    enabled: state?.type === "RELATION" && document !== "" && page.data !== undefined,
  });
  if (state?.type !== "RELATION")
    return state?.options?.filter(({ active }) => active).map(({ name, label }) => ({ value: name, label, name }));
  if (titles.data === undefined) return undefined;
  const names =
    flow === null
      ? null
      : namesOf(
          titles.data,
          keys.map(({ name }) => name),
          flow,
        );
  return titles.data.map(({ id, _title }) => ({ value: id, label: _title ?? id, name: names?.get(id) }));
}
