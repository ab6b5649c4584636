/** In place of the sign-in box, for who comes by a one-time link: a password of one's own, typed twice. */

import { type FormEvent, useState } from "react";
import { setPassword } from "./session";
import type { texts } from "./texts";

/** The token of the link this page was opened by; behind the `#`, so that it is in no log. */
export const linkToken = () => /^#link=(\w[\w-]*)$/.exec(location.hash)?.[1] ?? null;

interface Props {
  token: string;
  t: ReturnType<typeof texts>;
  done: () => void;
}

export function SetPassword({ token, t, done }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const password = String(data.get("password"));
    if (password !== String(data.get("again"))) {
      setProblem(t.notTheSame);
      return;
    }
    setBusy(true);
    const wrong = await setPassword(token, password);
    setBusy(false);
    setProblem(wrong);
    if (wrong === null) {
      history.replaceState(null, "", location.pathname);
      done();
    }
  }

  return (
    <form className="tw-account" onSubmit={(event) => void submit(event)}>
      {problem !== null && (
        <span className="tw-problem" role="alert">
          {problem}
        </span>
      )}
      {(["password", "again"] as const).map((name) => (
        <input
          key={name}
          name={name}
          type="password"
          required
          autoComplete="new-password"
          placeholder={name === "again" ? t.onceMore : t.newPassword}
          aria-label={name === "again" ? t.onceMore : t.newPassword}
        />
      ))}
      <button className="tw-main-button" disabled={busy}>
        {busy ? t.signingIn : t.setPassword}
      </button>
    </form>
  );
}
