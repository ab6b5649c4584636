/** A dialog with a form: what stands against it, its fields, cancel and what sends it. */

import type { FormEvent, ReactNode } from "react";
import { useTexts } from "../texts";
import { Button } from "./button";
import { Actions, Dialog } from "./dialog";
import { Notice } from "./notices";
import styles from "./ui.module.css";

interface Props {
  title: string;
  /** What the button that sends it is called. */
  ok: string;
  /** What it was refused with. */
  problem?: string | null;
  busy?: boolean;
  onClose: () => void;
  /** What is filled in, when it is sent. */
  onSubmit: (data: FormData) => void;
  children: ReactNode;
}

export function FormDialog({ title, ok, problem = null, busy = false, onClose, onSubmit, children }: Props) {
  const t = useTexts();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!busy) onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        {problem !== null && (
          <Notice tone="bad" role="alert">
            {problem}
          </Notice>
        )}
        {children}
        <Actions>
          <Button onPress={onClose}>{t.cancel}</Button>
          <Button type="submit" kind="main" isDisabled={busy}>
            {ok}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
