/**
 * What the page keeps of answers, and under which keys.
 *
 * `["meta", …]` is what `/metadata` told, kept until the fingerprint changes; `[object, …]` are records.
 */

import { useSyncExternalStore } from "react";
import { QueryClient, useQuery } from "@tanstack/react-query";
import { type Layout, metadata, PAGE, readObjectPage, SHELL, type Shell } from "./metadata";
import { Offline, onStale } from "./transport";

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      // A refusal is an answer; only a lost connection is worth another try.
      retry: (count, error) => error instanceof Offline && count < 2,
    },
  },
});

onStale(() => void client.invalidateQueries({ queryKey: ["meta"] }));

/** Who looks at the page, their menus and the objects they may know. */
export const useShell = () =>
  useQuery({ queryKey: ["meta", "shell"], queryFn: () => metadata<Shell>(SHELL), staleTime: Infinity });

let shell: Shell | undefined;
const shellListeners = new Set<() => void>();

client.getQueryCache().subscribe(({ query }) => {
  if (query.queryKey[0] !== "meta" || query.queryKey[1] !== "shell" || query.state.data === shell) return;
  shell = query.state.data as Shell | undefined;
  for (const listener of shellListeners) listener();
});

const onShell = (listener: () => void) => {
  shellListeners.add(listener);
  return () => shellListeners.delete(listener);
};

/** The same as far as it is there, without asking: for what stands in a page hundreds of times. */
export const useHeldShell = (): Shell | undefined => useSyncExternalStore(onShell, () => shell);

/** What `/metadata` tells of an object, kept. */
export const objectPage = (object: string) => ({
  queryKey: ["meta", "object", object],
  queryFn: () => readObjectPage(object),
  staleTime: Infinity,
});

/** An object with its list layout and views. */
export const useObjectPage = (object: string | undefined) =>
  useQuery({ ...objectPage(object ?? ""), enabled: object !== undefined });

/** The layout of one record's page or form; that of a state while it is known. */
export const useLayout = (object: string | undefined, kind: "DETAIL" | "EDIT", state: string | null) =>
  useQuery({
    queryKey: ["meta", "layout", object, kind, state],
    queryFn: async () => (await metadata<{ layout: Layout | null }>(PAGE, { object, kind, state })).layout,
    enabled: object !== undefined,
    staleTime: Infinity,
    placeholderData: (before, query) => (query?.queryKey[2] === object ? before : undefined),
  });

/** A record was written: what is held of any object may be of before. */
export const recordsChanged = () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "meta" });
