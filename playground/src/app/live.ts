/** Follows what `/metadata` would tell by one socket: another fingerprint makes it stale. */

import { createClient } from "graphql-ws";
import { seen } from "../api/transport";
import { accessToken } from "../signin/session";

/** Listens until the returned function is called. */
export function followViewer(): () => void {
  const socket = createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/metadata`,
    connectionParams: async () => ({ Authorization: `Bearer ${(await accessToken()) ?? ""}` }),
    retryAttempts: 1_000,
    shouldRetry: () => true,
  });
  const stop = socket.subscribe<{ viewerChanged: { fingerprint: string } | null }>(
    { query: "subscription ViewerChanged { viewerChanged { fingerprint } }" },
    {
      next: ({ data }) => seen(data?.viewerChanged?.fingerprint ?? null),
      error: () => undefined,
      complete: () => undefined,
    },
  );
  return () => {
    stop();
    void socket.dispose();
  };
}
