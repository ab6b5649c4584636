/**
 * Rows and columns that scroll, however many there are: only those in view are in the page.
 *
 * Knows no records and no GraphQL. One cell has the tab stop; arrows move it, Shift and arrows or a drag choose a range.
 */

import { type ClipboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import styles from "./grid.module.css";
import { type Box, isOne } from "./range";
import { Heading } from "./heading";
import { GridRow } from "./row";
import { type Cells, type Leave, placeOf, useRange } from "./use-range";

export interface GridColumn {
  key: string;
  label: ReactNode;
  /** Stands before the label, apart from what sorts. */
  lead?: ReactNode;
  width: number;
  /** Called with another width once the edge of the heading has been drawn to it. */
  resize?: (width: number) => void;
  end?: boolean;
  /** Has a link that opens the row. */
  title?: boolean;
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
  cell: (place: number, column: GridColumn, active: boolean) => ReactNode;
  /** What a row is drawn from. */
  stamp: (place: number) => readonly unknown[];
  selected?: (place: number) => boolean;
  /** How many columns the first cell of a row takes, one unless told. */
  span?: (place: number) => number;
  /** What stands below a column whatever is scrolled; a line for none where it is not given. */
  foot?: (column: GridColumn) => ReactNode;
  cells?: Cells;
  editor?: (place: number, column: GridColumn, typed: boolean, box: Box, leave: (how: Leave) => void) => ReactNode;
  fault?: (place: number, column: GridColumn) => string | undefined;
  /** The last rows are near. */
  onNearEnd?: () => void;
  className?: string;
}

export function Grid(props: Props) {
  const { label, columns, count, total, rowKey, cell, stamp, selected, cells, editor, fault, onNearEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(36);
  /** A column whose edge is being drawn. */
  const [drawn, draw] = useState<{ key: string; width: number } | null>(null);
  const widthOf = ({ key, width }: GridColumn) => (drawn?.key === key ? drawn.width : width);
  useEffect(() => draw(null), [columns]);
  const kept = useRef<number[]>([]);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 5,
    scrollMargin: 36,
    scrollPaddingStart: 37,
    // The cell with the focus stays, however far the rest is scrolled.
    rangeExtractor: (range) =>
      [...new Set([...defaultRangeExtractor(range), ...kept.current])]
        .filter((row) => row < range.count)
        .sort((a, b) => a - b),
  });
  const range = useRange(scroller, count, columns.length, rowKey, cells, (row) => rows.scrollToIndex(row));
  const { anchor, head, editing, box } = range;
  kept.current = [anchor.row, head.row];
  const shown = rows.getVirtualItems();
  const some = count > 0;
  useLayoutEffect(() => {
    // Asking for a height makes the browser lay out at once, so it is asked only where it can be another.
    const measured = () => {
      const real = scroller.current?.querySelector<HTMLElement>("tr[data-place]")?.offsetHeight;
      if (real !== undefined && real !== 0) setHeight(real);
    };
    measured();
    addEventListener("resize", measured);
    return () => removeEventListener("resize", measured);
  }, [some]);
  useLayoutEffect(() => rows.measure(), [height]);
  const last = Math.min(rows.range?.endIndex ?? 0, count - 1);
  const nearEnd = useRef(onNearEnd);
  nearEnd.current = onNearEnd;
  useEffect(() => {
    if (last >= count - 30) nearEnd.current?.();
  }, [last, count]);

  const copied = (event: ClipboardEvent, empty: boolean) => {
    if (cells === undefined || !ours(event.target)) return;
    if (!(getSelection()?.isCollapsed ?? true)) return;
    event.preventDefault();
    event.clipboardData.setData("text/plain", cells.copy(box));
    if (empty) cells.empty(box);
  };
  const pasted = (event: ClipboardEvent) => {
    if (cells === undefined || !ours(event.target)) return;
    event.preventDefault();
    cells.paste(box, event.clipboardData.getData("text/plain"));
  };

  let end = 36;
  const body = shown.flatMap(({ index, start, end: after }) => {
    const key = rowKey(index);
    const gap = start - end;
    end = after;
    const inRange = !isOne(box) && index >= box.top && index <= box.bottom;
    const column = editing !== null && index === anchor.row ? anchor.column : -1;
    const row = (
      <GridRow
        key={key}
        index={index}
        columns={columns}
        stamp={stamp(index)}
        cell={cell}
        selected={selected?.(index) ?? false}
        active={index === head.row ? head.column : -1}
        from={inRange ? box.left : -1}
        to={inRange ? box.right : -2}
        editing={column}
        span={props.span?.(index) ?? 1}
        editor={column < 0 ? null : editor?.(index, columns[column]!, editing!.typed, box, range.leave)}
        readOnly={cells && ((place, { key: name }) => !cells.editable({ row: place, column: placeIn(columns, name) }))}
        fault={fault}
      />
    );
    return gap > 0 ? [<Spacer key={`before ${key}`} columns={columns.length} height={gap} />, row] : [row];
  });
  const after = Math.max(0, rows.getTotalSize() + 36 - end);

  return (
    <div
      ref={scroller}
      className={[styles.scroller, range.dragging && styles.dragging, props.className].filter(Boolean).join(" ")}
      style={{ ["--first" as string]: `${columns[0] === undefined ? 0 : widthOf(columns[0])}px` }}
      onKeyDown={range.pressed}
      onPointerDown={range.down}
      onPointerOver={range.over}
      onDoubleClick={range.twice}
      onFocus={range.focused}
      onCopy={(event) => copied(event, false)}
      onCut={(event) => copied(event, true)}
      onPaste={pasted}
      role="region"
      aria-label={label}
    >
      <table
        role="grid"
        className={styles.table}
        aria-label={label}
        aria-rowcount={(total ?? count) + (props.foot === undefined ? 1 : 2)}
        aria-multiselectable={cells !== undefined || undefined}
        // Columns keep their widths whatever rows come by.
        style={{ width: columns.reduce((sum, column) => sum + widthOf(column), 0) }}
      >
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={{ width: widthOf(column) }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Heading key={column.key} column={column} draw={(width) => draw({ key: column.key, width })} />
            ))}
          </tr>
        </thead>
        <tbody>
          {body}
          {after > 0 && <Spacer columns={columns.length} height={after} />}
        </tbody>
        {props.foot !== undefined && (
          <tfoot>
            <tr aria-rowindex={(total ?? count) + 2}>
              {columns.map((column) => (
                <td key={column.key} className={column.end ? styles.end : undefined}>
                  {props.foot!(column)}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

const placeIn = (columns: readonly GridColumn[], key: string) => columns.findIndex((column) => column.key === key);

/** Whether keys and the clipboard are for cells, not for a field within them. */
const ours = (target: EventTarget) =>
  placeOf(target as Element) !== null && (target as Element).closest("input, select, textarea") === null;

/** Keeps the room of rows that are not in the page. */
const Spacer = ({ columns, height }: { columns: number; height: number }) => (
  <tr className={styles.spacer} aria-hidden="true">
    <td colSpan={columns} style={{ height }} />
  </tr>
);
