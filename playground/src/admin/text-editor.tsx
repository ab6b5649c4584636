/** The company's own definitions as text, checked as they are typed, with what may stand where one types. */

import { useEffect, useMemo, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { metadata } from "../api/metadata";
import * as objects from "../texts/objects";
import { useArea } from "../texts/area";
import { useTexts } from "../texts";
import { Failed } from "../ui/states";
import styles from "./admin.module.css";
import { CodeArea } from "./code-area";
import { ALL_DEFINITIONS } from "./documents";
import { suggestions, vocabularyOf } from "./objects/completion";
import type { DraftEditor } from "./use-draft";

const PAUSE = 700;

export function TextEditor({ editor }: { editor: DraftEditor }) {
  const t = useTexts();
  const a = useArea(objects);
  const [typed, type] = useState<string | null>(null);
  /** The draft that the last save of this editor has made. */
  const own = useRef<string | null>(null);
  const turn = useRef<Promise<void>>(Promise.resolve());
  const [error, setError] = useState<unknown>(null);
  const told = useQuery({
    queryKey: ["meta", "admin", "definitions"],
    queryFn: async () => (await metadata<{ definitions: { text: string }[] }>(ALL_DEFINITIONS)).definitions,
    // Only who types needs them.
    enabled: typed !== null,
    staleTime: Infinity,
  });
  const text = typed ?? editor.text;
  const standard = useMemo(() => (told.data ?? []).map((one) => one.text), [told.data]);
  const known = useMemo(() => vocabularyOf([...standard, editor.text]), [standard, editor.text]);
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
      <p className={styles.muted}>
        {t.definitionsHint} <span id="definitions-keys">{a.completionHint}</span>
      </p>
      {error !== null && <Failed error={error} />}
      <CodeArea
        text={text}
        write={type}
        faults={editor.draft?.diagnostics ?? []}
        suggest={(next, caret) => suggestions(next, caret, known)}
        labelledBy="definitions"
        describedBy="definitions-keys"
      />
    </section>
  );
}
