/** Where moves lead on a board. Pure. */

import type { FlowMove } from "../../api/metadata";

/** A column of a board: the value of its state, and what the flow calls it. */
export interface Place {
  value: string;
  name: string | undefined;
}

/**
 * The column to which a move leads from one; none where that is not known. One whose end goes by the record leads to
 * the next column where states are `ordered` records.
 */
export function leadsTo(
  { to }: FlowMove,
  from: string,
  columns: readonly Place[],
  ordered: boolean,
): string | undefined {
  if (to !== null) return columns.find(({ name }) => name === to)?.value;
  const place = columns.findIndex(({ value }) => value === from);
  return ordered && place >= 0 ? columns[place + 1]?.value : undefined;
}

/** Whether a move may begin in a column, as far as its name is known. */
export const beginsIn = ({ from }: FlowMove, { name }: Place) => name === undefined || from.includes(name);

/** The way that leads to the nearest column on a side. */
export function nearest<W extends { to: string | undefined }>(
  ways: readonly W[],
  from: string,
  columns: readonly Pick<Place, "value">[],
  by: -1 | 1,
): W | undefined {
  const start = columns.findIndex(({ value }) => value === from);
  if (start < 0) return undefined;
  for (let at = start + by; columns[at] !== undefined; at += by) {
    const way = ways.find(({ to }) => to === columns[at]!.value);
    if (way !== undefined) return way;
  }
  return undefined;
}
