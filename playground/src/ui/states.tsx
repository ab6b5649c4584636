/** What a page shows instead of its content: loading, nothing, what went wrong. */

import { type ReactNode, useEffect, useState } from "react";
import { Offline, Refused } from "../api/transport";
import { useTexts } from "../texts";
import { Button } from "./button";
import { Notice } from "./notices";
import styles from "./ui.module.css";

/** Grey bars, after 150 ms: what comes sooner needs none. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  const t = useTexts();
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), 150);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div className={styles.skeleton} role="status" aria-label={t.loading}>
      {Array.from({ length: rows }, (_, place) => (
        <div key={place} className={styles.bar} />
      ))}
    </div>
  );
}

export const Empty = ({ text, children }: { text: string; children?: ReactNode }) => (
  <div className={styles.empty}>
    <p>{text}</p>
    {children}
  </div>
);

/** What went wrong, with what to do about it. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useTexts();
  const offline = error instanceof Offline;
  const refused = error instanceof Refused ? error : null;
  const hint = offline ? t.offlineHint : refused?.hint;
  return (
    <Notice tone={offline ? "warn" : "bad"} role="alert">
      <div className={styles.noticeText}>
        <strong>{offline ? t.offline : t.wentWrong}</strong>
        {!offline && <div>{refused?.message ?? String(error)}</div>}
        {hint !== undefined && <div className={styles.hint}>{hint}</div>}
        {refused?.requestId != null && (
          <div className={styles.hint}>
            {t.requestId}: {refused.requestId}
          </div>
        )}
      </div>
      {retry !== undefined && <Button onPress={retry}>{t.retry}</Button>}
    </Notice>
  );
}
