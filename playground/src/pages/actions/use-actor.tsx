/** Does things with a record by name: at once, or after a dialog where something is asked or made. */

import { lazy, type ReactNode, Suspense, useState } from "react";
import type { NamedAction } from "../../api/actions";
import type { ObjectSummary } from "../../api/metadata";
import { Offline } from "../../api/transport";
import { useTexts } from "../../texts";
import { act, type Made, type Subject } from "./act";
import { asksFirst, refusal } from "./offered";

const ActionDialog = lazy(() => import("./dialog"));

/** What came of it; null where it was given up. */
type Outcome = { made: Made[] } | { refused: string } | null;

interface Asking {
  record: Subject;
  action: NamedAction;
  settle: (outcome: Outcome) => void;
}

export interface Actor {
  act: (record: Subject, action: NamedAction) => Promise<Outcome>;
  /** What is asked now. */
  dialog: ReactNode;
}

export function useActor(object: ObjectSummary): Actor {
  const t = useTexts();
  const [asking, ask] = useState<Asking | null>(null);

  const asked = (record: Subject, action: NamedAction) =>
    new Promise<Outcome>((resolve) => {
      const settle = (outcome: Outcome) => {
        ask(null);
        resolve(outcome);
      };
      ask({ record, action, settle });
    });

  const run = async (record: Subject, action: NamedAction): Promise<Outcome> => {
    if (asksFirst(action)) return asked(record, action);
    try {
      const outcome = await act(action, record, {});
      if ("made" in outcome) return outcome;
      return { refused: refusal(outcome.errors, action, (_, text) => text).general.join(" ") };
    } catch (error) {
      return { refused: error instanceof Offline ? t.offline : error instanceof Error ? error.message : String(error) };
    }
  };

  const dialog = asking !== null && (
    <Suspense fallback={null}>
      <ActionDialog
        object={object}
        record={asking.record}
        action={asking.action}
        close={() => asking.settle(null)}
        done={(made) => asking.settle({ made })}
      />
    </Suspense>
  );
  return { act: run, dialog };
}
