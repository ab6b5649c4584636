/** The steps of an approval as a line of stations: which are done, which are open, and for whom each waits. Pure. */

import type { Approval, ApprovalStep, ApprovalTask } from "../../api/approvals";
import { sideBySide } from "../../values/side-by-side";

export interface Stop {
  code: string;
  label: string;
  state: "DONE" | "OPEN" | "LATER";
  /** Who has decided it, or for whom it waits; null stands for any administrator. */
  who: (string | null)[];
}

/** Steps side by side are one station. */
export type Station = Stop[];

const known = (state: string): Stop["state"] => (state === "DONE" || state === "OPEN" ? state : "LATER");

/** Whom the tasks of a step name: of a done one those who agreed, of an open one those who have not decided. */
function whoOf({ code, state }: ApprovalStep, tasks: readonly ApprovalTask[], round: number): (string | null)[] {
  const own = tasks.filter((task) => task.step === code && task.round === round);
  const named =
    state === "DONE"
      ? own.filter((task) => task.state === "APPROVED").map(({ decidedByName }) => decidedByName)
      : own
          .filter((task) => task.state === (state === "OPEN" ? "OPEN" : "WAITING"))
          .map(({ assigneeName }) => assigneeName);
  return [...new Set(named)];
}

export const stationsOf = ({ steps, tasks, round }: Pick<Approval, "steps" | "tasks" | "round">): Station[] =>
  sideBySide(steps).map((row) =>
    row.map((step) => ({
      code: step.code,
      label: step.label,
      state: known(step.state),
      who: whoOf(step, tasks, round),
    })),
  );

/** The tasks on which the viewer may decide now. */
export const mineOf = (approvals: readonly Pick<Approval, "tasks">[]): ApprovalTask[] =>
  approvals.flatMap(({ tasks }) => tasks.filter(({ mine }) => mine));
