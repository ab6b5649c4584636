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
  const sent = useRef<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (typed === null || typed === editor.text) return;
    const timer = setTimeout(() => {
      sent.current = typed;
      editor.save(typed).then(() => setError(null), setError);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  // Steps that were made beside the text are in it.
  useEffect(() => {
    if (editor.draft !== null && editor.draft.sdl !== sent.current) type(null);
  }, [editor.draft?.changedAt]);
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
