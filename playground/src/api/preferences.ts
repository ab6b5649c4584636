/** What a person has chosen about their own pages. */

import { useQuery } from "@tanstack/react-query";
import { client } from "./cache";
import { metadata, PREFERENCES } from "./metadata";
import { together } from "./together";

const WRITE = `mutation SetPreference($key: String!, $value: JSON) { setPreference(key: $key, value: $value) }`;

const KEY = ["meta", "preferences"];

export const usePreferences = () =>
  useQuery({
    queryKey: KEY,
    queryFn: async () => (await together<Record<string, unknown>>(PREFERENCES, "/metadata")) ?? {},
    staleTime: Infinity,
  });

/** Keeps a choice; it holds at once on this page. */
export async function setPreference(key: string, value: unknown): Promise<void> {
  client.setQueryData<Record<string, unknown>>(KEY, (held) => ({ ...held, [key]: value }));
  await metadata(WRITE, { key, value });
}
