/** The sign-in box in the title bar: two fields and, on a demo server, its accounts; or who is signed in. */

import { type FormEvent, useEffect, useState } from "react";
import { demoAccounts, signIn, signOut } from "../signin/session";
import type { texts } from "./texts";

interface Props {
  user: string | null;
  t: ReturnType<typeof texts>;
}

export function SignIn({ user, t }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [demo, setDemo] = useState<Awaited<ReturnType<typeof demoAccounts>>>(null);

  useEffect(() => {
    void demoAccounts().then(setDemo);
  }, []);

  if (user !== null) {
    return (
      <div className="tw-account">
        <span className="tw-user">{user}</span>
        <button className="tw-quiet" onClick={() => void signOut()}>
          {t.signOut}
        </button>
      </div>
    );
  }

  async function enter(account: string, password: string) {
    setBusy(true);
    setProblem(await signIn(account, password));
    setBusy(false);
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    void enter(String(data.get("account")).trim(), String(data.get("password")));
  }

  return (
    <form className="tw-account" onSubmit={submit}>
      {problem !== null && (
        <span className="tw-problem" role="alert">
          {problem}
        </span>
      )}
      {demo !== null && (
        <select
          aria-label={t.demoAccount}
          value=""
          disabled={busy}
          onChange={(event) => void enter(event.target.value, demo.password)}
        >
          <option value="" disabled>
            {t.demoAccount}
          </option>
          {demo.accounts.map(({ account, note }) => (
            <option key={account} value={account}>
              {account} · {note}
            </option>
          ))}
        </select>
      )}
      <input name="account" required autoComplete="username" placeholder={t.account} aria-label={t.account} />
      <input
        name="password"
        type="password"
        required
        autoComplete="current-password"
        placeholder={t.password}
        aria-label={t.password}
      />
      <button className="tw-main-button" disabled={busy}>
        {busy ? t.signingIn : t.signIn}
      </button>
    </form>
  );
}
