/** Which records of a list are chosen: some of those that are shown, or all that the question finds. */

import { useEffect, useState } from "react";

export interface Selection {
  /** Chosen one by one. */
  ids: ReadonlySet<string>;
  /** Whether all that the question finds are meant, shown or not. */
  all: boolean;
}

const NONE: Selection = { ids: new Set(), all: false };

/** `key` is the question: another one starts with nothing chosen. */
export function useSelection(key: string) {
  const [selection, set] = useState<Selection>(NONE);
  useEffect(() => set(NONE), [key]);
  return {
    selection,
    has: (id: string) => selection.all || selection.ids.has(id),
    toggle: (id: string) =>
      set(({ ids }) => {
        const next = new Set(ids);
        if (!next.delete(id)) next.add(id);
        return { ids: next, all: false };
      }),
    choose: (ids: readonly string[]) => set({ ids: new Set(ids), all: false }),
    chooseAll: () => set({ ids: new Set(), all: true }),
    clear: () => set(NONE),
  };
}

export type Chosen = ReturnType<typeof useSelection>;
