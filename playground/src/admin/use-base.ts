/** With what a design began, and whether somebody else has stored another since. */

import { useEffect, useState } from "react";

interface Told<T> {
  /** What the server tells now. */
  definition: string;
  version: number;
  dirty: boolean;
  read: (definition: string) => T;
  /** Begins anew with it. */
  begin: (design: T) => void;
}

export function useBase<T>({ definition, version, dirty, read, begin }: Told<T>) {
  const [base, set] = useState({ text: definition, version });
  useEffect(() => {
    if (definition !== base.text) {
      // What somebody else has stored is shown, unless something is being designed.
      if (dirty) return;
      begin(read(definition));
    } else if (version === base.version) return;
    set({ text: definition, version });
    // Only what the server tells anew counts: right after a save it still tells what was before.
  }, [definition, version]);
  return { base, began: set, overtaken: dirty && definition !== base.text };
}
