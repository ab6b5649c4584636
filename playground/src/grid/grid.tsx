/**
 * Rows and columns that scroll, however many there are: only those in view are in the page.
 *
 * Knows no records and no GraphQL. The arrows move the focus from row to row, by the first link of each.
 */

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import styles from "./grid.module.css";

export interface GridColumn {
  key: string;
  label: ReactNode;
  /** Stands before the label, apart from what sorts. */
  lead?: ReactNode;
  width: number;
  end?: boolean;
  /** Called when the heading is pressed; without it, the column cannot be sorted. */
  sort?: () => void;
  sorted?: "ascending" | "descending";
}

interface Props {
  label: string;
  columns: GridColumn[];
  count: number;
  /** How many rows there are in all, where it is known. */
  total?: number;
  rowKey: (place: number) => string;
  cell: (place: number, column: GridColumn) => ReactNode;
  selected?: (place: number) => boolean;
  /** The last rows are near. */
  onNearEnd?: () => void;
  className?: string;
}

export function Grid({ label, columns, count, total, rowKey, cell, selected, onNearEnd, className }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 37,
    overscan: 12,
    getItemKey: rowKey,
    scrollMargin: 36,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const nearEnd = useRef(onNearEnd);
  nearEnd.current = onNearEnd;
  useEffect(() => {
    if (last >= count - 15) nearEnd.current?.();
  }, [last, count]);
  const before = Math.max(0, (shown[0]?.start ?? 36) - 36);
  const after = Math.max(0, rows.getTotalSize() - (shown.at(-1)?.end ?? 36) + 36);

  const pressed = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const row = (event.target as Element).closest<HTMLElement>("tr[data-place]");
    const place = Number(row?.dataset.place ?? -1) + (event.key === "ArrowDown" ? 1 : -1);
    if (row === null || place < 0 || place >= count) return;
    event.preventDefault();
    rows.scrollToIndex(place);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`tr[data-place="${place}"] a`)?.focus({ preventScroll: true }),
    );
  };

  return (
    <div
      ref={scroller}
      className={`${styles.scroller} ${className ?? ""}`}
      onKeyDown={pressed}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <table className={styles.table} aria-rowcount={(total ?? count) + 1}>
        <colgroup>
          {columns.map(({ key, width }) => (
            <col key={key} style={{ width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, label: heading, lead, end, sort, sorted }) => (
              <th key={key} scope="col" className={end ? styles.end : undefined} aria-sort={sorted}>
                {lead}
                {sort === undefined ? (
                  heading
                ) : (
                  <button className={styles.sort} onClick={sort}>
                    {heading}
                    {sorted === "ascending" && <ArrowUp size={13} aria-hidden="true" />}
                    {sorted === "descending" && <ArrowDown size={13} aria-hidden="true" />}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && (
            <tr className={styles.spacer} aria-hidden="true">
              <td colSpan={columns.length} style={{ height: before }} />
            </tr>
          )}
          {shown.map(({ index, key }) => (
            <tr
              key={key}
              data-place={index}
              data-index={index}
              ref={rows.measureElement}
              aria-rowindex={index + 2}
              aria-selected={selected?.(index) || undefined}
            >
              {columns.map((column) => (
                <td key={column.key} className={column.end ? styles.end : undefined}>
                  {cell(index, column)}
                </td>
              ))}
            </tr>
          ))}
          {after > 0 && (
            <tr className={styles.spacer} aria-hidden="true">
              <td colSpan={columns.length} style={{ height: after }} />
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}
