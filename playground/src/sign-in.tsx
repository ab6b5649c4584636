/** The sign-in box in the title bar: two fields, or who is signed in. */

import { type FormEvent, useState } from "react";
import { signIn, signOut } from "./session";
import type { texts } from "./texts";

export function SignIn({ user, t }: { user: string | null; t: ReturnType<typeof texts> }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

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

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    setBusy(true);
    setProblem(await signIn(String(data.get("account")).trim(), String(data.get("password"))));
    setBusy(false);
  }

  return (
    <form className="tw-account" onSubmit={(event) => void submit(event)}>
      {problem !== null && (
        <span className="tw-problem" role="alert">
          {problem}
        </span>
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
