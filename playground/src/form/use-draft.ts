/** The record as a save would leave it, asked for shortly after each change; writes nothing. */

import { useEffect, useRef, useState } from "react";
import type { Values } from "../api/paths";
import { ask } from "../api/transport";
import { drafted, type FormState, type LineRow, placeOf } from "./values";

export interface DraftState {
  path: string[];
  visible: boolean;
  required: boolean;
  readOnly: boolean;
  options: string[] | null;
}

export interface UserError {
  code: string;
  path: string[];
  message: string;
  hint: string | null;
  mine?: unknown;
  theirs?: unknown;
}

export interface Duplicate {
  rule: string;
  id: string | null;
  text: string | null;
}

export interface Drafted {
  /** What was typed when it was asked for. */
  of: FormState;
  record: Values | null;
  /** The drafted lines of each list, by the key of their row. */
  lines: Map<string, ReadonlyMap<string, Values>>;
  states: Map<string, DraftState>;
  duplicates: Duplicate[];
  /** Messages by place. */
  faults: Map<string, string>;
}

export interface DraftAnswer {
  draft: {
    record: Values | null;
    states: DraftState[];
    duplicates: Duplicate[];
    userErrors: UserError[];
  } | null;
}

/** Which row each drafted line is of, as the rows were when the draft was asked for. */
function byRow(rows: readonly LineRow[], lines: unknown): ReadonlyMap<string, Values> {
  const told = (lines ?? []) as Values[];
  return new Map(
    drafted(rows).flatMap((row, place) => (told[place] === undefined ? [] : [[row.key, told[place]] as const])),
  );
}

/** How long after a change a draft is asked for, in milliseconds. */
const PAUSE = 250;

export function useDraft(document: string, id: string | null, state: FormState, patch: () => Values): Drafted | null {
  const [told, set] = useState<Drafted | null>(null);
  const latest = useRef(0);
  useEffect(() => {
    if (document === "") return;
    const turn = ++latest.current;
    const timer = setTimeout(
      async () => {
        try {
          const changed = Object.keys(state.values);
          const { data } = await ask<DraftAnswer>("/graphql", document, { id, patch: patch(), changed });
          // A later change has asked again.
          if (turn !== latest.current || data.draft === null) return;
          const { record, states, duplicates, userErrors } = data.draft;
          set({
            of: state,
            record,
            duplicates,
            lines: new Map(Object.entries(state.lines).map(([name, rows]) => [name, byRow(rows, record?.[name])])),
            states: new Map(states.map((one) => [placeOf(one.path, state), one])),
            faults: new Map(userErrors.map(({ path, message }) => [placeOf(path, state), message])),
          });
        } catch {
          // The form goes on without; what is wrong is told by the save.
        }
      },
      told === null ? 0 : PAUSE,
    );
    return () => clearTimeout(timer);
  }, [document, id, state]);
  return told;
}
