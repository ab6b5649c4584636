/** The heading of a column: sorts when it is pressed, and is as wide as its edge is drawn. */

import { type PointerEvent, useRef } from "react";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { GridColumn } from "./grid";
import styles from "./grid.module.css";

const LEAST = 60;
const MOST = 900;

export function Heading({ column, draw }: { column: GridColumn; draw: (width: number) => void }) {
  const { label, lead, end, sort, sorted, resize, width } = column;
  const from = useRef<{ x: number; width: number } | null>(null);
  const at = (event: PointerEvent) =>
    Math.round(Math.max(LEAST, Math.min(MOST, from.current!.width + event.clientX - from.current!.x)));
  return (
    <th scope="col" className={end ? styles.end : undefined} aria-sort={sorted}>
      {lead}
      {sort === undefined ? (
        label
      ) : (
        <button className={styles.sort} onClick={sort}>
          {label}
          {sorted === "ascending" && <ArrowUp size={13} aria-hidden="true" />}
          {sorted === "descending" && <ArrowDown size={13} aria-hidden="true" />}
        </button>
      )}
      {resize !== undefined && (
        <span
          className={styles.edge}
          aria-hidden="true"
          onPointerDown={(event) => {
            event.preventDefault();
            event.currentTarget.setPointerCapture(event.pointerId);
            // As wide as it is, which is more than it asks for where there is room.
            from.current = { x: event.clientX, width: event.currentTarget.parentElement?.offsetWidth ?? width };
          }}
          onPointerMove={(event) => {
            if (from.current !== null) draw(at(event));
          }}
          onPointerUp={(event) => {
            if (from.current === null) return;
            const next = at(event);
            from.current = null;
            if (next !== width) resize(next);
          }}
        />
      )}
    </th>
  );
}
