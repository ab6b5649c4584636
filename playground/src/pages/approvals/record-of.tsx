/** The record of a task, as a link where it has a page, and when something was. */

import { Link } from "@tanstack/react-router";
import type { ApprovalTask } from "../../api/approvals";
import type { Shell } from "../../api/metadata";
import { useLang } from "../../texts";
import { PeekButton } from "../../ui/peek";
import { ago, showInstant } from "../../values/dates";
import ui from "../../ui/ui.module.css";
import styles from "./approvals.module.css";
import { titleOf } from "./use-deeds";

interface Props {
  task: ApprovalTask;
  shell: Shell;
  describedBy?: string;
}

export function RecordOf({ task, shell, describedBy }: Props) {
  const { object, label, record: id, detail } = task;
  const plural = shell.objects.find(({ name }) => name === object)?.plural ?? null;
  const title = titleOf(task);
  return (
    <div className={styles.what}>
      <div className={styles.name}>
        <span className={ui.chip}>{label}</span>{" "}
        {plural === null ? (
          <span data-to="" tabIndex={-1}>
            {title}
          </span>
        ) : (
          <>
            <Link to="/o/$plural/$id" params={{ plural, id }} data-to="" aria-describedby={describedBy}>
              {title}
            </Link>
            <PeekButton plural={plural} id={id} title={title} />
          </>
        )}
      </div>
      {detail !== null && <div className={styles.detail}>{detail}</div>}
    </div>
  );
}

/** How long ago an instant was, else the instant. */
export function useWhen({ timeZone }: Pick<Shell["viewer"], "timeZone">) {
  const lang = useLang();
  return (at: string) => ago(at, new Date(), lang) ?? showInstant(at, timeZone, lang);
}
