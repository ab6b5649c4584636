/** What a field was and is, as a line of a timeline or a history. */

import type { FieldInfo } from "../../api/metadata";
import { Show } from "../../fields/show";
import styles from "../page.module.css";

export interface FieldChange {
  field: string;
  old: unknown;
  new: unknown;
  oldText: string | null;
  newText: string | null;
}

/** What a value was or is: its text where it has one, else as the field shows it. */
function Was({ field, text, value }: { field: FieldInfo | undefined; text: string | null; value: unknown }) {
  if (text !== null) return <>{text}</>;
  if (field === undefined || value === null || typeof value === "object") return <>–</>;
  return <Show field={field} value={value} cell />;
}

/** The old value, where there was one, and the new one; nothing of rows and members, which are many. */
export function Changed({ field, change }: { field: FieldInfo | undefined; change: FieldChange }) {
  if (field?.type === "LINES" || field?.type === "MANY_TO_MANY") return null;
  return (
    <>
      {(change.oldText ?? change.old) !== null && (
        <>
          <span className={styles.old}>
            <Was field={field} text={change.oldText} value={change.old} />
          </span>{" "}
          →{" "}
        </>
      )}
      <Was field={field} text={change.newText} value={change.new} />
    </>
  );
}
