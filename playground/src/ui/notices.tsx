/** What a page says of itself: a line above its content, or that there is none. Loads no library. */

import { type ReactNode, useEffect } from "react";
import { useTexts } from "../texts";
import { buttonLook } from "./button-look";
import styles from "./ui.module.css";

/** What is not there, and what is not for the reader: one page for both. */
export function NotThere() {
  const t = useTexts();
  useEffect(() => {
    document.title = `${t.notThere} · Tradewind`;
  }, [t]);
  return (
    <div className={styles.empty}>
      <h1>{t.notThere}</h1>
      <p>{t.notThereHint}</p>
    </div>
  );
}

interface Tone {
  tone?: "bad" | "warn" | "good";
  children: ReactNode;
  role?: "alert" | "status";
}

export const Notice = ({ tone, role, children }: Tone) => (
  <div className={[styles.notice, tone && styles[tone]].filter(Boolean).join(" ")} role={role}>
    {children}
  </div>
);

/** A fault of ours: the page around it stays, and what was typed is kept on the server. */
export function Crashed({ error }: { error: unknown }) {
  const t = useTexts();
  return (
    <div className={styles.empty} role="alert">
      <h1>{t.wentWrong}</h1>
      <p>{t.crashed}</p>
      <p className={styles.hint}>{error instanceof Error ? error.message : String(error)}</p>
      <button className={buttonLook("main")} onClick={() => location.reload()}>
        {t.refresh}
      </button>
    </div>
  );
}
