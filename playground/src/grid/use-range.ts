/** Which cell has the focus, which range is chosen, which cell is typed into: by keys and by pointer. */

import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { composing } from "../ui/keys";
import { followed, type Held } from "./follow";
import { beside, type Box, boxOf, isOne, moved, type Place, within } from "./range";

/** How an editor is left: where the focus goes, and whether the value goes to the whole range. */
export type Leave = "down" | "up" | "next" | "previous" | "stay" | "fill" | "away";

/** What a grid does with its cells besides showing them. */
export interface Cells {
  editable: (place: Place) => boolean;
  /** Somebody wants to change a cell that cannot be changed. */
  refuse: (place: Place) => void;
  empty: (box: Box) => void;
  /** The values of the row from which the range was drawn go to all rows of it. */
  fill: (box: Box, from: number) => void;
  copy: (box: Box) => string;
  paste: (box: Box, text: string) => void;
  undo: () => void;
}

/** A range begins at its anchor, which is the cell that is typed into, and ends at its head, which has the focus. */
type State = Held;

const FIRST: Place = { row: 0, column: 0 };
const START: State = { anchor: FIRST, anchorKey: null, head: FIRST, headKey: null, editing: null };
const INNER = "a, button, input, select, textarea, label";

export function placeOf(element: Element | null): Place | null {
  const cell = element?.closest<HTMLElement>("td[data-column]");
  const row = cell?.closest<HTMLElement>("tr[data-place]");
  if (cell == null || row == null) return null;
  return { row: Number(row.dataset.place), column: Number(cell.dataset.column) };
}

export function useRange(
  scroller: { current: HTMLElement | null },
  rows: number,
  columns: number,
  keyOf: (row: number) => string,
  cells: Cells | undefined,
  reveal: (row: number) => void,
) {
  const [kept, set] = useState<State>(START);
  const state = followed(kept, rows, keyOf);
  if (state !== kept) set(state);
  const [dragging, drag] = useState(false);
  const focusing = useRef(false);
  const anchor = within(state.anchor, Math.max(1, rows), columns);
  const head = within(state.head, Math.max(1, rows), columns);
  const { editing } = state;
  const box = boxOf(anchor, head);
  const stateOf = (from: Place, to: Place, open: State["editing"] = null): State => ({
    anchor: from,
    anchorKey: keyOf(from.row),
    head: to,
    headKey: keyOf(to.row),
    editing: open,
  });

  useLayoutEffect(() => {
    if (!focusing.current) return;
    focusing.current = false;
    const row = scroller.current?.querySelector(`tr[data-place="${head.row}"]`);
    // A cell that takes several columns stands for each of them.
    const cell = row?.querySelector<HTMLElement>(`td[data-column="${head.column}"]`) ?? row?.querySelector("td");
    const target = cell?.hasAttribute("tabindex") ? cell : cell?.querySelector<HTMLElement>("a, button");
    target?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  useEffect(() => {
    if (!dragging) return;
    const stop = () => drag(false);
    addEventListener("pointerup", stop);
    return () => removeEventListener("pointerup", stop);
  }, [dragging]);

  const go = (to: Place, from: Place = to) => {
    focusing.current = true;
    set(stateOf(from, to));
    reveal(to.row);
  };
  const edit = (at: Place, typed: boolean) => {
    if (cells === undefined) return;
    if (!cells.editable(at)) return cells.refuse(at);
    // At once, so that the first key goes into the field, also one that begins a composition.
    flushSync(() => set(stateOf(at, isOne(box) ? at : head, { typed })));
  };
  const leave = (how: Leave) => {
    if (how === "away") return set((before) => ({ ...before, editing: null }));
    if (how === "stay" || how === "fill") return go(head, anchor);
    const by = how === "next" || how === "previous";
    const next = by
      ? beside(anchor, how === "next" ? 1 : -1, rows, columns, true)
      : moved(anchor, how === "down" ? "ArrowDown" : "ArrowUp", false, rows, columns, 1);
    go(next ?? anchor);
  };

  const pressed = (event: KeyboardEvent) => {
    const target = event.target as Element;
    const at = placeOf(target);
    if (at === null) {
      // From the headings down into the rows.
      if (event.key === "ArrowDown" && target.closest("thead") !== null && rows > 0) {
        event.preventDefault();
        go({ row: 0, column: target.closest<HTMLTableCellElement>("th")?.cellIndex ?? 0 });
      }
      return;
    }
    if (target.closest("[data-editor]") !== null) return;
    const held = event.ctrlKey || event.metaKey;
    const linked = target.matches("a, button");
    const take = () => {
      event.preventDefault();
      event.stopPropagation();
    };
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / 37) - 2);
    const to = event.altKey ? null : moved(head, event.key, held, rows, columns, page);
    if (to !== null) {
      take();
      go(to, event.shiftKey ? anchor : to);
    } else if (event.key === "Tab" && !held) {
      const next = beside(head, event.shiftKey ? -1 : 1, rows, columns, false);
      if (next !== null) {
        take();
        go(next);
      }
    } else if (event.key === "Escape" && !isOne(box)) {
      take();
      go(head);
    } else if (event.key === "Enter" && held) {
      take();
      if (!isOne(box)) cells?.fill(box, anchor.row);
    } else if (event.key === "F2" || (event.key === "Enter" && !linked && !event.altKey)) {
      take();
      edit(anchor, false);
    } else if (event.key === "Enter" && event.altKey) {
      take();
      (target as HTMLElement).querySelector<HTMLElement>("a")?.click();
    } else if (event.key === " " && event.shiftKey && linked) {
      const box = target.closest("td")?.querySelector<HTMLElement>("input[type=checkbox]");
      if (box == null) return event.stopPropagation();
      take();
      box.click();
    } else if ((event.key === "Delete" || event.key === "Backspace") && !held) {
      take();
      cells?.empty(box);
    } else if (event.key.toLowerCase() === "z" && held) {
      take();
      cells?.undo();
    } else if (!linked && !held && !event.altKey && (event.key.length === 1 || composing(event))) {
      // The key itself is left to the field that opens.
      event.stopPropagation();
      edit(anchor, true);
    }
  };

  const down = (event: PointerEvent) => {
    const target = event.target as Element;
    const at = placeOf(target);
    if (at === null || event.button !== 0 || target.closest("[data-editor]") !== null) return;
    if (target.closest(INNER) !== null) return;
    event.preventDefault();
    if (event.shiftKey) return go(at, anchor);
    go(at);
    if (event.pointerType === "mouse") drag(true);
  };
  const over = (event: PointerEvent) => {
    if (!dragging) return;
    const at = placeOf(event.target as Element);
    if (at !== null && (at.row !== head.row || at.column !== head.column)) go(at, anchor);
  };
  const twice = (event: { target: EventTarget }) => {
    const target = event.target as Element;
    const at = placeOf(target);
    if (at !== null && target.closest(INNER) === null) edit(at, false);
  };
  /** The focus came some other way: by a click on a link, or back from a dialog. */
  const focused = (event: { target: EventTarget }) => {
    const at = placeOf(event.target as Element);
    if (at === null || focusing.current || dragging) return;
    if ((event.target as Element).closest("[data-editor]") !== null) return;
    if (at.row !== head.row || at.column !== head.column || state.headKey === null) set(stateOf(at, at));
  };

  return { anchor, head, editing, box, dragging, leave, pressed, down, over, twice, focused };
}
