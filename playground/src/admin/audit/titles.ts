/** What records are called whose ids stand in the trail, as far as the reader may see them. */

import { useQuery } from "@tanstack/react-query";
import { ask } from "../../api/transport";

const ID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** Most records of which one page of the trail asks, and of one request: it has 20 root fields at most. */
const MOST = 40;
const AT_ONCE = 20;

/** The ids in some texts, each once. */
export const idsIn = (texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap((text) => text.match(ID) ?? [])),
];

type Nodes = Record<string, { __typename: string; _title?: string | null } | null>;

const asked = async (parts: string[]) => (await ask<Nodes>("/graphql", `query Titles {\n${parts.join("\n")}\n}`)).data;

async function titlesOf(ids: readonly string[]): Promise<Map<string, string>> {
  const titles = new Map<string, string>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    const kinds = await asked(some.map((id, place) => `n${place}: node(id: "${id}") { __typename }`));
    const known = some.flatMap((id, place) => {
      const kind = kinds[`n${place}`]?.__typename;
      return kind === undefined ? [] : [{ id, kind }];
    });
    if (known.length === 0) continue;
    const found = await asked(
      known.map(({ id, kind }, place) => `n${place}: node(id: "${id}") { __typename ... on ${kind} { _title } }`),
    );
    for (const [place, { id }] of known.entries()) {
      const title = found[`n${place}`]?._title;
      if (title != null) titles.set(id, title);
    }
  }
  return titles;
}

/** Titles by id; what is not known, or not for the reader, keeps its id. */
export function useTitles(ids: readonly string[]): ReadonlyMap<string, string> {
  const some = [...ids].sort().slice(0, MOST);
  const told = useQuery({
    queryKey: ["admin", "titles", some],
    queryFn: () => titlesOf(some),
    enabled: some.length > 0,
    placeholderData: (before) => before,
  });
  return told.data ?? new Map();
}

/** A text with titles in the place of ids. */
export const withTitles = (text: string, titles: ReadonlyMap<string, string>) =>
  text.replace(ID, (id) => titles.get(id) ?? id);
