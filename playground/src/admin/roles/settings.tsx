/** What holds for all of a role: what it opens beside records, its lines of business, its limits. */

import { useQuery } from "@tanstack/react-query";
import { metadata } from "../../api/metadata";
import { useArea } from "../../texts/area";
import * as rights from "../../texts/rights";
import { Notice } from "../../ui/notices";
import styles from "../admin.module.css";
import { CAPABILITIES, type Capabilities } from "./documents";
import type { Caps } from "./pending";
import type { PartProps } from "./part";

const LINES = ["SALES", "PURCHASING", "FINANCE"];
const CAPS = ["print", "export", "read"] as const;

const same = (a: readonly string[], b: readonly string[]) => [...a].sort().join() === [...b].sort().join();

export function Settings({ role, pending, change }: PartProps) {
  const a = useArea(rights);
  const may = pending.may ?? role.may;
  const offered = useQuery({
    queryKey: ["meta", "admin", "capabilities"],
    queryFn: async () => (await metadata<Capabilities>(CAPABILITIES)).__type?.enumValues.map(({ name }) => name) ?? [],
    staleTime: Infinity,
  });
  const lines = pending.lines ?? role.lines;
  const toggled = (all: readonly string[], one: string) =>
    all.includes(one) ? all.filter((other) => other !== one) : [...all, one];
  const setCap = (cap: keyof Caps, text: string) => {
    const value = text === "" ? null : Number(text);
    const caps = { ...pending.caps };
    if (value === role.caps[cap]) delete caps[cap];
    else caps[cap] = value;
    change({ ...pending, caps });
  };
  return (
    <div className={styles.pair}>
      <section className={styles.panel}>
        <h2>{a.may}</h2>
        {role.customize && <Notice>{a.customize}</Notice>}
        {[...new Set([...(offered.data ?? []), ...role.may])].map((one) => (
          <label key={one} className={styles.check}>
            <input
              type="checkbox"
              checked={may.includes(one)}
              onChange={() => {
                const next = toggled(may, one);
                change({ ...pending, may: same(next, role.may) ? null : next });
              }}
            />
            {a.mays[one] ?? one}
          </label>
        ))}
      </section>
      <section className={styles.panel}>
        <h2>{a.lines}</h2>
        <p className={styles.muted}>{a.linesHint}</p>
        {[...new Set([...LINES, ...role.lines])].map((one) => (
          <label key={one} className={styles.check}>
            <input
              type="checkbox"
              checked={lines.includes(one)}
              onChange={() => {
                const next = toggled(lines, one);
                change({ ...pending, lines: same(next, role.lines) ? null : next });
              }}
            />
            {a.lineNames[one] ?? one}
          </label>
        ))}
      </section>
      <section className={`${styles.panel} ${styles.form}`}>
        <h2>{a.caps}</h2>
        <p className={styles.muted}>{a.capsHint}</p>
        {CAPS.map((cap) => {
          const value = cap in pending.caps ? pending.caps[cap] : role.caps[cap];
          return (
            <label key={cap}>
              {a.capNames[cap]}
              <input
                type="number"
                min={0}
                step={1}
                inputMode="numeric"
                value={value ?? ""}
                onChange={(event) => setCap(cap, event.target.value)}
              />
            </label>
          );
        })}
      </section>
    </div>
  );
}
