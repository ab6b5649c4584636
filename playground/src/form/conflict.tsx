/** Somebody else has changed the record: mine or theirs, field by field. */

import { useState } from "react";
import type { FieldInfo } from "../api/metadata";
import { Show } from "../fields/show";
import { useTexts } from "../texts";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import styles from "./form.module.css";

export interface Clash {
  field: FieldInfo;
  mine: unknown;
  theirs: unknown;
}

interface Props {
  clashes: Clash[];
  close: () => void;
  /** Saves; the names are those of fields for which theirs shall stay. */
  settle: (theirs: string[]) => void;
}

export function ConflictDialog({ clashes, close, settle }: Props) {
  const t = useTexts();
  const [theirs, choose] = useState<string[]>([]);
  return (
    <Dialog title={t.conflict} onClose={close} wide>
      <p>{t.conflictHint}</p>
      {clashes.map(({ field, mine, theirs: other }) => (
        <fieldset key={field.name} className={styles.section}>
          <legend className={styles.label}>{field.label}</legend>
          {([false, true] as const).map((takesTheirs) => (
            <label key={String(takesTheirs)} className={styles.field}>
              <span>
                <input
                  type="radio"
                  name={`conflict-${field.name}`}
                  checked={theirs.includes(field.name) === takesTheirs}
                  onChange={() =>
                    choose(takesTheirs ? [...theirs, field.name] : theirs.filter((name) => name !== field.name))
                  }
                />{" "}
                {takesTheirs ? t.theirs : t.mineValue}: <Show field={field} value={takesTheirs ? other : mine} cell />
              </span>
            </label>
          ))}
        </fieldset>
      ))}
      <Actions>
        <Button onPress={close}>{t.keepEditing}</Button>
        <Button kind="main" onPress={() => settle(theirs)}>
          {t.save}
        </Button>
      </Actions>
    </Dialog>
  );
}
