/** Cells by their place, and the box that two of them span. */

export interface Place {
  row: number;
  column: number;
}

/** Rows and columns from and to, both included. */
export interface Box {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export const boxOf = (one: Place, other: Place): Box => ({
  top: Math.min(one.row, other.row),
  bottom: Math.max(one.row, other.row),
  left: Math.min(one.column, other.column),
  right: Math.max(one.column, other.column),
});

export const isOne = ({ top, bottom, left, right }: Box) => top === bottom && left === right;

/** The nearest place that there is. */
export const within = ({ row, column }: Place, rows: number, columns: number): Place => ({
  row: Math.max(0, Math.min(rows - 1, row)),
  column: Math.max(0, Math.min(columns - 1, column)),
});

/**
 * The cell before or after in reading order; null before the first and after the last. Within one row unless
 * `wrapping`.
 */
export function beside({ row, column }: Place, by: 1 | -1, rows: number, columns: number, wrapping: boolean) {
  const next = column + by;
  if (next >= 0 && next < columns) return { row, column: next };
  const other = row + by;
  if (!wrapping || other < 0 || other >= rows) return null;
  return { row: other, column: by > 0 ? 0 : columns - 1 };
}

/** Where a key leads; null if it moves nothing. `page` is how many rows are in view. */
export function moved(at: Place, key: string, far: boolean, rows: number, columns: number, page: number): Place | null {
  const { row, column } = at;
  const to: Record<string, Place> = {
    ArrowUp: { row: far ? 0 : row - 1, column },
    ArrowDown: { row: far ? rows - 1 : row + 1, column },
    ArrowLeft: { row, column: far ? 0 : column - 1 },
    ArrowRight: { row, column: far ? columns - 1 : column + 1 },
    PageUp: { row: row - page, column },
    PageDown: { row: row + page, column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? rows - 1 : row, column: columns - 1 },
  };
  const next = to[key];
  return next === undefined ? null : within(next, rows, columns);
}

export interface Spread {
  placed: (Place & { text: string })[];
  /** How many texts have found no cell. */
  left: number;
}

/**
 * The cells that a table of texts goes into when it is put over a box: one text fills the box, a table begins at its
 * first cell and goes as far as there are rows and columns. Rows that take no values are passed by.
 */
export function spread(
  table: readonly (readonly string[])[],
  box: Box,
  rows: number,
  columns: number,
  takes: (row: number) => boolean,
): Spread {
  const placed: Spread["placed"] = [];
  const single = table.length === 1 && table[0]!.length === 1;
  let left = 0;
  const put = (cells: readonly string[], row: number) =>
    cells.forEach((text, along) => {
      const column = box.left + along;
      if (row < rows && column < columns) placed.push({ row, column, text });
      else if (text.trim() !== "") left += 1;
    });
  if (single) {
    const line = Array.from({ length: box.right - box.left + 1 }, () => table[0]![0]!);
    for (let row = box.top; row <= box.bottom; row += 1) if (takes(row)) put(line, row);
    return { placed, left: placed.length === 0 ? 1 : left };
  }
  let row = box.top;
  for (const cells of table) {
    while (row < rows && !takes(row)) row += 1;
    put(cells, row);
    row += 1;
  }
  return { placed, left };
}
