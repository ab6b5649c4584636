/** An approval as a picture: what begins it, its steps from top to bottom, groups side by side, what makes it void. */

import { Fragment } from "react";
import { useObjectPage, useShell } from "../../api/cache";
import * as behaviour from "../../texts/behaviour";
import { useArea } from "../../texts/area";
import admin from "../admin.module.css";
import { useRoleLabel, useRoles } from "../roles/labels";
import { sideBySide } from "../../values/side-by-side";
import { quorumIn, sourceIn } from "./approval";
import styles from "./approval.module.css";
import type { Step } from "./read";

/** An approval with labels in the reader's language. */
export interface Drawn {
  code: string;
  label: string;
  object: string;
  /** The moves that begin it; null stands for `submit`, where the flow has it. */
  moves: string[] | null;
  when: string | null;
  steps: (Step & { code: string; label: string })[];
  voids: string[];
}

export function ApprovalPicture({ approval }: { approval: Drawn }) {
  const a = useArea(behaviour);
  const object = useShell().data?.objects.find(({ name }) => name === approval.object);
  const fields = useObjectPage(object?.name).data?.object?.fields ?? [];
  const { when, steps, voids } = approval;
  const moves = approval.moves ?? (object?.flow?.moves.some(({ code }) => code === "submit") ? ["submit"] : []);
  const moveLabel = (code: string) => object?.flow?.moves.find((move) => move.code === code)?.label ?? code;
  const fieldLabel = (name: string) => fields.find((one) => one.name === name)?.label ?? name;
  return (
    <div className={styles.approval}>
      <ol className={styles.rows} aria-label={a.stepsOf(approval.label)}>
        <li className={styles.row}>
          <div className={`${styles.box} ${styles.begin}`}>
            <strong>{moves.length === 0 ? a.begunAlone : a.begunBy(moves.map(moveLabel))}</strong>
            <Condition when={when} />
          </div>
        </li>
        {sideBySide(steps).map((row, place) => (
          <li key={place} className={styles.row}>
            {row.map((step) => (
              <StepBox key={step.code} step={step} />
            ))}
          </li>
        ))}
        <li className={styles.row}>
          <div className={`${styles.box} ${styles.end}`}>
            <strong>{a.approved}</strong>
          </div>
        </li>
      </ol>
      {voids.length > 0 && <p className={admin.muted}>{a.voids(voids.map(fieldLabel))}</p>}
    </div>
  );
}

function Condition({ when }: { when: string | null }) {
  const a = useArea(behaviour);
  if (when === null) return null;
  return (
    <div className={admin.muted}>
      {a.onlyIf} <code>{when}</code>
    </div>
  );
}

function StepBox({ step }: { step: Drawn["steps"][number] }) {
  const a = useArea(behaviour);
  const quorum = quorumIn(step.quorum);
  const several = typeof quorum === "string" ? a.quorums[quorum] : a.quorumOf(quorum.of);
  return (
    <div className={styles.box} data-step={step.code}>
      <strong>{step.label}</strong> {step.label !== step.code && <code>{step.code}</code>}
      <div>
        {step.by.map((source, place) => (
          <Fragment key={source}>
            {place > 0 && ", "}
            <Who source={source} />
          </Fragment>
        ))}
      </div>
      <div className={admin.muted}>{[several, step.inTurn && a.inTurn].filter(Boolean).join(", ")}</div>
      <Condition when={step.when} />
    </div>
  );
}

/** Who decides, as people call them. */
function Who({ source }: { source: string }) {
  const a = useArea(behaviour);
  const labelOf = useRoleLabel();
  const may = useShell().data?.viewer.may ?? [];
  const roles = useRoles(may.includes("RIGHTS")).data ?? [];
  const found = sourceIn(source);
  if ("path" in found) return found.path === "manager" ? a.manager : <code>{found.path}</code>;
  const role = roles.find(({ code }) => code === found.role);
  const label = role === undefined ? found.role : labelOf(role);
  return found.reach ? a.inReach(label) : label;
}
