/** A new account for an employee: which name, which systems, which roles. */

import { type FormEvent, useState } from "react";
import { searchEverywhere } from "../api/finding";
import { metadata } from "../api/metadata";
import fields from "../fields/fields.module.css";
import { useTexts } from "../texts";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { Failed } from "../ui/states";
import styles from "./admin.module.css";
import { ASSIGN_ROLES, CONFIRM } from "./documents";
import type { RoleLabel } from "./people";
import { RoleBoxes } from "./role-boxes";

interface Props {
  roles: RoleLabel[];
  close: () => void;
  made: (account: string) => void;
}

const SYSTEMS = ["SALES", "SERVICE", "SALES_SERVICE"];

export function AddAccount({ roles, close, made }: Props) {
  const t = useTexts();
  const [text, type] = useState("");
  const [found, setFound] = useState<{ id: string; text: string }[]>([]);
  const [employee, choose] = useState<{ id: string; text: string } | null>(null);
  const [systems, setSystems] = useState<string[]>(["SALES"]);
  const [chosen, setRoles] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const find = async (words: string) => {
    type(words);
    choose(null);
    if (words.trim() === "") return setFound([]);
    try {
      const groups = await searchEverywhere(words.trim(), ["Employee"]);
      setFound(groups.flatMap(({ hits }) => hits.map(({ id, text: name }) => ({ id, text: name ?? id }))));
    } catch (problem) {
      setError(problem);
    }
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (employee === null) return;
    const account = String(new FormData(event.currentTarget).get("account")).trim();
    setBusy(true);
    setError(null);
    try {
      await metadata(CONFIRM, { employee: employee.id, account, systems });
      if (chosen.length > 0) await metadata(ASSIGN_ROLES, { account, roles: chosen });
      made(account);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.addAccount} onClose={close} wide>
      {error !== null && <Failed error={error} />}
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <label>
          {t.employee}
          <input
            autoFocus
            value={employee?.text ?? text}
            placeholder={t.paletteHint}
            onChange={(event) => void find(event.target.value)}
          />
        </label>
        {employee === null && found.length > 0 && (
          <div className={styles.row}>
            {found.map((hit) => (
              <Button key={hit.id} onPress={() => choose(hit)}>
                {hit.text}
              </Button>
            ))}
          </div>
        )}
        <label>
          {t.account}
          <input name="account" required pattern="[a-z0-9][a-z0-9._\-]*" />
        </label>
        <fieldset className={fields.checks} aria-label={t.system}>
          {SYSTEMS.map((system) => (
            <label key={system} className={fields.check}>
              <input
                type="checkbox"
                checked={systems.includes(system)}
                onChange={(event) =>
                  setSystems(event.target.checked ? [...systems, system] : systems.filter((one) => one !== system))
                }
              />
              {t.systems[system]}
            </label>
          ))}
        </fieldset>
        <RoleBoxes roles={roles} chosen={chosen} change={setRoles} />
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          <Button type="submit" kind="main" isDisabled={busy || employee === null}>
            {t.create}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
