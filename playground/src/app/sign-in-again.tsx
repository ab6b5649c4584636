/** Asks for the password again when a sign-in has ended; the page under it stays as it is. */

import { type FormEvent, useEffect, useState, useSyncExternalStore } from "react";
import { useNavigate } from "@tanstack/react-router";
import { client } from "../api/cache";
import { onEnded } from "../api/transport";
import { isOver, knownAccount, resume, signIn, subscribe } from "../signin/session";
import { useTexts } from "../texts";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { Notice } from "../ui/notices";

export function SignInAgain() {
  const t = useTexts();
  const navigate = useNavigate();
  const [who, ask] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  // The name is gone by the time that the end is told.
  const [known] = useState(knownAccount);
  const over = useSyncExternalStore(subscribe, isOver);
  useEffect(() => onEnded(() => ask(known)), [known]);
  useEffect(() => {
    if (!over) return;
    void resume().then((done) => {
      if (!done) ask(known);
      else void client.invalidateQueries();
    });
  }, [over, known]);
  if (who === null) return null;

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setBusy(true);
    const wrong = await signIn(who!, String(new FormData(event.currentTarget).get("password")));
    setBusy(false);
    setProblem(wrong);
    if (wrong !== null) return;
    ask(null);
    void client.invalidateQueries();
  }

  return (
    <Dialog title={t.signInAgain}>
      <p>{t.signInAgainHint}</p>
      {problem !== null && (
        <Notice tone="bad" role="alert">
          {problem}
        </Notice>
      )}
      <form onSubmit={(event) => void submit(event)}>
        <input type="hidden" autoComplete="username" value={who} readOnly />
        <label>
          {t.password} · {who}
          <input name="password" type="password" required autoFocus autoComplete="current-password" />
        </label>
        <Actions>
          <Button onPress={() => void navigate({ to: "/signin", state: { out: true } as object })}>{t.signOut}</Button>
          <Button type="submit" kind="main" isDisabled={busy}>
            {busy ? t.signingIn : t.signIn}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
