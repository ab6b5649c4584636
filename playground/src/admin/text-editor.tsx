/** The company's own definitions as text, checked as they are typed, with what may stand where one types. */

import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { metadata } from "../api/metadata";
import * as objects from "../texts/objects";
import { useArea } from "../texts/area";
import { useTexts } from "../texts";
import { composing } from "../ui/keys";
import { Failed } from "../ui/states";
import styles from "./admin.module.css";
import { ALL_DEFINITIONS } from "./documents";
import { Faults } from "./draft-panel";
import { offsetOf, type Suggestion, suggestions, vocabularyOf } from "./objects/completion";
import looks from "./objects/objects.module.css";
import type { DraftEditor } from "./use-draft";

const PAUSE = 700;
/** The height of a line, by the style of the editor. */
const LINE = 19.5;

export function TextEditor({ editor }: { editor: DraftEditor }) {
  const t = useTexts();
  const a = useArea(objects);
  const [typed, type] = useState<string | null>(null);
  /** The draft that the last save of this editor has made. */
  const own = useRef<string | null>(null);
  const turn = useRef<Promise<void>>(Promise.resolve());
  const area = useRef<HTMLTextAreaElement>(null);
  const [error, setError] = useState<unknown>(null);
  const [offered, offer] = useState<{ from: number; to: number; found: Suggestion[]; chosen: number } | null>(null);
  /** Where the caret stands once what was put in is drawn. */
  const caret = useRef<number | null>(null);
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
  useEffect(() => {
    if (caret.current === null) return;
    area.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const write = (next: string, at: number) => {
    type(next);
    const { from, found } = suggestions(next, at, known);
    offer(found.length === 0 ? null : { from, to: at, found, chosen: 0 });
  };
  const take = (one: Suggestion | undefined) => {
    if (offered === null || one === undefined) return;
    caret.current = offered.from + one.insert.length;
    type(text.slice(0, offered.from) + one.insert + text.slice(offered.to));
    offer(null);
    area.current?.focus();
  };
  const faults = editor.draft?.diagnostics ?? [];
  const nextFault = () => {
    const at = area.current?.selectionStart ?? 0;
    const places = faults.map(({ line, column }) => ({ line, at: offsetOf(text, line, column) }));
    const next = places.find((one) => one.at > at) ?? places[0];
    if (next === undefined) return;
    area.current?.setSelectionRange(next.at, next.at);
    area.current?.scrollTo({ top: Math.max(0, (next.line - 5) * LINE) });
  };
  const pressed = (event: KeyboardEvent) => {
    if (composing(event)) return;
    if (event.key === "F8") {
      event.preventDefault();
      return nextFault();
    }
    if (offered === null) return;
    const count = offered.found.length;
    if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      take(offered.found[offered.chosen]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      offer(null);
    } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : count - 1;
      offer({ ...offered, chosen: (offered.chosen + by) % count });
    }
  };
  return (
    <section className={styles.panel}>
      <h2 id="definitions">{t.definitions}</h2>
      <p className={styles.muted}>
        {t.definitionsHint} <span id="definitions-keys">{a.completionHint}</span>
      </p>
      {error !== null && <Failed error={error} />}
      <textarea
        ref={area}
        className={styles.code}
        aria-labelledby="definitions"
        aria-describedby="definitions-keys"
        spellCheck={false}
        value={text}
        onChange={(event) => write(event.target.value, event.target.selectionStart)}
        onKeyDown={pressed}
        onClick={() => offer(null)}
      />
      <div className={looks.suggestions} role="group" aria-label={a.suggestions}>
        {offered?.found.map((one, place) => (
          <button
            key={one.text}
            aria-current={place === offered.chosen || undefined}
            tabIndex={-1}
            onClick={() => take(one)}
          >
            {one.text}
          </button>
        ))}
      </div>
      <Faults found={faults} />
    </section>
  );
}
