/** How much of each dimension a role opens, with the values that are ticked on it. */

import { useArea } from "../../texts/area";
import * as rights from "../../texts/rights";
import { Skeleton } from "../../ui/states";
import styles from "../admin.module.css";
import { type Dimension, useDimensions } from "../dimensions";
import { ValueTree } from "../value-tree";
import { useLabels } from "./labels";
import { put } from "./pending";
import type { PartProps } from "./part";

const LEVELS = ["NONE", "OWN", "BELOW", "SET", "ALL", "PERSON"] as const;

export function Dimensions(props: PartProps) {
  const a = useArea(rights);
  const dimensions = useDimensions();
  if (dimensions === undefined) return <Skeleton rows={6} />;
  return (
    <>
      <p className={styles.muted}>{a.dimensionsHint}</p>
      <div className={styles.pair}>
        {dimensions.map((dimension) => (
          <OneDimension key={dimension.name} {...props} dimension={dimension} />
        ))}
      </div>
    </>
  );
}

function OneDimension({ role, pending, change, dimension }: PartProps & { dimension: Dimension }) {
  const a = useArea(rights);
  const labels = useLabels();
  const { name, label, ends, objects } = dimension;
  const known = role.dimensions.find((one) => one.dimension === name);
  const stored = { level: known?.level ?? "NONE", values: known?.ticked.map(({ value }) => value) ?? [] };
  const now = pending.dimensions.get(name) ?? stored;
  const set = (level: string, values: string[]) =>
    change({ ...pending, dimensions: put(pending.dimensions, name, { level, values }, stored) });
  return (
    <section className={styles.panel} aria-label={label}>
      <h2>
        {label} <span className={styles.muted}>{name}</span>
      </h2>
      <p className={styles.muted}>
        {a.countsFor(objects.slice(0, 6).map(labels.object).join(", ") + (objects.length > 6 ? " …" : ""))}
      </p>
      <select
        aria-label={label}
        className={pending.dimensions.has(name) ? styles.changed : undefined}
        value={now.level}
        onChange={(event) => set(event.target.value, now.values)}
      >
        {LEVELS.map((one) => (
          <option key={one} value={one}>
            {a.dimensionLevels[one]}
          </option>
        ))}
      </select>
      {(now.level === "SET" || now.level === "BELOW") &&
        ends.map((end) => (
          <ValueTree
            key={`${end.object} ${end.field}`}
            end={end}
            label={a.ticks}
            ticked={now.values}
            below={now.level === "BELOW"}
            change={(values) => set(now.level, values)}
          />
        ))}
    </section>
  );
}
