/** The company's own definitions as text, checked as they are typed. */

import { useEffect, useRef, useState } from "react";
import { useTexts } from "../texts";
import { Failed } from "../ui/states";
import styles from "./admin.module.css";
import { Faults } from "./draft-panel";
import type { DraftEditor } from "./use-draft";

const PAUSE = 700;

export function TextEditor({ editor }: { editor: DraftEditor }) {
  const t = useTexts();
  const [typed, type] = useState<string | null>(null);
  /** The draft that the last save of this editor has made. */
  const own = useRef<string | null>(null);
  const turn = useRef<Promise<void>>(Promise.resolve());
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (typed === null || typed === editor.text) return;
    const timer = setTimeout(() => {
      // One after the other: the draft is what was typed last.
      turn.current = turn.current.then(async () => {
        try {
          own.current = (await editor.save(typed)).changedAt;
          setError(null);
        } catch (problem) {
          setError(problem);
        }
      });
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  const changedAt = editor.draft?.changedAt ?? null;
  useEffect(() => {
    // Steps that were made beside the text are in it; what was discarded is gone.
    if (changedAt !== own.current) type(null);
  }, [changedAt]);
  return (
    <section className={styles.panel}>
      <h2 id="definitions">{t.definitions}</h2>
      <p className={styles.muted}>{t.definitionsHint}</p>
      {error !== null && <Failed error={error} />}
      <textarea
        className={styles.code}
        aria-labelledby="definitions"
        spellCheck={false}
        value={typed ?? editor.text}
        onChange={(event) => type(event.target.value)}
      />
      <Faults found={editor.draft?.diagnostics ?? []} />
    </section>
  );
}
