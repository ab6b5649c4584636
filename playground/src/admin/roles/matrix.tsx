/** How much of each object a role opens, by action: a level in each cell, set by keys. */

import { type KeyboardEvent, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { metadata } from "../../api/metadata";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as rights from "../../texts/rights";
import { Failed, Skeleton } from "../../ui/states";
import styles from "../admin.module.css";
import { MATRIX, type MatrixRow } from "../documents";
import { useLabels } from "./labels";
import { put } from "./pending";
import type { PartProps } from "./part";
import { type Cell, inRange, stepped } from "./range";

const ACTIONS = [
  "READ",
  "CREATE",
  "EDIT",
  "DELETE",
  "PRINT",
  "EXPORT",
  "AUDIT",
  "TRANSFER",
  "SHIP",
  "APPROVE",
] as const;
const LEVELS = ["NONE", "OWN", "RELATED", "DIMENSIONS", "OWN_AND_DIMENSIONS", "BOTH", "ALL"] as const;

/** A level by its key: whoever fills in a matrix keeps the hands where they are. */
const KEYS: Record<string, string> = { "0": "NONE", o: "OWN", r: "RELATED", d: "DIMENSIONS", b: "BOTH", a: "ALL" };

export function Matrix({ role, pending, change }: PartProps) {
  const t = useTexts();
  const a = useArea(rights);
  const labels = useLabels();
  /** The corners of what a key sets: one cell, or what Shift and arrows have added. */
  const [corners, setCorners] = useState<[Cell, Cell] | null>(null);
  const extending = useRef(false);
  const table = useRef<HTMLDivElement>(null);
  const matrix = useQuery({
    queryKey: ["meta", "admin", "matrix", role.code],
    queryFn: async () => (await metadata<{ rightsMatrix: MatrixRow[] }>(MATRIX, { roles: [role.code] })).rightsMatrix,
    staleTime: Infinity,
  });
  if (matrix.isError) return <Failed error={matrix.error} retry={() => void matrix.refetch()} />;
  if (matrix.data === undefined) return <Skeleton rows={10} />;

  const stored = (row: MatrixRow, action: string) => row.cells.find((cell) => cell.action === action)?.level ?? "NONE";
  const rows = matrix.data;
  const set = (cells: { row: MatrixRow; action: string }[], level: string) =>
    change({
      ...pending,
      grants: cells.reduce(
        (grants, { row, action }) => put(grants, `${row.object} ${action}`, level, stored(row, action)),
        pending.grants,
      ),
    });
  const focused = (cell: Cell) => {
    const extends_ = extending.current;
    extending.current = false;
    setCorners((before) => (extends_ && before !== null ? [before[0], cell] : [cell, cell]));
  };
  const pressed = (event: KeyboardEvent, cell: Cell) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = stepped(cell, event.key, rows.length, ACTIONS.length);
    if (next !== null) {
      event.preventDefault();
      extending.current = event.shiftKey;
      table.current?.querySelectorAll("tbody tr")[next.row]?.querySelectorAll("select")[next.column]?.focus();
      return;
    }
    const level = KEYS[event.key.toLowerCase()];
    if (level === undefined) return;
    event.preventDefault();
    const [from, to] = corners ?? [cell, cell];
    const all = rows.flatMap((row, at) =>
      ACTIONS.map((action, column) => ({ row, action, cell: { row: at, column } })),
    );
    set(
      all.filter((one) => inRange(one.cell, from, to)),
      level,
    );
  };
  return (
    <>
      <p className={styles.muted}>
        {t.matrixKeys}; {a.rangeKeys}
      </p>
      <div ref={table} className={styles.table} role="region" aria-label={t.roles} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.objects}</th>
              {ACTIONS.map((action) => (
                <th key={action} scope="col">
                  {t.actions[action]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => {
              const label = labels.object(row.object);
              return (
                <tr key={row.object}>
                  <th scope="row">
                    {label}
                    {row.walled && <span className={styles.muted}> · {t.walled}</span>}
                  </th>
                  {ACTIONS.map((action, column) => {
                    const cell = { row: at, column };
                    const ranged = corners !== null && corners[0] !== corners[1] && inRange(cell, ...corners);
                    const level = pending.grants.get(`${row.object} ${action}`) ?? stored(row, action);
                    return (
                      <td key={action} className={ranged ? styles.ranged : undefined}>
                        <select
                          aria-label={`${label}: ${t.actions[action]}`}
                          className={pending.grants.has(`${row.object} ${action}`) ? styles.changed : undefined}
                          data-level={level}
                          value={level}
                          onFocus={() => focused(cell)}
                          onKeyDown={(event) => pressed(event, cell)}
                          onChange={(event) => set([{ row, action }], event.target.value)}
                        >
                          {LEVELS.map((one) => (
                            <option key={one} value={one}>
                              {t.levels[one]}
                            </option>
                          ))}
                        </select>
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
