/** Tasks that the viewer has decided: what they said, when, and who submitted the record. */

import type { ApprovalTask } from "../../api/approvals";
import type { Shell } from "../../api/metadata";
import * as texts from "../../texts/approvals";
import { useArea } from "../../texts/area";
import ui from "../../ui/ui.module.css";
import styles from "./approvals.module.css";
import { RecordOf, useWhen } from "./record-of";
import { toneOf } from "./tones";
import { useFor } from "./task-row";

export function Decided({ tasks, shell }: { tasks: readonly ApprovalTask[]; shell: Shell }) {
  const a = useArea(texts);
  const when = useWhen(shell.viewer);
  const forWhom = useFor(shell);
  if (tasks.length === 0) return null;
  return (
    <ul className={styles.tasks} aria-label={a.lists.DECIDED}>
      {tasks.map((task) => (
        <li key={task.id} data-task={task.id} className={styles.task}>
          <RecordOf task={task} shell={shell} />
          <div className={styles.part}>
            <div>{task.stepLabel}</div>
            <div className={styles.detail}>
              {[task.codeLabel, forWhom(task), task.submittedByName !== null && a.submittedBy(task.submittedByName)]
                .filter(Boolean)
                .join(" · ")}
            </div>
          </div>
          <div className={styles.part}>
            <span className={`${ui.chip} ${toneOf(task.state)}`}>{a.taskStates[task.state] ?? task.state}</span>
            <div className={styles.detail}>
              {[
                task.decidedByName !== null && a.by(task.decidedByName),
                task.decidedAt !== null && when(task.decidedAt),
              ]
                .filter(Boolean)
                .join(" · ")}
            </div>
          </div>
          {task.comment !== null && <q className={styles.comment}>{task.comment}</q>}
        </li>
      ))}
    </ul>
  );
}
