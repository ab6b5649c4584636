/** One task that waits: the record, the step, who submitted it, and what can be done; what it was refused with. */

import { Ellipsis } from "lucide-react";
import type { ApprovalTask } from "../../api/approvals";
import type { Shell } from "../../api/metadata";
import { useTexts } from "../../texts";
import * as texts from "../../texts/approvals";
import { useArea } from "../../texts/area";
import { Button } from "../../ui/button";
import { Menu } from "../../ui/menu";
import { useNarrow } from "../../ui/use-narrow";
import styles from "./approvals.module.css";
import { RecordOf, useWhen } from "./record-of";
import { type Deeds, titleOf } from "./use-deeds";

interface Props {
  task: ApprovalTask;
  shell: Shell;
  current: boolean;
  /** The focus is in it. */
  enter: () => void;
  ticked: boolean;
  /** Null where it cannot be decided by the viewer. */
  tick: (() => void) | null;
  deeds: Deeds | null;
  refused: string | null;
}

/** Whose task it is, where that is not the viewer. */
export function useFor({ viewer }: Shell) {
  const a = useArea(texts);
  return ({ assignee, assigneeName }: ApprovalTask): string | null =>
    assignee === null
      ? a.administrator
      : assignee === viewer.employee || assigneeName === null
        ? null
        : a.forSomebody(assigneeName);
}

export function TaskRow({ task, shell, current, enter, ticked, tick, deeds, refused }: Props) {
  const a = useArea(texts);
  const when = useWhen(shell.viewer);
  const forWhom = useFor(shell)(task);
  const fault = `refused-${task.id}`;
  return (
    <li
      data-task={task.id}
      className={`${styles.task} ${current ? styles.current : ""}`}
      onFocus={enter}
      aria-current={current || undefined}
    >
      {tick !== null && <input type="checkbox" checked={ticked} onChange={tick} aria-label={a.tick(titleOf(task))} />}
      <RecordOf task={task} shell={shell} describedBy={refused === null ? undefined : fault} />
      <div className={styles.part}>
        <div>{task.stepLabel}</div>
        <div className={styles.detail}>
          {[task.codeLabel, task.round > 1 && a.round(task.round), forWhom].filter(Boolean).join(" · ")}
        </div>
      </div>
      <div className={styles.part}>
        <div>{task.submittedByName}</div>
        <div className={styles.detail}>{when(task.submittedAt)}</div>
      </div>
      {deeds !== null && <Buttons task={task} deeds={deeds} />}
      {refused !== null && (
        <p id={fault} role="alert" className={styles.refused}>
          {refused}
        </p>
      )}
    </li>
  );
}

/** What the viewer can do with a task: on a phone one button and a menu. */
export function Buttons({ task, deeds, main = false }: { task: ApprovalTask; deeds: Deeds; main?: boolean }) {
  const t = useTexts();
  const a = useArea(texts);
  const narrow = useNarrow();
  const others = (["REJECT", "RETURN"] as const).map((deed) => ({
    key: deed,
    label: `${a.deeds[deed]}…`,
    run: () => deeds.decide([task], deed),
  }));
  const given = { key: "DELEGATE", label: `${a.deeds.DELEGATE}…`, run: () => deeds.delegate(task) };
  return (
    <div className={styles.buttons} role="group" aria-label={titleOf(task)}>
      <Button data-move="" kind={main ? "main" : undefined} onPress={() => deeds.decide([task], "APPROVE")}>
        {a.deeds.APPROVE}…
      </Button>
      {!narrow &&
        others.map(({ key, label, run }) => (
          <Button key={key} onPress={run}>
            {label}
          </Button>
        ))}
      {main && !narrow ? (
        <Button onPress={given.run}>{given.label}</Button>
      ) : (
        <Menu icon kind="quiet" label={`${t.more}: ${titleOf(task)}`} choices={narrow ? [...others, given] : [given]}>
          <Ellipsis size={16} aria-hidden="true" />
        </Menu>
      )}
    </div>
  );
}
