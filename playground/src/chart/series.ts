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

/** The keys of each field in the order in which they stand, by the field's name. */
export type Orders = ReadonlyMap<string, readonly string[]>;

/** Choices and states in their own order; others as the answer has them, by weight. */
function inOrder(keys: GroupKey[], { field }: Grouping, orders: Orders): GroupKey[] {
  const order = orders.get(field.name) ?? field.options?.map(({ name }) => name) ?? [];
  const places = new Map(order.map((key, place) => [key, place]));
  if (places.size === 0) return keys;
  return [...keys].sort((a, b) => (places.get(a.key) ?? order.length) - (places.get(b.key) ?? order.length));
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
  orders: Orders = new Map(),
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
  const keys = [...categories.values()];
  const rows = first === undefined ? keys : withoutGaps(inOrder(keys, first, orders), first);
  const columns = second === undefined ? [NO_SERIES] : inOrder([...series.values()], second, orders);
  return {
    categories: rows,
    series: columns,
    cells: rows.map((row) => columns.map((column) => cells.get(`${row.key}\n${column.key}`) ?? null)),
    beyond: Math.max(0, (groups[0]?.groupCount ?? 0) - groups.length),
  };
}
