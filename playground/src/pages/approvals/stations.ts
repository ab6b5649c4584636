/** The steps of an approval as a line of stations: how far each is, who decided it, for whom it waits. Pure. */

import type { Approval, ApprovalTask } from "../../api/approvals";
import { sideBySide } from "../../values/side-by-side";

export interface Stop {
  code: string;
  label: string;
  /** `ENDED`: nobody had decided it when the approval ended. */
  state: "DONE" | "REFUSED" | "ENDED" | "OPEN" | "LATER";
  /** Who has decided it, or for whom it waits; null stands for any administrator. */
  who: (string | null)[];
  /** Nobody was asked. */
  skipped: boolean;
}

/** Steps side by side are one station. */
export type Station = Stop[];

const DECIDED = ["APPROVED", "REJECTED", "RETURNED"];

/** How far a step is. The server calls all steps done that are over; what they came to is told by their tasks. */
function stateOf(told: string, tasks: readonly ApprovalTask[], approval: string): Stop["state"] {
  if (told === "OPEN") return "OPEN";
  if (told !== "DONE") return "LATER";
  if (tasks.length === 0 || ["PENDING", "APPROVED"].includes(approval)) return "DONE";
  const decided = tasks.filter(({ state }) => DECIDED.includes(state));
  if (decided.length === 0) return "ENDED";
  return decided.some(({ state }) => state !== "APPROVED") ? "REFUSED" : "DONE";
}

/** Whom the tasks of a step name: of one that is over those who decided, of another those who have not. */
function whoOf(state: Stop["state"], tasks: readonly ApprovalTask[]): (string | null)[] {
  const waiting = state === "OPEN" ? "OPEN" : "WAITING";
  const named =
    state === "OPEN" || state === "LATER"
      ? tasks.filter((task) => task.state === waiting).map(({ assigneeName }) => assigneeName)
      : tasks.filter((task) => DECIDED.includes(task.state)).map(({ decidedByName }) => decidedByName);
  return [...new Set(named)];
}

type Shown = Pick<Approval, "steps" | "tasks" | "round" | "state">;

export const stationsOf = ({ steps, tasks, round, state: approval }: Shown): Station[] =>
  sideBySide(steps).map((row) =>
    row.map(({ code, label, state: told }) => {
      const own = tasks.filter((task) => task.step === code && task.round === round);
      const state = stateOf(told, own, approval);
      return { code, label, state, who: whoOf(state, own), skipped: state === "DONE" && own.length === 0 };
    }),
  );

/** The tasks on which the viewer may decide now. */
export const mineOf = (approvals: readonly Pick<Approval, "tasks">[]): ApprovalTask[] =>
  approvals.flatMap(({ tasks }) => tasks.filter(({ mine }) => mine));
