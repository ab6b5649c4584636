/** What can be done with a role as a whole: copied, compared, put back, deleted. */

import { type FormEvent, useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { client } from "../../api/cache";
import { metadata } from "../../api/metadata";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as rights from "../../texts/rights";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Menu } from "../../ui/menu";
import { Failed } from "../../ui/states";
import { tell } from "../../ui/toasts";
import styles from "../admin.module.css";
import { COPY_ROLE, DELETE_ROLE, RESET_ROLE, type Role } from "./documents";
import { useRoleLabel } from "./labels";

export function RoleMenu({ role, compare }: { role: Role; compare: () => void }) {
  const t = useTexts();
  const a = useArea(rights);
  const [asked, ask] = useState<"copy" | "reset" | "delete" | null>(null);
  const close = () => ask(null);
  return (
    <>
      <Menu
        icon
        label={t.more}
        choices={[
          { key: "copy", label: `${a.copy}…`, run: () => ask("copy") },
          { key: "compare", label: a.parts.compare!, run: compare },
          ...(role.origin === "CHANGED" ? [{ key: "reset", label: `${a.reset}…`, run: () => ask("reset") }] : []),
          ...(role.origin === "OWN" ? [{ key: "delete", label: `${a.deleteRole}…`, run: () => ask("delete") }] : []),
        ]}
      >
        <Ellipsis size={16} aria-hidden="true" />
      </Menu>
      {asked === "copy" && <CopyRole role={role} close={close} />}
      {(asked === "reset" || asked === "delete") && <Undo role={role} what={asked} close={close} />}
    </>
  );
}

function CopyRole({ role, close }: { role: Role; close: () => void }) {
  const t = useTexts();
  const a = useArea(rights);
  const labelOf = useRoleLabel();
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    setBusy(true);
    setError(null);
    try {
      await metadata(COPY_ROLE, { from: role.code, ...given });
      await client.invalidateQueries({ queryKey: ["meta"] });
      close();
      tell(t.savedNamed(labelOf({ label: given.label!, labelEn: given.labelEn! })));
      await navigate({ to: ".", search: { role: given.code! } });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={a.copyTitle(labelOf(role))} onClose={close}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <label>
          {a.code}
          <input name="code" required autoFocus defaultValue={`${role.code}_2`} aria-describedby="copy-hint" />
        </label>
        <p id="copy-hint" className={styles.muted}>
          {a.codeHint}
        </p>
        <label>
          {t.labelZh}
          <input name="label" required defaultValue={`${role.label} 2`} />
        </label>
        <label>
          {t.labelEn}
          <input name="labelEn" required defaultValue={`${role.labelEn} 2`} />
        </label>
        {error !== null && <Failed error={error} />}
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          <Button type="submit" kind="main" isDisabled={busy}>
            {t.create}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function Undo({ role, what, close }: { role: Role; what: "reset" | "delete"; close: () => void }) {
  const t = useTexts();
  const a = useArea(rights);
  const label = useRoleLabel()(role);
  const navigate = useNavigate();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await metadata(what === "reset" ? RESET_ROLE : DELETE_ROLE, { code: role.code, version: role.version });
      close();
      tell(what === "reset" ? a.resetDone : a.deletedRole(label));
      if (what === "delete") await navigate({ to: ".", search: {}, replace: true });
      await client.invalidateQueries({ queryKey: ["meta"] });
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Dialog title={what === "reset" ? a.resetAsk(label) : a.deleteAsk(label)} role="alertdialog" onClose={close}>
      {error !== null && <Failed error={error} />}
      <Actions>
        <Button onPress={close}>{t.cancel}</Button>
        <Button kind="danger" isDisabled={busy} onPress={() => void run()}>
          {what === "reset" ? a.reset : t.delete}
        </Button>
      </Actions>
    </Dialog>
  );
}
