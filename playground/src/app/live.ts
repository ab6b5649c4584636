/** Follows what `/metadata` would tell: another fingerprint makes it stale. */

import { follow } from "../api/live";
import { seen } from "../api/transport";

interface Told {
  viewerChanged: { fingerprint: string } | null;
}

/** Listens until the returned function is called. */
export const followViewer = (): (() => void) =>
  follow<Told>("/metadata", "subscription ViewerChanged { viewerChanged { fingerprint } }", {}, ({ viewerChanged }) =>
    seen(viewerChanged?.fingerprint ?? null),
  );
