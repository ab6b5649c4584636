/** What a chart groups by, adds up and is shown as. */

import type { FieldInfo } from "../api/metadata";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as charts from "../texts/charts";
import styles from "./chart.module.css";
import { dated, groupable, PERIODS, summable } from "./groups";
import { type ChartKind, KINDS } from "./option";

export interface ChartAsked {
  kind: ChartKind;
  /** `expectedCloseOn:MONTH`. */
  group: string | null;
  /** The second group. */
  by: string | null;
  measure: string | null;
}

interface Props {
  fields: readonly FieldInfo[];
  asked: ChartAsked;
  change: (next: ChartAsked) => void;
}

/** A field, and its period where it has days. */
function GroupChoice({
  label,
  none,
  value,
  fields,
  choose,
}: {
  label: string;
  none: string | null;
  value: string | null;
  fields: readonly FieldInfo[];
  choose: (next: string | null) => void;
}) {
  const t = useTexts();
  const [name = "", period = "MONTH"] = (value ?? "").split(":", 2);
  const field = fields.find((one) => one.name === name);
  return (
    <>
      <label>
        {label}
        <select value={name} onChange={(event) => choose(event.target.value === "" ? null : event.target.value)}>
          {none !== null && <option value="">{none}</option>}
          {fields.filter(groupable).map((one) => (
            <option key={one.name} value={one.name}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
      {field !== undefined && dated(field) && (
        <label>
          {t.period}
          <select value={period} onChange={(event) => choose(`${name}:${event.target.value}`)}>
            {PERIODS.map((one) => (
              <option key={one} value={one}>
                {t.periodNames[one]}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}

export function ChartChoices({ fields, asked, change }: Props) {
  const t = useTexts();
  const a = useArea(charts);
  const grouped = asked.kind !== "NUMBER";
  const twice = grouped && asked.kind !== "PIE" && asked.kind !== "FUNNEL";
  return (
    <div className={styles.bar}>
      <label>
        {a.chartKind}
        <select value={asked.kind} onChange={(event) => change({ ...asked, kind: event.target.value as ChartKind })}>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {a.kinds[kind]}
            </option>
          ))}
        </select>
      </label>
      {grouped && (
        <GroupChoice
          label={t.groupBy}
          none={null}
          value={asked.group}
          fields={fields}
          choose={(group) => change({ ...asked, group })}
        />
      )}
      {twice && (
        <GroupChoice
          label={a.stacked}
          none={a.noSecond}
          value={asked.by}
          fields={fields.filter(({ name }) => name !== asked.group?.split(":")[0])}
          choose={(by) => change({ ...asked, by })}
        />
      )}
      <label>
        {t.measure}
        <select
          value={asked.measure ?? ""}
          onChange={(event) => change({ ...asked, measure: event.target.value === "" ? null : event.target.value })}
        >
          <option value="">{t.count}</option>
          {fields.filter(summable).map(({ name, label }) => (
            <option key={name} value={name}>
              {t.sumOf(label)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
