/** Changes as they happen, over one socket a page at each endpoint, with the token of whoever is signed in. */

import type { Client } from "graphql-ws";
import { accessToken } from "../signin/session";
import { viewedAs } from "../signin/viewing";
import type { Endpoint } from "./transport";

const sockets = new Map<Endpoint, Promise<Client>>();

/** The library comes once the page is drawn: nothing waits for what happens later. */
async function opened(endpoint: Endpoint): Promise<Client> {
  const { createClient } = await import("graphql-ws");
  return createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${endpoint}`,
    connectionParams: async () => ({ Authorization: `Bearer ${(await accessToken()) ?? ""}` }),
    retryAttempts: 1_000,
    shouldRetry: () => true,
  });
}

function socketOf(endpoint: Endpoint): Promise<Client> {
  const held = sockets.get(endpoint);
  if (held !== undefined) return held;
  const made = opened(endpoint);
  sockets.set(endpoint, made);
  // What could not be loaded is tried again by whoever listens next.
  made.catch(() => sockets.delete(endpoint));
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
  let over = false;
  let end = () => undefined as void;
  void socketOf(endpoint).then(
    (socket) => {
      if (over) return;
      end = socket.subscribe<T>(
        { query, variables },
        {
          next: ({ data }) => {
            if (data != null) told(data as T);
          },
          error: () => undefined,
          complete: () => undefined,
        },
      );
    },
    () => undefined,
  );
  return () => {
    over = true;
    end();
  };
}

/** Ends all connections: whoever signs in next has their own. */
export function hangUp() {
  for (const socket of sockets.values())
    void socket.then(
      (open) => open.dispose(),
      () => undefined,
    );
  sockets.clear();
}
