/**
 * What a chart groups records by, and what each group is called and opens. Knows fields, not requests.
 *
 * A group is written `expectedCloseOn:MONTH`: a field, and the period of days.
 */

import type { FieldInfo } from "../api/metadata";
import type { Condition } from "../question/question";
import type { Texts } from "../texts";
import type { Lang } from "../values/dates";
import { showDecimal } from "../values/decimal";
import { showMinutes } from "../values/duration";

export const PERIODS = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"] as const;

export type Period = (typeof PERIODS)[number];

export interface Grouping {
  field: FieldInfo;
  /** None but for days and instants. */
  period: Period | null;
  /** The field that names a related record. */
  display: string | null;
}

/** A group's part of a key. */
export interface GroupKey {
  key: string;
  label: string;
  /** What a list is asked to show it. */
  drill: Condition;
  color: string | null;
}

/** What records can be grouped by: choices, related records, yes and no, days by their period. */
export const groupable = (field: FieldInfo) =>
  field.groupable && ["PICKLIST", "RELATION", "BOOLEAN", "DATE", "DATE_TIME"].includes(field.type);

/** What can be added up. */
export const summable = ({ type, access }: FieldInfo) =>
  access !== "MASKED" && ["MONEY", "DECIMAL", "INTEGER", "DURATION"].includes(type);

export const dated = ({ type }: FieldInfo) => type === "DATE" || type === "DATE_TIME";

/** Reads `expectedCloseOn:MONTH`; null where there is no such field, or nothing is grouped by it. */
export function readGrouping(
  group: string | null,
  fields: ReadonlyMap<string, FieldInfo>,
  objects: readonly { name: string; display: string | null }[],
): Grouping | null {
  const [name = "", asked] = (group ?? "").split(":", 2);
  const field = fields.get(name);
  if (field === undefined || !groupable(field)) return null;
  const period = dated(field) ? (PERIODS.find((one) => one === asked) ?? "MONTH") : null;
  return { field, period, display: objects.find((object) => object.name === field.target)?.display ?? null };
}

/** The last day of a period that begins on a day. */
export function endOf(day: string, period: Period): string {
  const date = new Date(`${day}T00:00:00Z`);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const ends: Record<Period, Date> = {
    DAY: date,
    WEEK: new Date(date.getTime() + 6 * 86_400_000),
    MONTH: new Date(Date.UTC(year, month + 1, 0)),
    QUARTER: new Date(Date.UTC(year, month + 3, 0)),
    YEAR: new Date(Date.UTC(year, 11, 31)),
  };
  return ends[period].toISOString().slice(0, 10);
}

/** The first day of the next period. */
const after = (day: string, period: Period): string => {
  const date = new Date(`${endOf(day, period)}T00:00:00Z`);
  return new Date(date.getTime() + 86_400_000).toISOString().slice(0, 10);
};

/** Every period from one to another, at most so many. */
export function periodsBetween(first: string, last: string, period: Period, most = 400): string[] {
  const found: string[] = [];
  for (let day = first; day <= last && found.length < most; day = after(day, period)) found.push(day);
  return found;
}

/** `2026`, `2026 Q4`, `2026-11`, `2026-11-30`. */
export function periodLabel(day: string, period: Period): string {
  if (period === "YEAR") return day.slice(0, 4);
  if (period === "MONTH") return day.slice(0, 7);
  if (period === "QUARTER") return `${day.slice(0, 4)} Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
  return day;
}

export function periodKey(field: FieldInfo, period: Period, day: string): GroupKey {
  const drill = { field: field.name, operator: "between", value: `${day}..${endOf(day, period)}` };
  return { key: day, label: periodLabel(day, period), drill, color: null };
}

/** A group as people see it, by the value that the answer has for it. */
export function groupKey({ field, period, display }: Grouping, value: unknown, t: Texts): GroupKey {
  const none: GroupKey = {
    key: "",
    label: t.none,
    drill: { field: field.name, operator: "isNull", value: "true" },
    color: null,
  };
  if (value === null || value === undefined) return none;
  if (field.type === "RELATION") {
    const { id, ...rest } = value as { id: string | null } & Record<string, unknown>;
    if (id === null) return none;
    const title = display === null ? null : rest[display];
    return {
      key: id,
      label: typeof title === "string" ? title : t.hidden,
      drill: { field: field.name, operator: "in", value: id },
      color: null,
    };
  }
  if (field.type === "BOOLEAN") {
    return {
      key: String(value),
      label: value === true ? t.yes : t.no,
      drill: { field: field.name, operator: "eq", value: String(value) },
      color: null,
    };
  }
  if (period !== null) return periodKey(field, period, String(value).slice(0, 10));
  const name = String(value);
  const option = field.options?.find((one) => one.name === name);
  return {
    key: name,
    label: option?.label ?? name,
    drill: { field: field.name, operator: "in", value: name },
    color: option?.color ?? null,
  };
}

/** How a figure is written: a count, a sum with the decimals of its field, or a length of time. */
export function showFigure(value: string, measure: FieldInfo | null, lang: Lang): string {
  if (measure?.type === "DURATION") return showMinutes(Number(value), lang);
  return showDecimal(value, measure?.scale ?? undefined);
}
