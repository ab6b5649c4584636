/** One account: its roles, a link to set a password, its sign-ins. */

import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import { useLang, useTexts } from "../texts";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { Failed } from "../ui/states";
import { tell } from "../ui/toasts";
import { showInstant } from "../values/dates";
import styles from "./admin.module.css";
import { type Account, ASSIGN_ROLES, END_SESSIONS, SESSIONS, SIGN_IN_LINK, UNLOCK } from "./documents";
import type { RoleLabel } from "./people";
import { RoleBoxes } from "./role-boxes";

interface Session {
  id: string;
  createdAt: string;
  lastUsedAt: string;
  userAgent: string | null;
  address: string | null;
}

interface Props {
  account: Account;
  roles: RoleLabel[];
  changed: () => void;
  close: () => void;
}

export function AccountDialog({ account, roles, changed, close }: Props) {
  const t = useTexts();
  const lang = useLang();
  const zone = useShell().data?.viewer.timeZone ?? "UTC";
  const [chosen, choose] = useState(account.roles);
  const [link, setLink] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const sessions = useQuery({
    queryKey: ["admin", "sessions", account.account],
    queryFn: async () =>
      (await metadata<{ accountSessions: { nodes: Session[] } }>(SESSIONS, { account: account.account }))
        .accountSessions.nodes,
    staleTime: 0,
  });
  const same = [...chosen].sort().join() === [...account.roles].sort().join();
  const run = async (work: () => Promise<unknown>) => {
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem);
    }
  };
  const save = () =>
    run(async () => {
      await metadata(ASSIGN_ROLES, { account: account.account, roles: chosen });
      changed();
      tell(t.savedNamed(account.name));
      close();
    });
  const makeLink = () =>
    run(async () => {
      const told = await metadata<{ createSignInLink: { path: string } }>(SIGN_IN_LINK, { account: account.account });
      setLink(location.origin + told.createSignInLink.path);
    });
  return (
    <Dialog title={`${account.name} · ${account.account}`} onClose={close} wide>
      {error !== null && <Failed error={error} />}
      <h3>{t.roles}</h3>
      <RoleBoxes roles={roles} chosen={chosen} change={choose} />
      <h3>{t.password}</h3>
      <div className={styles.row}>
        <Button onPress={() => void makeLink()}>{t.makeLink}</Button>
        <Button
          onPress={() =>
            void run(async () => {
              await metadata(UNLOCK, { account: account.account });
              tell(t.unlocked);
            })
          }
        >
          {t.unlock}
        </Button>
      </div>
      {link !== null && (
        <label className={styles.form}>
          <span className={styles.muted}>{t.linkHint}</span>
          <input readOnly value={link} onFocus={(event) => event.target.select()} />
        </label>
      )}
      <h3>{t.signIns}</h3>
      <ul className={styles.list}>
        {sessions.data?.map((session) => (
          <li key={session.id} className={styles.muted}>
            {showInstant(session.lastUsedAt, zone, lang)} · {session.address ?? "–"} · {session.userAgent ?? "–"}
          </li>
        ))}
        {sessions.data?.length === 0 && <li className={styles.muted}>{t.nothingHere}</li>}
      </ul>
      <Actions>
        {(sessions.data?.length ?? 0) > 0 && (
          <Button
            kind="danger"
            onPress={() =>
              void run(async () => {
                await metadata(END_SESSIONS, { account: account.account });
                await sessions.refetch();
              })
            }
          >
            {t.endSignIns}
          </Button>
        )}
        <Button onPress={close}>{t.cancel}</Button>
        <Button kind="main" isDisabled={same} onPress={() => void save()}>
          {t.save}
        </Button>
      </Actions>
    </Dialog>
  );
}
