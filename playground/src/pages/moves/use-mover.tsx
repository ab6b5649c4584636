/** Moves records: at once, or after what a move asks for has been given in a dialog. */

import { lazy, type ReactNode, Suspense, useState } from "react";
import type { FieldInfo, FlowMove, ObjectSummary } from "../../api/metadata";
import { Offline } from "../../api/transport";
import { useTexts } from "../../texts";
import { lacking, type Lacking } from "./flow";
import { makeMove, type Movable, type Moved } from "./make";

const MoveDialog = lazy(() => import("./dialog"));

/** What came of a move; null where it was given up. */
export type Outcome = { moved: Moved | null } | { refused: string } | null;

interface Asking {
  record: Movable;
  move: FlowMove;
  lacks: Lacking;
  settle: (outcome: Outcome) => void;
}

export interface Mover {
  state: FieldInfo | undefined;
  move: (record: Movable, move: FlowMove) => Promise<Outcome>;
  /** What is asked now. */
  dialog: ReactNode;
}

const NOTHING: Lacking = { fields: [], faults: new Map(), general: [] };

export function useMover(object: ObjectSummary, fields: ReadonlyMap<string, FieldInfo>): Mover {
  const t = useTexts();
  const [asking, ask] = useState<Asking | null>(null);
  const name = object.flow?.field ?? "";
  const state = fields.get(name);

  const asked = (record: Movable, move: FlowMove, lacks: Lacking) =>
    new Promise<Outcome>((resolve) => {
      const settle = (outcome: Outcome) => {
        ask(null);
        resolve(outcome);
      };
      ask({ record, move, lacks, settle });
    });

  const move = async (record: Movable, step: FlowMove): Promise<Outcome> => {
    if (step.input.length > 0) return asked(record, step, NOTHING);
    try {
      const told = await makeMove(object, state, step, record);
      if ("moved" in told) return told;
      const lacks = lacking(told.errors, step, fields, name, record.open);
      if (lacks.fields.length > 0) return asked(record, step, lacks);
      return { refused: lacks.general.join(" ") };
    } catch (error) {
      return { refused: error instanceof Offline ? t.offline : error instanceof Error ? error.message : String(error) };
    }
  };

  const dialog = asking !== null && (
    <Suspense fallback={null}>
      <MoveDialog
        object={object}
        fields={fields}
        record={asking.record}
        move={asking.move}
        lacks={asking.lacks}
        close={() => asking.settle(null)}
        done={(moved) => asking.settle({ moved })}
      />
    </Suspense>
  );
  return { state, dialog, move };
}
