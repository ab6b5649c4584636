/** How much of each dimension is open to a person: set, tried on their records, saved. */

import { useState } from "react";
import { metadata } from "../../api/metadata";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as people from "../../texts/people";
import * as rights from "../../texts/rights";
import { Button } from "../../ui/button";
import { Failed, Skeleton } from "../../ui/states";
import { tell } from "../../ui/toasts";
import styles from "../admin.module.css";
import { useDimensions } from "../dimensions";
import type { Account, Difference } from "../documents";
import { Tried } from "../roles/differences";
import { SIMULATE, type Simulated } from "../roles/documents";
import { useRoles } from "../roles/labels";
import { put } from "../roles/pending";
import { ValueTree } from "../value-tree";
import { CLEAR_REACH, SET_REACH } from "./documents";

const LEVELS = ["NONE", "OWN", "BELOW", "SET", "ALL"] as const;

/** What is set, or nothing. */
type Set = { level: string; values: string[] } | null;

export function Reach({ account, changed }: { account: Account; changed: () => void }) {
  const t = useTexts();
  const a = useArea(people);
  const r = useArea(rights);
  const dimensions = useDimensions();
  const roles = useRoles();
  const [pending, change] = useState<ReadonlyMap<string, Set>>(new Map());
  const [tried, setTried] = useState<Difference[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  if (dimensions === undefined) return <Skeleton rows={4} />;
  const stored = (name: string): Set => {
    const known = account.reach.find(({ dimension }) => dimension === name);
    return known === undefined ? null : { level: known.level, values: known.values };
  };
  const held = roles.data?.filter(({ code }) => account.roles.includes(code)) ?? [];
  const left = (name: string) =>
    held.some((role) => role.dimensions.some(({ dimension, level }) => dimension === name && level === "PERSON"));
  const attempt = async () => {
    setBusy(true);
    setError(null);
    try {
      const reach = [...pending].map(([dimension, set]) => ({
        account: account.account,
        dimension,
        level: set?.level ?? "NONE",
        values: set?.values ?? [],
      }));
      const told = await metadata<Simulated>(SIMULATE, { draft: { reach } });
      setTried(Object.values(told).flat());
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const save = async () => {
    for (const [dimension, set] of pending) {
      const of = { account: account.account, dimension };
      if (set === null) await metadata(CLEAR_REACH, of);
      else await metadata(SET_REACH, { ...of, ...set });
    }
    setTried(null);
    change(new Map());
    tell(t.savedNamed(account.name));
    changed();
  };
  return (
    <>
      <p className={styles.muted}>{a.reachHint}</p>
      {[...dimensions]
        .sort((one, other) => Number(left(other.name)) - Number(left(one.name)))
        .map(({ name, label, ends }) => {
          const now = pending.has(name) ? pending.get(name)! : stored(name);
          const set = (next: Set) => change(put(pending, name, next, stored(name)));
          return (
            <section key={name} className={styles.panel} aria-label={label}>
              <h3>{label}</h3>
              {roles.data !== undefined && !left(name) && <p className={styles.muted}>{a.reachIdle}</p>}
              <select
                aria-label={label}
                className={pending.has(name) ? styles.changed : undefined}
                value={now?.level ?? ""}
                onChange={({ target: { value } }) =>
                  set(value === "" ? null : { level: value, values: now?.values ?? [] })
                }
              >
                <option value="">{a.notSet}</option>
                {LEVELS.map((level) => (
                  <option key={level} value={level}>
                    {a.levels[level]}
                  </option>
                ))}
              </select>
              {now !== null &&
                (now.level === "SET" || now.level === "BELOW") &&
                ends.map((end) => (
                  <ValueTree
                    key={`${end.object} ${end.field}`}
                    end={end}
                    label={r.ticks}
                    ticked={now.values}
                    below={now.level === "BELOW"}
                    change={(values) => set({ level: now.level, values })}
                  />
                ))}
            </section>
          );
        })}
      {error !== null && <Failed error={error} />}
      <div className={styles.row}>
        <Button kind="main" isDisabled={pending.size === 0 || busy} onPress={() => void attempt()}>
          {a.tryIt}
        </Button>
        {pending.size > 0 && <span className={styles.muted}>{a.changesOf(pending.size)}</span>}
      </div>
      {tried !== null && <Tried found={tried} close={() => setTried(null)} save={save} />}
    </>
  );
}
