/** Fields that were retired while a form was filled in: what was typed in them stays to be read, and is not saved. */

import type { FieldInfo } from "../api/metadata";
import { Show } from "../fields/show";
import { useArea } from "../texts/area";
import * as texts from "../texts/form";
import { Notice } from "../ui/notices";
import ui from "../ui/ui.module.css";
import styles from "./form.module.css";
import type { FormState } from "./values";

export function Retired({ fields, state }: { fields: readonly FieldInfo[]; state: FormState }) {
  const a = useArea(texts);
  if (fields.length === 0) return null;
  return (
    <div className={styles.retired}>
      <Notice tone="warn" role="status">
        <div className={ui.noticeText}>
          <p>{a.retired}</p>
          <dl>
            {fields.map((field) => (
              <div key={field.name} data-retired={field.name}>
                <dt className={styles.label}>{field.label}</dt>
                <dd className={styles.value}>
                  <Show field={field} value={state.values[field.name]} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      </Notice>
    </div>
  );
}
