/** Focus and range stay with their rows when others come before them, go, or change places. */

import type { Place } from "./range";

/** Two cells and the rows they are of; no row as long as nobody has been there. */
export interface Held {
  anchor: Place;
  anchorKey: string | null;
  head: Place;
  headKey: string | null;
  editing: null | { typed: boolean };
}

/**
 * The same cells where their rows are now. A range whose rows have come apart becomes the cell that is typed into, or
 * the one with the focus; a row that is gone takes the editor with it. What is in place is given back as it is.
 */
export function followed(held: Held, rows: number, keyOf: (row: number) => string): Held {
  const { anchor, anchorKey, head, headKey, editing } = held;
  if (anchorKey === null || headKey === null) return held;
  const there = (row: number, key: string) => row < rows && keyOf(row) === key;
  if (there(anchor.row, anchorKey) && there(head.row, headKey)) return held;
  const find = ({ row, column }: Place, key: string): Place | null => {
    if (there(row, key)) return { row, column };
    for (let at = 0; at < rows; at += 1) if (keyOf(at) === key) return { row: at, column };
    return null;
  };
  const [from, to] = [find(anchor, anchorKey), find(head, headKey)];
  if (from !== null && to !== null && to.row - from.row === head.row - anchor.row) {
    return { ...held, anchor: from, head: to };
  }
  const one = (at: Place, key: string | null, open: Held["editing"]): Held => ({
    anchor: at,
    anchorKey: key,
    head: at,
    headKey: key,
    editing: open,
  });
  if (editing !== null && from !== null) return one(from, anchorKey, editing);
  if (to !== null) return one(to, headKey, null);
  if (from !== null) return one(from, anchorKey, null);
  const nearest = { row: Math.max(0, Math.min(rows - 1, head.row)), column: head.column };
  return one(nearest, rows > 0 ? keyOf(nearest.row) : null, null);
}
