/** Keeps what has been typed on the server, two seconds after the last key. */

import { useEffect, useRef } from "react";
import { client } from "../api/cache";
import { DROP_DRAFT, KEEP_DRAFT, metadata } from "../api/metadata";
import { type FormState, isDirty } from "./values";

const PAUSE = 2_000;

export interface Kept {
  /** Forgets what is kept: it is saved, or nobody wants it. */
  drop: () => Promise<void>;
  /** Keeps it now. */
  keep: () => Promise<void>;
}

/** `draft` is the id of what was kept before; `record` is what is edited, none for a new one. */
export function useKept(
  object: string,
  record: string | null,
  base: { readonly current: number | null },
  state: FormState,
  start: FormState,
  draft: string | null,
  /** What was kept before waits for a word: nothing takes its place by itself. */
  paused: boolean,
): Kept {
  const kept = useRef(draft);
  const over = useRef(false);
  const latest = useRef(state);
  latest.current = state;
  // One after the other: the second needs the id that the first is given.
  const turn = useRef<Promise<void>>(Promise.resolve());

  const send = async () => {
    if (over.current || latest.current === start || !isDirty(latest.current)) return;
    const sent = async (id: string | null) => {
      const asked = { object, id, base: base.current, data: latest.current };
      return (await metadata<{ keepDraft: { id: string; record: string | null } }>(KEEP_DRAFT, asked)).keepDraft;
    };
    let now = await sent(record ?? kept.current);
    if (record === null && now.record !== null) {
      // Another tab has dropped the draft of this new record, so that its id was taken for a record's.
      await metadata(DROP_DRAFT, { id: now.id });
      now = await sent(null);
    }
    kept.current = now.id;
    await client.invalidateQueries({ queryKey: ["drafts"] });
  };
  const keep = () => {
    const next = turn.current.then(send);
    turn.current = next.catch(() => undefined);
    return next;
  };
  useEffect(() => {
    if (paused || state === start || !isDirty(state)) return;
    // What cannot be kept now is kept after the next key; nothing else depends on it.
    const timer = setTimeout(() => void keep().catch(() => undefined), PAUSE);
    return () => clearTimeout(timer);
  }, [state, paused]);

  return {
    keep,
    drop: async () => {
      over.current = true;
      await turn.current;
      if (kept.current === null) return;
      await metadata(DROP_DRAFT, { id: kept.current }).catch(() => undefined);
      await client.invalidateQueries({ queryKey: ["drafts"] });
    },
  };
}
