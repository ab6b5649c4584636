/** A role as the text that it is kept in: checked, tried on everyone, saved. */

import { useState } from "react";
import { metadata } from "../../api/metadata";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as rights from "../../texts/rights";
import { Button } from "../../ui/button";
import { Failed } from "../../ui/states";
import { tell } from "../../ui/toasts";
import styles from "../admin.module.css";
import type { Difference } from "../documents";
import { Tried } from "./differences";
import { type Role, SAVE_ROLE, SIMULATE, type Simulated } from "./documents";
import { useRoleLabel } from "./labels";

interface Props {
  role: Role;
  /** What is typed and not saved; null where nothing is. */
  typed: string | null;
  type: (text: string | null) => void;
  /** The version of the role over which one types. */
  over: { current: number };
  saved: () => Promise<unknown>;
}

export function RoleText({ role, typed, type, over, saved }: Props) {
  const t = useTexts();
  const a = useArea(rights);
  const labelOf = useRoleLabel();
  const [tried, setTried] = useState<{ found: Difference[]; text: string } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const text = typed ?? role.definition;
  const attempt = async () => {
    setBusy(true);
    setError(null);
    try {
      const told = await metadata<Simulated>(SIMULATE, { draft: { roles: [text] } });
      setTried({ found: Object.values(told).flat(), text });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className={styles.panel}>
      <p className={styles.muted}>{a.textHint}</p>
      <textarea
        className={styles.code}
        aria-label={a.definition}
        spellCheck={false}
        value={text}
        onChange={({ target: { value } }) => {
          if (typed === null) over.current = role.version;
          type(value === role.definition ? null : value);
        }}
      />
      {error !== null && <Failed error={error} />}
      <div className={styles.row}>
        <Button kind="main" isDisabled={typed === null || busy} onPress={() => void attempt()}>
          {a.tryText}
        </Button>
        <Button isDisabled={typed === null} onPress={() => type(null)}>
          {t.discard}
        </Button>
      </div>
      {tried !== null && (
        <Tried
          found={tried.found}
          close={() => setTried(null)}
          save={async () => {
            await metadata(SAVE_ROLE, { definition: tried.text, expectedVersion: over.current });
            setTried(null);
            type(null);
            tell(t.savedNamed(labelOf(role)));
            await saved();
          }}
        />
      )}
    </section>
  );
}
