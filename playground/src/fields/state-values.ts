/** The values of a field that says in what state a record is, in their order: choices, or the records it refers to. */

import { useQuery } from "@tanstack/react-query";
import { useObjectPage, useShell } from "../api/cache";
import type { FieldInfo } from "../api/metadata";
import { ask } from "../api/transport";
import { titlesDocument } from "./documents";

/** None while they are not known, or where no field is given. */
export function useStateValues(state: FieldInfo | undefined): { value: string; label: string }[] | undefined {
  const shell = useShell();
  const target = shell.data?.objects.find(({ name }) => name === state?.target);
  const page = useObjectPage(state?.type === "RELATION" ? target?.name : undefined);
  const titles = useQuery({
    queryKey: [target?.name, "titles"],
    queryFn: async () => {
      const orderBy = page.data?.list?.orderBy ?? undefined;
      const { data } = await ask<{ list: { nodes: { id: string; _title: string | null }[] } | null }>(
        "/graphql",
        titlesDocument(target!),
        { orderBy },
      );
      return (data.list?.nodes ?? []).map(({ id, _title }) => ({ value: id, label: _title ?? id }));
    },
    enabled: state?.type === "RELATION" && target?.plural != null && page.data !== undefined,
  });
  if (state?.type !== "RELATION")
    return state?.options?.filter(({ active }) => active).map(({ name, label }) => ({ value: name, label }));
  return titles.data;
}
