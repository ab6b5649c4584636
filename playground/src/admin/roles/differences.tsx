/** Who would gain and lose what by a change of rights, asked before it is saved. */

import { useState } from "react";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Failed } from "../../ui/states";
import styles from "../admin.module.css";
import type { Difference } from "../documents";
import { useLabels } from "./labels";

interface Props {
  found: Difference[];
  /** Saves what was tried; the dialog closes when that is done. */
  save: () => Promise<void>;
  close: () => void;
  children?: React.ReactNode;
}

export function Tried({ found, save, close, children }: Props) {
  const t = useTexts();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      await save();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.whoGains} onClose={close} wide>
      {children}
      {found.length === 0 ? <p>{t.nobodyTouched}</p> : <Differences found={found} />}
      {error !== null && <Failed error={error} />}
      <Actions>
        <Button onPress={close}>{t.cancel}</Button>
        <Button kind="main" isDisabled={busy} onPress={() => void run()}>
          {t.save}
        </Button>
      </Actions>
    </Dialog>
  );
}

/** Who gains and loses how many records. */
export function Differences({ found }: { found: Difference[] }) {
  const t = useTexts();
  const { object: labelOf } = useLabels();
  return (
    <div className={styles.table} role="region" aria-label={t.whoGains} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {[t.account, t.objects, t.action, t.gains, t.loses].map((text) => (
              <th key={text} scope="col">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.map(({ account, object, action, gained, lost }) => (
            <tr key={`${account} ${object} ${action}`}>
              <td>{account}</td>
              <td>{labelOf(object)}</td>
              <td>{t.actions[action] ?? action}</td>
              <td>{gained === 0 ? "" : `+${gained}`}</td>
              <td>{lost === 0 ? "" : `−${lost}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
