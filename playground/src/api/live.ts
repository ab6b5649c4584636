/** Changes as they happen, over one socket a page at each endpoint, with the token of whoever is signed in. */

import { type Client, createClient } from "graphql-ws";
import { accessToken } from "../signin/session";
import { viewedAs } from "../signin/viewing";
import type { Endpoint } from "./transport";

const sockets = new Map<Endpoint, Client>();

function socketOf(endpoint: Endpoint): Client {
  const open = sockets.get(endpoint);
  if (open !== undefined) return open;
  const made = createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${endpoint}`,
    connectionParams: async () => ({ Authorization: `Bearer ${(await accessToken()) ?? ""}` }),
    retryAttempts: 1_000,
    shouldRetry: () => true,
  });
  sockets.set(endpoint, made);
  return made;
}

/**
 * Listens until the returned function is called. What is refused is not followed: the page goes on without. Whoever
 * reads as someone else follows nothing: the server tells them as themselves alone.
 */
export function follow<T>(
  endpoint: Endpoint,
  query: string,
  variables: Record<string, unknown>,
  told: (data: T) => void,
): () => void {
  if (viewedAs() !== null) return () => undefined;
  return socketOf(endpoint).subscribe<T>(
    { query, variables },
    {
      next: ({ data }) => {
        if (data != null) told(data as T);
      },
      error: () => undefined,
      complete: () => undefined,
    },
  );
}

/** Ends all connections: whoever signs in next has their own. */
export function hangUp() {
  for (const socket of sockets.values()) void socket.dispose();
  sockets.clear();
}
