/** A text that is typed, what may stand where one types, and its faults, each of which leads to its place. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import * as objects from "../texts/objects";
import { useArea } from "../texts/area";
import { composing } from "../ui/keys";
import styles from "./admin.module.css";
import type { Diagnostic } from "./documents";
import { offsetOf, type Suggestion } from "./objects/completion";
import looks from "./objects/objects.module.css";

/** The height of a line, by the style of the editor. */
const LINE = 19.5;

interface Props {
  text: string;
  write: (text: string) => void;
  faults: readonly Diagnostic[];
  /** What may stand at a place of the text, in place of what begins at `from`. */
  suggest: (text: string, caret: number) => { from: number; found: Suggestion[] };
  /** The elements that name and describe it. */
  labelledBy: string;
  describedBy: string;
}

export function CodeArea({ text, write, faults, suggest, labelledBy, describedBy }: Props) {
  const a = useArea(objects);
  const area = useRef<HTMLTextAreaElement>(null);
  const [offered, offer] = useState<{ from: number; to: number; found: Suggestion[]; chosen: number } | null>(null);
  /** Where the caret stands once what was put in is drawn. */
  const caret = useRef<number | null>(null);
  useEffect(() => {
    if (caret.current === null) return;
    area.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  const typed = (next: string, at: number) => {
    write(next);
    const { from, found } = suggest(next, at);
    offer(found.length === 0 ? null : { from, to: at, found, chosen: 0 });
  };
  const take = (one: Suggestion | undefined) => {
    if (offered === null || one === undefined) return;
    caret.current = offered.from + one.insert.length;
    write(text.slice(0, offered.from) + one.insert + text.slice(offered.to));
    offer(null);
    area.current?.focus();
  };
  const go = ({ line, column }: Diagnostic) => {
    const at = offsetOf(text, line, column);
    area.current?.focus();
    area.current?.setSelectionRange(at, at);
    area.current?.scrollTo({ top: Math.max(0, (line - 5) * LINE) });
  };
  const nextFault = () => {
    const at = area.current?.selectionStart ?? 0;
    const next = faults.find(({ line, column }) => offsetOf(text, line, column) > at) ?? faults[0];
    if (next !== undefined) go(next);
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
    <>
      <textarea
        ref={area}
        className={styles.code}
        aria-labelledby={labelledBy}
        aria-describedby={describedBy}
        aria-invalid={faults.length > 0 || undefined}
        spellCheck={false}
        value={text}
        onChange={(event) => typed(event.target.value, event.target.selectionStart)}
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
      <ul className={styles.list}>
        {faults.map((fault, place) => (
          <li key={place}>
            <button className={looks.fault} onClick={() => go(fault)}>
              {fault.line}:{fault.column} {fault.message}
              {fault.hint !== null && <span className={styles.muted}> {fault.hint}</span>}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
