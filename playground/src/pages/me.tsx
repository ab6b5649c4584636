/** One's own account: password, sign-ins, standing in, keys for programs, language and look. */

import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiKeys } from "../admin/people/api-keys";
import { SignIns } from "../admin/people/sign-ins";
import { StandingIn } from "../admin/people/standing-in";
import styles from "../admin/admin.module.css";
import { useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import { setLang } from "../signin/session";
import { useLang, useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as me from "../texts/me";
import { Button } from "../ui/button";
import { lettersRest, restLetters } from "../ui/keys";
import { Failed, Skeleton } from "../ui/states";
import { setTheme, type Theme, theme } from "../ui/theme";
import { tell } from "../ui/toasts";

const ROLES = `query OwnRoles { viewer { roles } }`;

const CHANGE_PASSWORD = `mutation ChangePassword($current: String!, $new: String!) {
  changePassword(current: $current, new: $new)
}`;

export function MePage() {
  const t = useTexts();
  const a = useArea(me);
  const viewer = useShell().data?.viewer;
  const held = useQuery({
    queryKey: ["meta", "own roles"],
    queryFn: async () => (await metadata<{ viewer: { roles: string[] } }>(ROLES)).viewer.roles,
    staleTime: Infinity,
  });
  useEffect(() => {
    document.title = `${t.myAccount} · Tradewind`;
  }, [t]);
  if (held.isError) return <Failed error={held.error} retry={() => void held.refetch()} />;
  if (viewer === undefined || held.data === undefined) return <Skeleton rows={8} />;
  const roles = held.data.map((code) => ({ code, label: code === "administrator" ? t.administrator : code }));
  return (
    <div className={styles.page}>
      <div>
        <h1>{t.myAccount}</h1>
        <p className={styles.muted}>
          {viewer.name} · {viewer.account} · {a.held(roles.map(({ label }) => label).join(", ") || t.none)}
        </p>
      </div>
      <div className={styles.pair}>
        <Password />
        <Look />
      </div>
      <Panel title={a.signIns}>
        <SignIns />
      </Panel>
      {viewer.employee !== null && (
        <Panel title={a.standing}>
          <StandingIn employee={viewer.employee} />
        </Panel>
      )}
      <Panel title={a.keys}>
        <ApiKeys roles={roles} />
      </Panel>
    </div>
  );
}

const Panel = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={styles.panel} aria-label={title}>
    <h2>{title}</h2>
    {children}
  </section>
);

function Password() {
  const t = useTexts();
  const a = useArea(me);
  const account = useShell().data?.viewer.account;
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = Object.fromEntries(new FormData(form)) as Record<string, string>;
    if (given.new !== given.again) return setError(new Error(t.notTheSame));
    setBusy(true);
    setError(null);
    try {
      await metadata(CHANGE_PASSWORD, { current: given.current, new: given.new });
      form.reset();
      tell(a.passwordChanged);
      await queries.invalidateQueries({ queryKey: ["admin", "sessions"] });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title={t.password}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        {/* A password manager asks for whom it keeps the password. */}
        <input hidden readOnly autoComplete="username" value={account ?? ""} />
        <label>
          {a.currentPassword}
          <input type="password" name="current" required autoComplete="current-password" />
        </label>
        <label>
          {t.newPassword}
          <input type="password" name="new" required autoComplete="new-password" />
        </label>
        <label>
          {t.onceMore}
          <input type="password" name="again" required autoComplete="new-password" />
        </label>
        <p className={styles.muted}>{a.passwordHint}</p>
        {error !== null && <Failed error={error} />}
        <div>
          <Button type="submit" kind="main" isDisabled={busy}>
            {a.changePassword}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function Look() {
  const t = useTexts();
  const a = useArea(me);
  const lang = useLang();
  const [chosen, choose] = useState(theme);
  const [rest, setRest] = useState(lettersRest);
  const themes: Record<Theme, string> = { system: t.browser, light: t.light, dark: t.dark };
  return (
    <Panel title={a.look}>
      <div className={styles.form}>
        <label>
          {t.language}
          <select value={lang} onChange={(event) => setLang(event.target.value === "zh" ? "zh" : "en")}>
            <option value="zh">中文</option>
            <option value="en">English</option>
          </select>
        </label>
        <label>
          {a.theme}
          <select
            value={chosen}
            onChange={(event) => {
              const next = event.target.value as Theme;
              setTheme(next);
              choose(next);
            }}
          >
            {(Object.keys(themes) as Theme[]).map((one) => (
              <option key={one} value={one}>
                {themes[one]}
              </option>
            ))}
          </select>
        </label>
        <label className={styles.inline}>
          <input
            type="checkbox"
            checked={!rest}
            aria-describedby="letters-hint"
            onChange={(event) => {
              restLetters(!event.target.checked);
              setRest(!event.target.checked);
            }}
          />
          {a.singleKeys}
        </label>
        <p id="letters-hint" className={styles.muted}>
          {a.singleKeysHint}
        </p>
      </div>
    </Panel>
  );
}
