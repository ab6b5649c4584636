/** The approvals of a record: how far they are, who has done what, and what the viewer can do about them. */

import { useEffect, useRef } from "react";
import { Undo2 } from "lucide-react";
import { APPROVAL_STATE } from "../../api/approval-state";
import { type Approval, useApprovals, useSubmits } from "../../api/approvals";
import { useShell } from "../../api/cache";
import { viewedAs } from "../../signin/viewing";
import * as texts from "../../texts/approvals";
import { useArea } from "../../texts/area";
import { Button } from "../../ui/button";
import ui from "../../ui/ui.module.css";
import page from "../page.module.css";
import { focusOnNext } from "../record/use-moves";
import type { OpenRecord } from "../record/use-record";
import styles from "./approvals.module.css";
import { Stations } from "./line";
import { mineOf } from "./stations";
import { Buttons, useFor } from "./task-row";
import { toneOf } from "./tones";
import { Trail } from "./trail";
import { type Deeds, useDeeds } from "./use-deeds";

interface Props {
  open: OpenRecord;
  title: string;
}

export default function ApprovalPanel({ open, title }: Props) {
  const a = useArea(texts);
  const { object, record } = open;
  const told = useApprovals(object, record.id).data;
  const approvals = told?.approvals ?? [];
  const state = told === undefined ? undefined : (told.record?.approvalState ?? null);
  // Where the flow has a move of this name, that one submits.
  const moved = object.flow?.moves.some(({ code }) => code === "submit") === true;
  const asks = state !== undefined && state !== "PENDING" && !moved && record._can.edit && viewedAs() === null;
  const submits = useSubmits(object, asks);
  const acted = useRef(false);
  const deeds = useDeeds({ acted: () => void (acted.current = true) });
  useEffect(() => {
    if (!acted.current) return;
    acted.current = false;
    // The button that was pressed is gone with what it did.
    focusOnNext();
  }, [told]);
  if (approvals.length === 0 && !submits) return null;
  // Those that go on, else the latest one.
  const going = approvals.filter((one) => one.state === "PENDING");
  const shown = going.length > 0 ? going : approvals.slice(0, 1);
  const earlier = approvals.filter((one) => !shown.includes(one));
  const subject = { object: object.name, id: record.id, title };
  const withdraws = viewedAs() === null && shown.some(({ canWithdraw }) => canWithdraw);
  return (
    <section className={`${page.section} ${styles.panel}`} aria-label={a.panel}>
      <div className={styles.panelHead}>
        <h2>{a.panel}</h2>
        {withdraws && (
          <Button data-move="" onPress={() => deeds.whole(subject, "withdraw")}>
            <Undo2 size={15} aria-hidden="true" />
            {a.deeds.WITHDRAW}…
          </Button>
        )}
        {submits && (
          <Button data-move="" onPress={() => deeds.whole(subject, "submit")}>
            {a.deeds.SUBMIT}…
          </Button>
        )}
      </div>
      {approvals.length === 0 && <p className={styles.detail}>{a.notSubmitted}</p>}
      {shown.map((approval) => (
        <One key={approval.id} approval={approval} deeds={viewedAs() === null ? deeds : null} />
      ))}
      {earlier.length > 0 && (
        <details>
          <summary>{a.earlier(earlier.length)}</summary>
          {earlier.map((approval) => (
            <One key={approval.id} approval={approval} deeds={null} />
          ))}
        </details>
      )}
      {deeds.dialog}
    </section>
  );
}

/** One approval; a task of it that is the viewer's has its buttons. */
function One({ approval, deeds }: { approval: Approval; deeds: Deeds | null }) {
  const a = useArea(texts);
  const shell = useShell().data;
  const { codeLabel, state, round } = approval;
  const mine = deeds === null ? [] : mineOf([approval]);
  return (
    <div className={styles.one} role="group" aria-label={codeLabel}>
      <div>
        {codeLabel} <span className={`${ui.chip} ${toneOf(state)}`}>{a.states[state] ?? state}</span>{" "}
        {round > 1 && <span className={styles.detail}>{a.round(round)}</span>}
      </div>
      <Stations approval={approval} />
      {shell !== undefined && mine.map((task) => <OwnTask key={task.id} task={task} shell={shell} deeds={deeds!} />)}
      <Trail entries={approval.entries} />
    </div>
  );
}

interface OwnProps {
  task: Approval["tasks"][number];
  shell: NonNullable<ReturnType<typeof useShell>["data"]>;
  deeds: Deeds;
}

function OwnTask({ task, shell, deeds }: OwnProps) {
  const forWhom = useFor(shell)(task);
  return (
    <div className={styles.own}>
      <span>{[task.stepLabel, forWhom].filter(Boolean).join(" · ")}</span>
      <Buttons task={task} deeds={deeds} main />
    </div>
  );
}

/** The state of the approval, as the field calls it, beside the title. */
export function ApprovalBadge({ open: { object, record } }: { open: OpenRecord }) {
  const a = useArea(texts);
  const state = useApprovals(object, record.id).data?.record?.approvalState ?? null;
  if (state === null) return null;
  const field = object.fields.find(({ name }) => name === APPROVAL_STATE);
  const label = field?.options?.find(({ name }) => name === state)?.label ?? a.states[state] ?? state;
  return <span className={`${ui.chip} ${styles.badge} ${toneOf(state)}`}>{a.state(label)}</span>;
}
