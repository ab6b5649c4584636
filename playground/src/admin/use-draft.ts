/** The administrator's draft of the company's definitions: as text, by steps, published. */

import { useQuery } from "@tanstack/react-query";
import { client } from "../api/cache";
import { metadata } from "../api/metadata";
import { DROP_DRAFT, EDIT_DRAFT, PUBLISH, type Published, READ_DRAFT, SAVE_DRAFT, type SchemaDraft } from "./documents";

interface Read {
  version: number;
  schemaText: string;
  schemaDraft: SchemaDraft | null;
}

export function useSchemaDraft() {
  const read = useQuery({ queryKey: ["draft-schema"], queryFn: () => metadata<Read>(READ_DRAFT), staleTime: 0 });
  const hold = (draft: SchemaDraft | null) =>
    client.setQueryData<Read>(["draft-schema"], (before) => before && { ...before, schemaDraft: draft });
  return {
    read,
    draft: read.data?.schemaDraft ?? null,
    /** The text that an editor begins with. */
    text: read.data?.schemaDraft?.sdl ?? read.data?.schemaText ?? "",
    save: async (sdl: string) => {
      const base = read.data?.schemaDraft?.base ?? read.data?.version ?? 0;
      const { saveSchemaDraft } = await metadata<{ saveSchemaDraft: SchemaDraft }>(SAVE_DRAFT, { sdl, base });
      hold(saveSchemaDraft);
      return saveSchemaDraft;
    },
    edit: async (steps: Record<string, unknown>[]) => {
      hold((await metadata<{ editSchemaDraft: SchemaDraft }>(EDIT_DRAFT, { steps })).editSchemaDraft);
    },
    drop: async () => {
      await metadata(DROP_DRAFT);
      await read.refetch();
    },
    publish: async (note: string, acceptLayouts: boolean) => {
      const told = await metadata<Published>(PUBLISH, { note: note === "" ? null : note, acceptLayouts });
      await read.refetch();
      await client.invalidateQueries({ queryKey: ["meta"] });
      return told.publishSchemaDraft;
    },
  };
}

export type DraftEditor = ReturnType<typeof useSchemaDraft>;
