/** How states of approvals look. */

import styles from "./approvals.module.css";

const TONES: Record<string, string | undefined> = {
  PENDING: styles.pending,
  OPEN: styles.pending,
  APPROVED: styles.good,
  REJECTED: styles.bad,
  RETURNED: styles.bad,
};

/** The class of a state; none for one that is over without a word. */
export const toneOf = (state: string) => TONES[state] ?? "";
