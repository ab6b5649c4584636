/** The moves of a record as they are offered, and what is said of one that was made. */

import { type ReactNode, useEffect, useRef, useState } from "react";
import { recordsChanged } from "../../api/cache";
import { valueAt } from "../../api/paths";
import { useTexts } from "../../texts";
import type { Choice } from "../../ui/menu";
import { tell } from "../../ui/toasts";
import { fieldMap } from "../list/use-list";
import { allowedMoves } from "../moves/flow";
import { stateTitle, takingBack } from "../moves/make";
import { useMover } from "../moves/use-mover";
import type { OpenRecord } from "./use-record";

interface Moves {
  choices: Choice[];
  busy: boolean;
  dialog: ReactNode;
}

/** The button that was pressed may be gone: whoever uses keys goes on at what comes next, where they were. */
export function focusOnNext() {
  if (document.activeElement !== document.body) return;
  const where = [...document.querySelectorAll<HTMLElement>("[role=dialog]")].at(-1) ?? document.querySelector("main");
  (where?.querySelector<HTMLElement>("[data-move]") ?? where)?.focus();
}

export function useMoves(open: OpenRecord, title: string, problem: (text: string | null) => void): Moves {
  const { object, record, asOf } = open;
  const t = useTexts();
  const mover = useMover(object, fieldMap(object.fields));
  const [busy, setBusy] = useState(false);
  /** The version that a move has made; its moves come a moment later. */
  const made = useRef<number | null>(null);
  useEffect(() => {
    if (busy || made.current === null || record.version < made.current) return;
    made.current = null;
    focusOnNext();
  }, [busy, record.version]);
  const { state } = mover;
  /** The flow's name of a state; records that are states have others. */
  const named = (values: Record<string, unknown>) => {
    const value = state === undefined ? null : valueAt(values, state.name);
    return typeof value === "string" ? value : undefined;
  };

  const run = async (move: ReturnType<typeof allowedMoves>[number]) => {
    problem(null);
    setBusy(true);
    const { id, version } = record;
    const movable = { id, version, title, values: record, open: record._can.edit };
    const outcome = await mover.move(movable, move);
    if (outcome !== null) await recordsChanged();
    made.current = outcome !== null && "moved" in outcome && outcome.moved !== null ? outcome.moved.version : version;
    setBusy(false);
    if (outcome === null) return;
    if ("refused" in outcome) return problem(outcome.refused);
    const { moved } = outcome;
    if (moved === null) return;
    const back = takingBack(object, state, moved, [named(record), named(moved)]);
    const undo = async () => {
      const refused = await back!();
      if (refused !== null) tell(refused);
      await recordsChanged();
    };
    const said = t.movedTo(moved._title ?? title, stateTitle(state, moved));
    tell(said, back === null ? undefined : { label: t.undo, run: () => void undo() });
  };

  const allowed = asOf === null ? allowedMoves(object, record._actions) : [];
  const choices = allowed.map((move) => ({ key: `move ${move.code}`, label: move.label, run: () => void run(move) }));
  return { choices, busy, dialog: mover.dialog };
}
