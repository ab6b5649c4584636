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

/**
 * The cells that a table of texts goes into when it is put over a box: one text fills the box, a table begins at its
 * first cell and goes as far as there are rows and columns.
 */
export function spread(table: readonly (readonly string[])[], box: Box, rows: number, columns: number) {
  const placed: (Place & { text: string })[] = [];
  const single = table.length === 1 && table[0]!.length === 1;
  const height = single ? box.bottom - box.top + 1 : table.length;
  for (let down = 0; down < height && box.top + down < rows; down += 1) {
    const cells = table[single ? 0 : down]!;
    const width = single ? box.right - box.left + 1 : cells.length;
    for (let along = 0; along < width && box.left + along < columns; along += 1) {
      placed.push({ row: box.top + down, column: box.left + along, text: cells[single ? 0 : along]! });
    }
  }
  return placed;
}
