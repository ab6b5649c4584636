/** A chart in one of its kinds, and the table that says the same to readers, keys and paper. */

import { lazy, type ReactNode, Suspense } from "react";
import { useLang, useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as charts from "../texts/charts";
import { Skeleton } from "../ui/states";
import styles from "./chart.module.css";
import { type ChartKind, drawn } from "./option";
import type { Cell, Series } from "./series";

const Drawing = lazy(async () => ({ default: (await import("./drawing")).Drawing }));

interface Props {
  kind: ChartKind;
  data: Series;
  shown: (value: string) => string;
  /** What it shows, in words. */
  label: string;
  /** What the groups are called. */
  groupedBy: string;
  /** What the figures are called. */
  measured: string;
  /** Whether the figures are sums, so that the table has counts beside them. */
  summed: boolean;
  /** Opens the records of a cell; none where a list cannot ask for them. */
  open: ((cell: Cell) => void) | null;
  /** The link to the records of a cell. */
  link: (cell: Cell, text: ReactNode) => ReactNode;
  /** Shows the table, beside a picture or in its place. */
  table: "beside" | "instead" | "none";
}

export function Figure({ kind, data, shown, label, groupedBy, measured, summed, open, link, table }: Props) {
  const lang = useLang();
  const t = useTexts();
  if (kind === "NUMBER") {
    const cell = data.cells[0]?.[0] ?? null;
    return <p className={styles.number}>{cell === null ? shown("0") : link(cell, shown(cell.value))}</p>;
  }
  return (
    <>
      {drawn(kind) && table !== "instead" && (
        <Suspense fallback={<Skeleton rows={5} />}>
          <Drawing
            kind={kind}
            data={data}
            shown={shown}
            lang={lang}
            label={label}
            onChoose={
              open === null
                ? undefined
                : (category, series) => {
                    const cell = data.cells[category]?.[series];
                    if (cell) open(cell);
                  }
            }
          />
        </Suspense>
      )}
      {(table !== "none" || kind === "TABLE") && (
        <Twin
          data={data}
          shown={shown}
          label={label}
          groupedBy={groupedBy}
          measured={measured}
          summed={summed}
          link={link}
        />
      )}
      {data.beyond > 0 && (
        <p className={styles.hint}>{t.ofTotal(data.categories.length, data.categories.length + data.beyond)}</p>
      )}
    </>
  );
}

type TwinProps = Pick<Props, "data" | "shown" | "label" | "groupedBy" | "measured" | "summed" | "link">;

function Twin({ data: { categories, series, cells }, shown, label, groupedBy, measured, summed, link }: TwinProps) {
  const a = useArea(charts);
  const t = useTexts();
  const several = series.length > 1;
  const counted = summed && !several;
  return (
    <div className={styles.table} role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{groupedBy}</th>
            {several ? (
              series.map(({ key, label: name }) => (
                <th key={key} scope="col" className={styles.end}>
                  {name}
                </th>
              ))
            ) : (
              <th scope="col" className={styles.end}>
                {measured}
              </th>
            )}
            {counted && (
              <th scope="col" className={styles.end}>
                {t.count}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {categories.map(({ key, label: name }, row) => (
            <tr key={key}>
              <th scope="row">
                {several || cells[row]?.[0] == null ? name || a.total : link(cells[row]![0]!, name || a.total)}
              </th>
              {series.map((column, place) => {
                const cell = cells[row]?.[place] ?? null;
                const text = cell === null ? "" : shown(cell.value);
                return (
                  <td key={column.key} className={styles.end}>
                    {cell === null || !several ? text : link(cell, text)}
                  </td>
                );
              })}
              {counted && <td className={styles.end}>{cells[row]?.[0]?.count ?? 0}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
