/** What the pages of behaviour ask of `/metadata`, and the shapes of the answers. */

import { useQuery } from "@tanstack/react-query";
import { client } from "../../api/cache";
import { metadata } from "../../api/metadata";
import type { Change, Diagnostic, Difference } from "../documents";
import type { StoredText } from "./read";

const TEXTS = `query BehaviourTexts { definitions(kind: RULES, standard: true) { path custom text } }`;

/** All texts of behaviour that are published, one's own and standard ones. */
export const readTexts = async (): Promise<StoredText[]> =>
  (await metadata<{ definitions: StoredText[] }>(TEXTS)).definitions;

const KEY = ["meta", "admin", "behaviour"];

export const useStoredTexts = () => useQuery({ queryKey: KEY, queryFn: readTexts, staleTime: Infinity });

/** What was taken out is not listed until the server is asked again. */
export const forgetText = (name: string) =>
  client.setQueryData<StoredText[]>(KEY, (texts) => texts?.filter(({ path, custom }) => !custom || path !== name));

export const KNOWN_OBJECTS = `query KnownObjects { objects { name fields { name options { name } } } }`;

/** What a publish does or would do, and what stands against it. */
export interface Applied {
  version: number;
  changes: Change[];
  diagnostics: Diagnostic[];
  warnings: { message: string }[];
  impact: Difference[];
}

const APPLY = `mutation ApplyBehaviour($rules: [RuleText!]!, $dryRun: Boolean!, $note: String) {
  applySchema(sdl: "", rules: $rules, dryRun: $dryRun, note: $note) {
    version changes { kind object field risk reason } diagnostics { code path line column message hint }
    warnings { message } impact { account object action gained lost }
  }
}`;

/** Publishes a text, or takes it out where there is none; with `dryRun` it is only checked. */
export async function applyText(
  name: string,
  text: string | null,
  { dryRun, note = null }: { dryRun: boolean; note?: string | null },
): Promise<Applied> {
  const variables = { rules: [{ name, text }], dryRun, note };
  return (await metadata<{ applySchema: Applied }>(APPLY, variables)).applySchema;
}
