/** Sign-in, and a password of one's own for whoever comes by a one-time link. */

import { type FormEvent, useEffect, useRef, useState } from "react";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { account, demoAccounts, knownAccount, setLang, setPassword, signIn, signOut } from "../signin/session";
import { useLang, useTexts } from "../texts";
import { buttonLook } from "../ui/button-look";
import { Notice } from "../ui/notices";
import styles from "./signin.module.css";

/** Only addresses of this console: what stands in the address is anybody's text. */
const destination = (to: string | undefined) =>
  to !== undefined && /^\/(?![/\\])/.test(to) && !to.startsWith("/signin") ? to : "/home";

export function SignInPage() {
  const t = useTexts();
  const lang = useLang();
  const navigate = useNavigate();
  const { search, hash, state } = useRouterState({ select: ({ location }) => location });
  const link = /^link=(\w[\w-]*)$/.exec(hash)?.[1] ?? null;
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [demo, setDemo] = useState<Awaited<ReturnType<typeof demoAccounts>>>(null);
  const to = destination((search as { to?: string }).to);

  // Not by the address, which anybody may write.
  const out = (state as { out?: boolean }).out === true && knownAccount() !== null;
  useEffect(() => {
    // Forms have asked what shall become of them. A new document: nothing that this person has seen stays in memory.
    if (out) void signOut().then((done) => (done ? location.replace("/signin") : setProblem(t.offline)));
    else if (account() !== null && link === null) void navigate({ to, replace: true });
  }, [out]);
  useEffect(() => {
    document.title = `${t.signIn} · Tradewind`;
    void demoAccounts().then(setDemo);
  }, [t]);

  async function enter(sent: Promise<string | null>) {
    setBusy(true);
    const wrong = await sent;
    setBusy(false);
    setProblem(wrong);
    if (wrong !== null || account() === null) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[type=password]")?.focus());
      return;
    }
    void navigate({ to, hash: "", replace: true });
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const password = String(data.get("password"));
    if (link === null) {
      void enter(signIn(String(data.get("account")).trim(), password, data.get("stay") !== null));
    } else if (password === String(data.get("again"))) {
      void enter(setPassword(link, password));
    } else {
      setProblem(t.notTheSame);
    }
  }

  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.brand}>
          <img src="/playground/icon.svg" alt="" width="28" height="28" />
          <h1>Tradewind</h1>
          <button className={styles.lang} onClick={() => setLang(lang === "zh" ? "en" : "zh")}>
            {lang === "zh" ? "English" : "中文"}
          </button>
        </div>
        {problem !== null && (
          <Notice tone="bad" role="alert">
            {problem}
          </Notice>
        )}
        <form ref={form} className={styles.form} onSubmit={submit}>
          {link === null ? (
            <>
              <label className={styles.field}>
                {t.account}
                <input name="account" required autoFocus autoComplete="username" />
              </label>
              <label className={styles.field}>
                {t.password}
                <input name="password" type="password" required autoComplete="current-password" />
              </label>
              <label className={styles.check}>
                <input name="stay" type="checkbox" />
                {t.stay}
              </label>
            </>
          ) : (
            (["password", "again"] as const).map((name) => (
              <label key={name} className={styles.field}>
                {name === "password" ? t.newPassword : t.onceMore}
                <input name={name} type="password" required autoComplete="new-password" />
              </label>
            ))
          )}
          <button type="submit" className={buttonLook("main")} disabled={busy}>
            {busy ? t.signingIn : link === null ? t.signIn : t.setPassword}
          </button>
        </form>
        {demo !== null && link === null && (
          <div className={styles.demo}>
            <h2>{t.demoAccounts}</h2>
            <div className={styles.accounts}>
              {demo.accounts.map(({ account: name, note }) => (
                <button
                  key={name}
                  className={styles.account}
                  disabled={busy}
                  onClick={() => void enter(signIn(name, demo.password))}
                >
                  {name} · {note}
                </button>
              ))}
            </div>
          </div>
        )}
      </div>
    </main>
  );
}
