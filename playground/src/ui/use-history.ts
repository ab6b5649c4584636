/** What is being designed, and the way back: undo, redo, whether anything differs from what is stored. */

import { useCallback, useState } from "react";

/** So many steps can be taken back. */
const MOST = 200;

interface Steps<T> {
  stored: T;
  past: T[];
  now: T;
  future: T[];
}

export function useHistory<T>(stored: T) {
  const [steps, set] = useState<Steps<T>>({ stored, past: [], now: stored, future: [] });
  return {
    now: steps.now,
    /** Over which one began. */
    stored: steps.stored,
    dirty: steps.now !== steps.stored,
    /** Takes a step; what comes to the same takes none. */
    step: useCallback(
      (change: (now: T) => T) =>
        set((before) => {
          const now = change(before.now);
          return now === before.now
            ? before
            : { ...before, past: [...before.past, before.now].slice(-MOST), now, future: [] };
        }),
      [],
    ),
    undo:
      steps.past.length === 0
        ? null
        : () =>
            set(({ stored, past, now, future }) => ({
              stored,
              past: past.slice(0, -1),
              now: past.at(-1)!,
              future: [now, ...future],
            })),
    redo:
      steps.future.length === 0
        ? null
        : () =>
            set(({ stored, past, now, future }) => ({
              stored,
              past: [...past, now],
              now: future[0]!,
              future: future.slice(1),
            })),
    /** What is shown has been stored. */
    keep: useCallback((saved: T) => set((before) => ({ ...before, stored: saved })), []),
    /** Begins anew. */
    begin: useCallback((stored: T) => set({ stored, past: [], now: stored, future: [] }), []),
  };
}

export type History<T> = ReturnType<typeof useHistory<T>>;
