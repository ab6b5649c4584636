/** What a record's page and the look at its side offer to do with it: its moves, its named actions, what came of them. */

import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { X } from "lucide-react";
import type { NamedAction } from "../../api/actions";
import { recordsChanged } from "../../api/cache";
import * as texts from "../../texts/actions";
import { useArea } from "../../texts/area";
import { Button } from "../../ui/button";
import { buttonLook } from "../../ui/button-look";
import type { Choice } from "../../ui/menu";
import { tell } from "../../ui/toasts";
import ui from "../../ui/ui.module.css";
import { useNarrow } from "../../ui/use-narrow";
import type { Made } from "../actions/act";
import { MadeNotice } from "../actions/made-notice";
import { asksFirst, offered } from "../actions/offered";
import { useActor } from "../actions/use-actor";
import { focusOnNext, useMoves } from "./use-moves";
import type { OpenRecord } from "./use-record";

export interface Actions {
  /** As buttons. */
  shown: Choice[];
  /** For the menu. */
  more: Choice[];
  busy: boolean;
  /** What was made. */
  notice: ReactNode;
  dialog: ReactNode;
}

/** How many are buttons. */
const MOST = 3;

export function useActions(open: OpenRecord, title: string, problem: (text: string | null) => void): Actions {
  const { object, record, asOf } = open;
  const a = useArea(texts);
  const narrow = useNarrow();
  const actor = useActor(object);
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<{ action: NamedAction; records: Made[] } | null>(null);
  const moves = useMoves(open, title, (text) => {
    setMade(null);
    problem(text);
  });
  const ended = useRef(false);
  useEffect(() => {
    if (busy || !ended.current) return;
    ended.current = false;
    focusOnNext();
  }, [busy]);

  const run = async (action: NamedAction) => {
    problem(null);
    setMade(null);
    // What stands below a dialog is out of reach by itself, and takes the focus back from it.
    setBusy(!asksFirst(action));
    const outcome = await actor.act({ id: record.id, version: record.version, title }, action);
    if (outcome !== null) await recordsChanged();
    ended.current = true;
    setBusy(false);
    if (outcome === null) return;
    if ("refused" in outcome) return problem(outcome.refused);
    if (outcome.made.length === 0) tell(a.doneNamed(action.label, title));
    else setMade({ action, records: outcome.made });
  };

  const named = (asOf === null ? offered(object.actions, record._actions) : []).map(({ action, closed }): Choice => {
    const { code, label, message } = action;
    if (closed === null) return { key: `action ${code}`, label, run: () => void run(action) };
    const reason = (closed === "CONDITION" ? message : null) ?? a.closedBy[closed];
    return { key: `action ${code}`, label, detail: reason, closed: true, run: () => void tell(`${label}: ${reason}`) };
  });
  const all = [...moves.choices, ...named];
  const buttons = narrow || all.length > MOST ? 1 : MOST;
  return {
    shown: all.slice(0, buttons),
    more: all.slice(buttons),
    busy: busy || moves.busy,
    notice: made !== null && (
      <MadeNotice action={made.action} records={made.records}>
        <Button icon kind="quiet" aria-label={a.close} onPress={() => setMade(null)}>
          <X size={16} aria-hidden="true" />
        </Button>
      </MadeNotice>
    ),
    dialog: (
      <>
        {moves.dialog}
        {actor.dialog}
      </>
    ),
  };
}

/** The buttons of what is offered. One that is closed stays where keys find it, and says why. */
export function ActionButtons({ actions, main = false }: { actions: Actions; main?: boolean }) {
  const own = useId();
  return actions.shown.map(({ key, label, detail, closed = false, run }, place) => {
    if (!closed)
      return (
        <Button
          key={key}
          data-move=""
          kind={main && place === 0 ? "main" : undefined}
          isDisabled={actions.busy}
          onPress={run}
        >
          {label}
        </Button>
      );
    const reason = `${own}-${place}`;
    return (
      <span key={key}>
        <button
          type="button"
          data-move=""
          className={buttonLook()}
          aria-disabled="true"
          aria-describedby={reason}
          title={detail}
          onClick={run}
        >
          {label}
        </button>
        <span id={reason} className={ui.hiddenVisually}>
          {detail}
        </span>
      </span>
    );
  });
}
