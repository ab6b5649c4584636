/** A range of cells between two corners, and steps by arrow keys. Pure. */

export interface Cell {
  row: number;
  column: number;
}

const STEPS: Record<string, Cell> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};

/** The cell to which a key leads, within so many rows and columns; null where it is no arrow. */
export function stepped(from: Cell, key: string, rows: number, columns: number): Cell | null {
  const step = STEPS[key];
  if (step === undefined) return null;
  const within = (place: number, count: number) => Math.max(0, Math.min(count - 1, place));
  return { row: within(from.row + step.row, rows), column: within(from.column + step.column, columns) };
}

export const inRange = ({ row, column }: Cell, a: Cell, b: Cell): boolean =>
  row >= Math.min(a.row, b.row) &&
  row <= Math.max(a.row, b.row) &&
  column >= Math.min(a.column, b.column) &&
  column <= Math.max(a.column, b.column);
