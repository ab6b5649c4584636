/** How much of each object a role opens, by action: a level in each cell, set by keys. */

import type { KeyboardEvent } from "react";
import { useQuery } from "@tanstack/react-query";
import { metadata } from "../../api/metadata";
import { useTexts } from "../../texts";
import { Failed, Skeleton } from "../../ui/states";
import styles from "../admin.module.css";
import { MATRIX, type MatrixRow } from "../documents";
import { useLabels } from "./labels";
import { put } from "./pending";
import type { PartProps } from "./part";

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
  const labels = useLabels();
  const matrix = useQuery({
    queryKey: ["meta", "admin", "matrix", role.code],
    queryFn: async () => (await metadata<{ rightsMatrix: MatrixRow[] }>(MATRIX, { roles: [role.code] })).rightsMatrix,
    staleTime: Infinity,
  });
  if (matrix.isError) return <Failed error={matrix.error} retry={() => void matrix.refetch()} />;
  if (matrix.data === undefined) return <Skeleton rows={10} />;

  const stored = (row: MatrixRow, action: string) => row.cells.find((cell) => cell.action === action)?.level ?? "NONE";
  const set = (row: MatrixRow, action: string, level: string) =>
    change({ ...pending, grants: put(pending.grants, `${row.object} ${action}`, level, stored(row, action)) });
  const pressed = (event: KeyboardEvent, row: MatrixRow, action: string) => {
    const level = KEYS[event.key.toLowerCase()];
    if (level === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    set(row, action, level);
  };
  return (
    <>
      <p className={styles.muted}>{t.matrixKeys}</p>
      <div className={styles.table} role="region" aria-label={t.roles} tabIndex={0}>
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
            {matrix.data.map((row) => {
              const label = labels.object(row.object);
              return (
                <tr key={row.object}>
                  <th scope="row">
                    {label}
                    {row.walled && <span className={styles.muted}> · {t.walled}</span>}
                  </th>
                  {ACTIONS.map((action) => {
                    const level = pending.grants.get(`${row.object} ${action}`) ?? stored(row, action);
                    return (
                      <td key={action}>
                        <select
                          aria-label={`${label}: ${t.actions[action]}`}
                          className={pending.grants.has(`${row.object} ${action}`) ? styles.changed : undefined}
                          data-level={level}
                          value={level}
                          onKeyDown={(event) => pressed(event, row, action)}
                          onChange={(event) => set(row, action, event.target.value)}
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
