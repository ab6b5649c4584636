/** What is done in approvals, after a dialog that asks for a comment: decisions, delegation, submission, withdrawal. */

import { type ReactNode, useState } from "react";
import { approvalsChanged, type ApprovalTask } from "../../api/approvals";
import * as texts from "../../texts/approvals";
import { useArea } from "../../texts/area";
import { tell } from "../../ui/toasts";
import { decide, delegate, type Decision, submitOrWithdraw } from "./decide";
import { DeedDialog } from "./deed-dialog";
import type { Refusals } from "./refusals";

export type Deed = Decision | "DELEGATE" | "SUBMIT" | "WITHDRAW";

export interface Asking {
  deed: Deed;
  /** What it is about, as the title of the dialog says. */
  subject: string;
  /** An employee to whom a task is not given: they have it. */
  except?: string | null;
  /** Does it; what it was refused with, which the dialog tells. */
  send: (comment: string | null, to: string | null) => Promise<string | null>;
}

/** A record as dialogs name it. */
export interface Subject {
  object: string;
  id: string;
  title: string;
}

export interface Deeds {
  /** Decides on tasks; several are told apart by what each was refused with. */
  decide: (tasks: readonly ApprovalTask[], decision: Decision) => void;
  delegate: (task: ApprovalTask) => void;
  whole: (record: Subject, what: "submit" | "withdraw") => void;
  dialog: ReactNode;
}

interface Listeners {
  settled?: (refusals: Refusals) => void;
  acted?: () => void;
}

export const titleOf = ({ text, label }: ApprovalTask) => text ?? label;

/** `settled` hears what the tasks of a decision were refused with, `acted` that something was done. */
export function useDeeds({ settled, acted }: Listeners): Deeds {
  const a = useArea(texts);
  const [asking, ask] = useState<Asking | null>(null);

  /** What is said of something that was done; what is shown is read anew meanwhile. */
  const done = (text: string) => {
    tell(text);
    acted?.();
    void approvalsChanged();
    return null;
  };
  const decideOn = (tasks: readonly ApprovalTask[], decision: Decision) => {
    const [first] = tasks;
    if (first === undefined) return;
    const subject = tasks.length === 1 ? titleOf(first) : a.several(tasks.length);
    const send = async (comment: string | null) => {
      const refusals = await decide(tasks, decision, comment);
      settled?.(refusals);
      const refused = [...refusals.values()].filter((reason) => reason !== null);
      const taken = tasks.length - refused.length;
      if (taken > 0) done(a.did(tasks.length === 1 ? subject : a.several(taken), a.didOne[decision]));
      else void approvalsChanged();
      if (refused.length > 0 && tasks.length > 1) tell(a.notDone(refused.length));
      // Of one task the dialog tells it, and keeps the comment; of several each row does.
      return tasks.length === 1 ? (refused[0] ?? null) : null;
    };
    ask({ deed: decision, subject, send });
  };
  const delegateOne = (task: ApprovalTask) =>
    ask({
      deed: "DELEGATE",
      subject: titleOf(task),
      except: task.assignee,
      send: async (comment, to) =>
        (await delegate(task, to!, comment)) ?? done(a.did(titleOf(task), a.didOne.DELEGATE)),
    });
  const whole = ({ object, id, title }: Subject, what: "submit" | "withdraw") => {
    const deed = what === "submit" ? "SUBMIT" : "WITHDRAW";
    ask({
      deed,
      subject: title,
      send: async (comment) =>
        (await submitOrWithdraw(object, what, id, comment)) ?? done(a.did(title, a.didOne[deed])),
    });
  };

  const dialog = asking !== null && <DeedDialog {...asking} close={() => ask(null)} />;
  return { decide: decideOn, delegate: delegateOne, whole, dialog };
}
