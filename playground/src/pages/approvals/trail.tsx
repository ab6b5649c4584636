/** Who did what in an approval, when, on whose behalf, and what they said. */

import type { ApprovalEntry } from "../../api/approvals";
import { useShell } from "../../api/cache";
import * as texts from "../../texts/approvals";
import { useArea } from "../../texts/area";
import page from "../page.module.css";
import styles from "./approvals.module.css";
import { useWhen } from "./record-of";

const NOBODY = { timeZone: "UTC" };

export function Trail({ entries }: { entries: readonly ApprovalEntry[] }) {
  const a = useArea(texts);
  const when = useWhen(useShell().data?.viewer ?? NOBODY);
  if (entries.length === 0) return null;
  return (
    <ol className={page.timeline} aria-label={a.trail}>
      {entries.map(({ at, kind, stepLabel, byName, onBehalfOfName, toName, comment }, place) => (
        <li key={place} className={page.event} data-entry={kind}>
          <span className={page.when}>{when(at)}</span>
          <div className={page.what}>
            {a.entries[kind]?.(byName ?? a.system, toName) ?? kind}{" "}
            {onBehalfOfName !== null && a.onBehalfOf(onBehalfOfName)}{" "}
            {stepLabel !== null && <span className={styles.detail}>{stepLabel}</span>}
            {comment !== null && (
              <div>
                <q className={styles.comment}>{comment}</q>
              </div>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
