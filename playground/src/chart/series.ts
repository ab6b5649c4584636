/** Groups of an answer as what is drawn: categories along one way, series along the other. Pure. */

import { type FieldInfo } from "../api/metadata";
import { valueAt } from "../api/paths";
import type { Condition } from "../question/question";
import type { Texts } from "../texts";
import type { AnsweredGroup } from "./document";
import { type Grouping, type GroupKey, groupKey, periodKey, periodsBetween } from "./groups";

export interface Cell {
  /** Exact, as the server wrote it. */
  value: string;
  count: number;
  /** What lists the records of the cell. */
  drill: Condition[];
}

export interface Series {
  categories: GroupKey[];
  /** One without a key where records are grouped once. */
  series: GroupKey[];
  /** By category and series; none where there are no records. */
  cells: (Cell | null)[][];
  /** Groups that the answer left out. */
  beyond: number;
}

const NO_SERIES: GroupKey = { key: "", label: "", drill: { field: "", operator: "", value: "" }, color: null };

/** The order in which options stand, else that of the answer. */
function inOrder(keys: GroupKey[], field: FieldInfo, weighed: boolean): GroupKey[] {
  const places = new Map(field.options?.map(({ name }, place) => [name, place]));
  if (weighed || places.size === 0) return keys;
  return [...keys].sort((a, b) => (places.get(a.key) ?? Infinity) - (places.get(b.key) ?? Infinity));
}

/** Periods without records between the first and the last stand there, too. */
function withoutGaps(keys: GroupKey[], { field, period }: Grouping): GroupKey[] {
  const days = keys.filter(({ key }) => key !== "").sort((a, b) => (a.key < b.key ? -1 : 1));
  if (period === null || days.length < 2) return keys;
  const all = periodsBetween(days[0]!.key, days.at(-1)!.key, period);
  if (all.at(-1) !== days.at(-1)!.key) return keys;
  return [...all.map((day) => periodKey(field, period, day)), ...keys.filter(({ key }) => key === "")];
}

export function seriesOf(
  groups: readonly AnsweredGroup[],
  groupings: readonly Grouping[],
  measure: FieldInfo | null,
  t: Texts,
): Series {
  const [first, second] = groupings;
  const categories = new Map<string, GroupKey>();
  const series = new Map<string, GroupKey>();
  const cells = new Map<string, Cell>();
  for (const { key, count, sum } of groups) {
    const along = first === undefined ? NO_SERIES : groupKey(first, valueAt(key, first.field.name), t);
    const across = second === undefined ? NO_SERIES : groupKey(second, valueAt(key, second.field.name), t);
    categories.set(along.key, categories.get(along.key) ?? along);
    series.set(across.key, series.get(across.key) ?? across);
    const value = measure === null ? count : (valueAt(sum, measure.name) ?? 0);
    const drill = [along, across].filter((one) => one !== NO_SERIES).map((one) => one.drill);
    cells.set(`${along.key}\n${across.key}`, { value: String(value), count, drill });
  }
  const rows = first === undefined ? [...categories.values()] : withoutGaps([...categories.values()], first);
  const columns = second === undefined ? [NO_SERIES] : inOrder([...series.values()], second.field, false);
  return {
    categories: rows,
    series: columns,
    cells: rows.map((row) => columns.map((column) => cells.get(`${row.key}\n${column.key}`) ?? null)),
    beyond: Math.max(0, (groups[0]?.groupCount ?? 0) - groups.length),
  };
}
