/** What a role says of fields: seen and edited, kept, masked, or not there at all. */

import { useState } from "react";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useObjectPage, useShell } from "../../api/cache";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as rights from "../../texts/rights";
import { Button } from "../../ui/button";
import { Failed, Skeleton } from "../../ui/states";
import styles from "../admin.module.css";
import { useLabels } from "./labels";
import { put } from "./pending";
import type { PartProps } from "./part";

const RIGHTS = ["READ_WRITE", "READ_ONLY", "MASKED", "HIDDEN"] as const;
/** Only texts are masked: what else is not for everyone does not exist. */
const MASKS = ["ALL", "END", "START"] as const;

export function Fields(props: PartProps) {
  const { role, pending } = props;
  const a = useArea(rights);
  const labels = useLabels();
  const navigate = useNavigate();
  const objects = useShell().data?.objects ?? [];
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const said = [...new Set([...role.fields.map(({ object }) => object), ...keysOf(pending.fields)])];
  const object = search.object ?? said[0] ?? objects[0]?.name;
  const choose = (name: string) =>
    void navigate({ to: ".", search: { role: role.code, part: "fields", object: name }, replace: true });
  return (
    <>
      <p className={styles.muted}>{a.fieldsHint}</p>
      <div className={styles.side}>
        <label>
          {a.object}
          <select value={object} onChange={(event) => choose(event.target.value)}>
            {objects.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
        {said.length > 0 && (
          <div className={styles.row} role="group" aria-label={a.fieldsSaid}>
            <span className={styles.muted}>{a.fieldsSaid}</span>
            {said.map((name) => (
              <Button key={name} kind="quiet" onPress={() => choose(name)}>
                {labels.object(name)}
              </Button>
            ))}
          </div>
        )}
      </div>
      {object !== undefined && <FieldTable key={object} {...props} object={object} />}
    </>
  );
}

const keysOf = (fields: ReadonlyMap<string, unknown>) => [...fields.keys()].map((key) => key.split(" ")[0]!);

function FieldTable({ role, pending, change, object }: PartProps & { object: string }) {
  const a = useArea(rights);
  const t = useTexts();
  const labels = useLabels();
  const page = useObjectPage(object);
  const [only, show] = useState(false);
  if (page.isError) return <Failed error={page.error} retry={() => void page.refetch()} />;
  if (page.data === undefined) return <Skeleton rows={8} />;
  const fields = page.data.object?.fields ?? [];
  const stored = (name: string) => {
    const said = role.fields.filter((one) => one.object === object);
    // What is said of a group is said of each of its fields.
    const found = said.find(({ field }) => field === name) ?? said.find(({ field }) => field === name.split(".")[0]);
    return { right: found?.right ?? "READ_WRITE", mask: found?.mask ?? null };
  };
  const now = (name: string) => pending.fields.get(`${object} ${name}`) ?? stored(name);
  const set = (name: string, right: string, mask: string | null) =>
    change({ ...pending, fields: put(pending.fields, `${object} ${name}`, { right, mask }, stored(name)) });
  const shown = fields.filter(({ name }) => name !== "id" && (!only || now(name).right !== "READ_WRITE"));
  return (
    <>
      <label className={styles.check}>
        <input type="checkbox" checked={only} onChange={(event) => show(event.target.checked)} />
        {a.onlySaid}
      </label>
      <div className={styles.table} role="region" aria-label={labels.object(object)} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {[a.field, a.right, a.mask].map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(({ name, label, operators }) => {
              const { right, mask } = now(name);
              const changed = pending.fields.has(`${object} ${name}`) ? styles.changed : undefined;
              return (
                <tr key={name}>
                  <th scope="row">
                    {label} <span className={styles.muted}>{name}</span>
                  </th>
                  <td>
                    <select
                      aria-label={`${label}: ${a.right}`}
                      className={changed}
                      value={right}
                      onChange={({ target: { value } }) =>
                        set(name, value, value === "MASKED" ? (mask ?? "ALL") : null)
                      }
                    >
                      {RIGHTS.filter(
                        (one) => one !== "MASKED" || right === one || operators.includes("startsWith"),
                      ).map((one) => (
                        <option key={one} value={one}>
                          {a.fieldRights[one]}
                        </option>
                      ))}
                    </select>
                  </td>
                  <td>
                    {right === "MASKED" && (
                      <select
                        aria-label={`${label}: ${a.mask}`}
                        className={changed}
                        value={mask ?? "ALL"}
                        onChange={(event) => set(name, right, event.target.value)}
                      >
                        {MASKS.map((one) => (
                          <option key={one} value={one}>
                            {a.masks[one]}
                          </option>
                        ))}
                      </select>
                    )}
                  </td>
                </tr>
              );
            })}
            {shown.length === 0 && (
              <tr>
                <td colSpan={3}>{t.nothingHere}</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </>
  );
}
