/** Subscriptions: one WebSocket a page, opened when the first is asked for, with the token of whoever is signed in. */

import { type Client, createClient } from "graphql-ws";
import type { Params } from "./operation";
import { accessToken, account, subscribe } from "../signin/session";

let socket: Client | null = null;

// The next person's subscriptions do not go over the last one's connection.
let opened = account();
subscribe(() => {
  if (account() === opened) return;
  opened = account();
  void socket?.dispose();
  socket = null;
});

/** What a subscription emits, as GraphiQL reads it. */
export function follow(endpoint: string, { query, operationName, variables }: Params) {
  socket ??= createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${endpoint}`,
    connectionParams: async () => ({
      Authorization: `Bearer ${(await accessToken()) ?? ""}`,
    }),
  });
  return socket.iterate({ query, operationName, variables });
}
