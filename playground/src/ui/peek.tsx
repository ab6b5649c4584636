/** Asks for a look at a record at the side. Whoever shows pages answers; what asks knows nothing of them. */

import { PanelRightOpen } from "lucide-react";
import { useArea } from "../texts/area";
import * as texts from "../texts/peek";
import styles from "./peek.module.css";

export interface Asked {
  plural: string;
  id: string;
  /** What was pressed: the records around it are its neighbours. */
  from: Element;
}

let listener: ((asked: Asked) => void) | null = null;

/** Answers until the returned function is called. */
export function answerPeeks(answer: (asked: Asked) => void): () => void {
  listener = answer;
  return () => {
    if (listener === answer) listener = null;
  };
}

export const peek = (asked: Asked) => listener?.(asked);

interface Props {
  plural: string;
  id: string;
  title: string;
  /** At the end of its cell, or in the corner of its card; else behind the link. */
  at?: "cell" | "card";
}

/** For the pointer: on the link beside it, the space bar does the same. */
export function PeekButton({ plural, id, title, at }: Props) {
  const a = useArea(texts);
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`${styles.button} ${at === undefined ? "" : styles[at]}`}
      aria-label={a.peek(title)}
      title={a.peekKey}
      onClick={(event) => {
        event.preventDefault();
        peek({ plural, id, from: event.currentTarget });
      }}
    >
      <PanelRightOpen size={14} aria-hidden="true" />
    </button>
  );
}
