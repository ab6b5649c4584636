/** Finding records: over all objects, for a field, lately opened. */

import { viewedAs } from "../signin/viewing";
import { ask } from "./transport";
import { metadata, OPENED } from "./metadata";

export interface Hit {
  id: string;
  text: string | null;
  detail: string | null;
}

export interface SearchGroup {
  object: string;
  label: string;
  totalCount: number;
  hits: Hit[];
}

export interface Recent extends Hit {
  object: string;
  label: string;
  at: string;
}

export interface Candidate extends Hit {
  object: string;
  recent: boolean;
}

export const SEARCH = `query Search($text: String!, $objects: [String!], $first: Int) {
  search(text: $text, objects: $objects, first: $first) { object label totalCount hits { id text detail } }
}`;

/** Records whose words begin so, of all objects or of these: the first of each. */
export async function searchEverywhere(text: string, objects?: string[], first = 5): Promise<SearchGroup[]> {
  const { data } = await ask<{ search: SearchGroup[] | null }>("/graphql", SEARCH, { text, objects, first });
  return data.search ?? [];
}

export const RECENTS = `query Recents($first: Int) {
  recents(first: $first) { id object label text detail at }
}`;

export async function recents(first: number): Promise<Recent[]> {
  const { data } = await ask<{ recents: Recent[] | null }>("/graphql", RECENTS, { first });
  return data.recents ?? [];
}

/** Says that a person has opened a record; what is opened as someone else is not theirs. */
export const opened = async (object: string, id: string) => {
  if (viewedAs() === null) await metadata(OPENED, { object, id });
};

export const CANDIDATES = `query Candidates($object: String!, $field: String!, $id: ID, $draft: JSON, $search: String, $first: Int) {
  candidates(object: $object, field: $field, id: $id, draft: $draft, search: $search, first: $first) {
    id object text detail recent
  }
}`;

export interface CandidateQuestion {
  object: string;
  field: string;
  id?: string | null;
  draft?: Record<string, unknown>;
  search?: string;
  first?: number;
}

/** The records to which a field may refer. */
export async function candidates(asked: CandidateQuestion): Promise<Candidate[]> {
  const { data } = await ask<{ candidates: Candidate[] | null }>("/graphql", CANDIDATES, { ...asked });
  return data.candidates ?? [];
}
