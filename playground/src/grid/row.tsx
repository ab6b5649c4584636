/** One row of the grid. It is drawn again only when something of it has changed, however many rows scroll by. */

import { memo, type ReactNode } from "react";
import type { GridColumn } from "./grid";
import styles from "./grid.module.css";

export interface RowProps {
  index: number;
  columns: GridColumn[];
  /** What the cells are drawn from: the row is the same as long as each of these is. */
  stamp: readonly unknown[];
  cell: (place: number, column: GridColumn, active: boolean) => ReactNode;
  selected: boolean;
  /** The column of the cell that has the grid's tab stop; -1 in other rows. */
  active: number;
  /** The columns of the chosen range; none where it is one cell. */
  from: number;
  to: number;
  /** The column that is being typed into; -1 for none. */
  editing: number;
  editor: ReactNode;
  /** How many columns the first cell takes. */
  span: number;
  readOnly?: (place: number, column: GridColumn) => boolean;
  fault?: (place: number, column: GridColumn) => string | undefined;
}

function RowOf(props: RowProps) {
  const { index, columns, cell, selected, active, from, to, editing, editor, span, readOnly, fault } = props;
  return (
    <tr data-place={index} aria-rowindex={index + 2} aria-selected={selected || undefined}>
      {columns.map((column, at) => {
        if (at > 0 && at < span) return null;
        const wrong = fault?.(index, column);
        const open = editing === at || (wrong !== undefined && active === at);
        const shown = editing === at ? editor : cell(index, column, active === at);
        const id = wrong === undefined ? undefined : `fault-${index}-${at}`;
        return (
          <td
            key={column.key}
            data-column={at}
            colSpan={at === 0 && span > 1 ? span : undefined}
            // The title's link has the stop itself.
            tabIndex={column.title ? undefined : active === at && editing !== at ? 0 : -1}
            aria-selected={at >= from && at <= to ? true : undefined}
            aria-readonly={readOnly?.(index, column) || undefined}
            aria-invalid={wrong !== undefined || undefined}
            aria-describedby={id}
            className={[column.end && styles.end, open && styles.open].filter(Boolean).join(" ") || undefined}
          >
            {shown}
            {wrong !== undefined && (
              <span id={id} className={styles.fault}>
                {wrong}
              </span>
            )}
          </td>
        );
      })}
    </tr>
  );
}

const same = (one: readonly unknown[], other: readonly unknown[]) =>
  one.length === other.length && one.every((part, place) => part === other[place]);

export const GridRow = memo(
  RowOf,
  (one, other) =>
    one.index === other.index &&
    one.columns === other.columns &&
    one.selected === other.selected &&
    one.active === other.active &&
    one.span === other.span &&
    one.from === other.from &&
    one.to === other.to &&
    one.editing < 0 &&
    other.editing < 0 &&
    same(one.stamp, other.stamp),
);
