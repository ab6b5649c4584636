/** The menu as people see it: all of it, or what of it is for a role. */

import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useShell } from "../../api/cache";
import { metadata } from "../../api/metadata";
import * as menus from "../../texts/menus";
import { useArea } from "../../texts/area";
import { useLang } from "../../texts";
import { Glyph } from "../../ui/glyph";
import { Failed } from "../../ui/states";
import admin from "../admin.module.css";
import { MATRIX, type MatrixRow } from "../documents";
import { ROLE_CODES, type RoleCodes } from "../layouts/documents";
import type { EntryDesign, MenuDesign } from "./design";
import styles from "./menus.module.css";

interface Props {
  design: MenuDesign;
  labelOf: (entry: EntryDesign) => string;
}

export function MenuPreview({ design, labelOf }: Props) {
  const a = useArea(menus);
  const zh = useLang() === "zh";
  const may = useShell().data?.viewer.may ?? [];
  const [role, choose] = useState("");
  const roles = useQuery({
    queryKey: ["meta", "admin", "role-codes"],
    queryFn: () => metadata<RoleCodes>(ROLE_CODES),
    // Only those who give rights are told what a role opens.
    enabled: may.includes("RIGHTS"),
    staleTime: Infinity,
  });
  const rights = useQuery({
    queryKey: ["meta", "admin", "matrix", role],
    queryFn: async () => (await metadata<{ rightsMatrix: MatrixRow[] }>(MATRIX, { roles: [role] })).rightsMatrix,
    enabled: role !== "",
    staleTime: Infinity,
  });
  const readable = (object: string) =>
    rights.data?.some(
      (row) => row.object === object && row.cells.some(({ action, level }) => action === "READ" && level !== "NONE"),
    ) ?? true;
  const seen = (entry: EntryDesign) => role === "" || entry.object === null || readable(entry.object);
  const shown = design
    .map((group) => ({ ...group, entries: group.entries.filter(seen) }))
    .filter(({ entries }) => entries.length > 0);
  return (
    <section className={admin.panel} aria-label={a.preview}>
      <div className={admin.head}>
        <h2>{a.preview}</h2>
      </div>
      {roles.data !== undefined && (
        <label className={admin.form}>
          <span className={admin.muted}>{a.seenBy}</span>
          <select value={role} onChange={(event) => choose(event.target.value)}>
            <option value="">{a.me}</option>
            {roles.data.roles.map(({ code, label, labelEn }) => (
              <option key={code} value={code}>
                {zh ? label : labelEn || label}
              </option>
            ))}
          </select>
        </label>
      )}
      {rights.isError && <Failed error={rights.error} retry={() => void rights.refetch()} />}
      {shown.length === 0 && <p className={admin.muted}>{a.nothing}</p>}
      <div className={styles.nav} data-menu-preview>
        {shown.map((group) => (
          <details key={group.id} className={styles.headed} open>
            <summary>{(zh ? group.label || group.labelEn : group.labelEn || group.label) || a.noTitle}</summary>
            <ul>
              {group.entries.map((entry) => (
                <li key={entry.id}>
                  <span className={styles.entry}>
                    <Glyph label={labelOf(entry)} />
                    {labelOf(entry)}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        ))}
      </div>
    </section>
  );
}
