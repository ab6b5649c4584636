/**
 * The text that spreadsheets put on the clipboard and take from it: rows of cells with tabs between them, and quotes
 * around a cell that has tabs or line breaks of its own.
 */

/**
 * The cells of a pasted text; of an empty one there are no rows. One line break at the end is dropped. A quote that
 * begins a cell and is not closed at its end belongs to the cell, because spreadsheets copy `"A" series` as it is.
 */
export function readTable(text: string): string[][] {
  const rows: string[][] = [];
  const ends = /[\t\r\n]/g;
  let row: string[] = [];
  let at = 0;
  while (at < text.length || row.length > 0) {
    const close = text[at] === '"' ? closing(text, at) : -1;
    let end = close + 1;
    if (close < 0) {
      ends.lastIndex = at;
      end = ends.exec(text)?.index ?? text.length;
    }
    row.push(close < 0 ? text.slice(at, end) : text.slice(at + 1, close).replaceAll('""', '"'));
    at = end + 1;
    if (text[end] === "\t") continue;
    if (text[end] === "\r" && text[at] === "\n") at += 1;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** Where the quote stands that closes the cell whose opening quote is at `open`; -1 if the cell is not quoted. */
function closing(text: string, open: number): number {
  let at = text.indexOf('"', open + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  if (at < 0) return -1;
  const next = text[at + 1];
  return next === undefined || next === "\t" || next === "\r" || next === "\n" ? at : -1;
}

/** The text from which `readTable` and spreadsheets read the same cells. A row without cells has one empty one. */
export function writeTable(rows: readonly (readonly string[])[]): string {
  const lines = rows.map((row) => row.map(written).join("\t"));
  // An empty last line would be taken for the end of the one before.
  return lines.join("\n") + (lines.at(-1) === "" ? "\n" : "");
}

function written(cell: string): string {
  return /[\t\r\n]|^"/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
