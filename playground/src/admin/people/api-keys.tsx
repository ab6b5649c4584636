/** API keys of an account, or one's own: made, shown once, revoked. */

import { type FormEvent, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useShell } from "../../api/cache";
import { metadata } from "../../api/metadata";
import fields from "../../fields/fields.module.css";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as people from "../../texts/people";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Notice } from "../../ui/notices";
import { Failed, Skeleton } from "../../ui/states";
import { tell } from "../../ui/toasts";
import { instantOf, showInstant } from "../../values/dates";
import styles from "../admin.module.css";
import { type ApiKey, CREATE_KEY, KEYS, REVOKE_KEY } from "./documents";

interface Props {
  /** Without it they are the reader's own. */
  account?: string;
  /** The roles that a key may have: those of the account. */
  roles: { code: string; label: string }[];
}

export function ApiKeys({ account, roles }: Props) {
  const t = useTexts();
  const a = useArea(people);
  const lang = useLang();
  const zone = useShell().data?.viewer.timeZone ?? "UTC";
  const [making, make] = useState(false);
  const [secret, show] = useState<string | null>(null);
  const [asked, ask] = useState<ApiKey | null>(null);
  const [error, setError] = useState<unknown>(null);
  const keys = useQuery({
    queryKey: ["admin", "keys", account ?? null],
    queryFn: async () => (await metadata<{ apiKeys: { nodes: ApiKey[] } }>(KEYS, { account })).apiKeys.nodes,
    staleTime: 0,
  });
  const revoke = async (key: ApiKey) => {
    ask(null);
    setError(null);
    try {
      await metadata(REVOKE_KEY, { id: key.id });
      tell(a.revoked(key.name));
      await keys.refetch();
    } catch (problem) {
      setError(problem);
    }
  };
  if (keys.isError) return <Failed error={keys.error} retry={() => void keys.refetch()} />;
  if (keys.data === undefined) return <Skeleton rows={3} />;
  const labelOf = (code: string) => roles.find((role) => role.code === code)?.label ?? code;
  return (
    <>
      <p className={styles.muted}>{a.keysHint}</p>
      {error !== null && <Failed error={error} />}
      {secret !== null && (
        <Notice tone="good" role="status">
          <label className={styles.secret}>
            {a.keySecret}
            <input readOnly className={styles.mono} value={secret} onFocus={(event) => event.target.select()} />
          </label>
          <Button onPress={() => void navigator.clipboard.writeText(secret).then(() => tell(a.copied))}>
            {a.copyKey}
          </Button>
        </Notice>
      )}
      <ul className={styles.rows}>
        {keys.data.map((key) => (
          <li key={key.id}>
            <span>
              {key.name} <span className={styles.mono}>{key.prefix}…</span>
              <span className={styles.muted}>
                {" "}
                {[
                  key.roles.map(labelOf).join(", "),
                  a.expires(showInstant(key.expiresAt, zone, lang)),
                  key.lastUsedAt === null ? a.neverUsed : a.lastUsed(showInstant(key.lastUsedAt, zone, lang)),
                ].join(" · ")}
              </span>
            </span>
            <Button aria-label={a.revokeNamed(key.name)} onPress={() => ask(key)}>
              {a.revoke}
            </Button>
          </li>
        ))}
        {keys.data.length === 0 && <li className={styles.muted}>{a.noKeys}</li>}
      </ul>
      {making ? (
        <NewKey
          account={account}
          roles={roles}
          close={() => make(false)}
          made={(text) => {
            show(text);
            make(false);
            void keys.refetch();
          }}
        />
      ) : (
        <div>
          <Button onPress={() => make(true)}>{a.newKey}…</Button>
        </div>
      )}
      {asked !== null && (
        <Dialog title={a.revokeAsk(asked.name)} role="alertdialog" onClose={() => ask(null)}>
          <Actions>
            <Button onPress={() => ask(null)}>{t.cancel}</Button>
            <Button kind="danger" onPress={() => void revoke(asked)}>
              {a.revoke}
            </Button>
          </Actions>
        </Dialog>
      )}
    </>
  );
}

interface NewProps extends Props {
  close: () => void;
  made: (secret: string) => void;
}

function NewKey({ account, roles, close, made }: NewProps) {
  const t = useTexts();
  const a = useArea(people);
  const viewer = useShell().data?.viewer;
  const [chosen, choose] = useState<string[]>(roles.length === 1 ? [roles[0]!.code] : []);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    setBusy(true);
    setError(null);
    try {
      // A key is good through the day that is given.
      const expiresAt = instantOf(`${given.until}T23:59:59`, viewer?.timeZone ?? "UTC");
      const told = await metadata<{ createApiKey: { secret: string } }>(CREATE_KEY, {
        name: given.name,
        roles: chosen,
        expiresAt,
        account,
      });
      made(told.createApiKey.secret);
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <form className={`${styles.panel} ${styles.form}`} aria-label={a.newKey} onSubmit={(event) => void submit(event)}>
      <label>
        {a.keyName}
        <input name="name" required autoFocus maxLength={60} />
      </label>
      <label>
        {a.keyUntil}
        <input name="until" type="date" required min={viewer?.today} />
      </label>
      <fieldset className={fields.checks} aria-label={a.keyRoles}>
        <legend className={styles.muted}>{a.keyRoles}</legend>
        {roles.map(({ code, label }) => (
          <label key={code} className={fields.check}>
            <input
              type="checkbox"
              checked={chosen.includes(code)}
              onChange={(event) =>
                choose(event.target.checked ? [...chosen, code] : chosen.filter((one) => one !== code))
              }
            />
            {label}
          </label>
        ))}
      </fieldset>
      {error !== null && <Failed error={error} />}
      <Actions>
        <Button onPress={close}>{t.cancel}</Button>
        <Button type="submit" kind="main" isDisabled={busy || chosen.length === 0}>
          {t.create}
        </Button>
      </Actions>
    </form>
  );
}
