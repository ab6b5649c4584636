/** A list's question in groups: how many records each has, and the sum of a field. */

import { useQuery } from "@tanstack/react-query";
import { useShell } from "../../api/cache";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import { valueAt } from "../../api/paths";
import { ask } from "../../api/transport";
import { chartDocument } from "../../fields/documents";
import type { Condition, ListQuestion } from "../../question/question";
import type { Texts } from "../../texts";
import { showDecimal } from "../../values/decimal";
import { type ListPage, variablesOf } from "./use-list";

export const PERIODS = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"] as const;

/** What records can be grouped by: choices, related records, yes and no, days by their period. */
export const groupable = (field: FieldInfo) =>
  field.groupable && ["PICKLIST", "RELATION", "BOOLEAN", "DATE", "DATE_TIME"].includes(field.type);

/** What can be added up. */
export const summable = ({ type, access }: FieldInfo) =>
  access !== "MASKED" && ["MONEY", "DECIMAL", "INTEGER", "DURATION"].includes(type);

export interface Group {
  key: string;
  label: string;
  count: number;
  /** The measure, exact. */
  value: string;
  /** What the list is asked to show this group; none where it cannot be asked. */
  drill: Condition | null;
}

interface Answer {
  groups: { key: Record<string, unknown>; count: number; groupCount: number; sum?: Record<string, unknown> }[] | null;
}

/** `expectedCloseOn:MONTH` is a field and its period. */
export function groupOf(
  list: ListPage,
  object: ObjectSummary,
  group: string | null,
): { field: FieldInfo; period: string | null } | null {
  const [name, period] = (group ?? object.stateField ?? "").split(":", 2);
  const asked = list.fields.get(name ?? "");
  const field = asked !== undefined && groupable(asked) ? asked : [...list.fields.values()].find(groupable);
  if (field === undefined) return null;
  const dated = field.type === "DATE" || field.type === "DATE_TIME";
  return { field, period: dated ? ((PERIODS as readonly string[]).includes(period ?? "") ? period! : "MONTH") : null };
}

/** The last day of a period that begins on a day. */
function endOf(day: string, period: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const ends: Record<string, Date> = {
    DAY: date,
    WEEK: new Date(date.getTime() + 6 * 86_400_000),
    MONTH: new Date(Date.UTC(year, month + 1, 0)),
    QUARTER: new Date(Date.UTC(year, month + 3, 0)),
    YEAR: new Date(Date.UTC(year, 11, 31)),
  };
  return ends[period]!.toISOString().slice(0, 10);
}

function labelled(
  field: FieldInfo,
  period: string | null,
  value: unknown,
  display: string | null,
  t: Texts,
): Pick<Group, "label" | "drill" | "key"> {
  const none = { key: "", label: t.none, drill: { field: field.name, operator: "isNull", value: "true" } };
  if (value === null || value === undefined) return none;
  if (field.type === "RELATION") {
    const { id, ...rest } = value as { id: string | null } & Record<string, unknown>;
    if (id === null) return none;
    const title = display === null ? null : rest[display];
    return {
      key: id,
      label: typeof title === "string" ? title : t.hidden,
      drill: { field: field.name, operator: "in", value: id },
    };
  }
  if (field.type === "BOOLEAN") {
    return {
      key: String(value),
      label: value === true ? t.yes : t.no,
      drill: { field: field.name, operator: "eq", value: String(value) },
    };
  }
  if (period !== null) {
    const day = String(value).slice(0, 10);
    const label = period === "YEAR" ? day.slice(0, 4) : period === "MONTH" ? day.slice(0, 7) : day;
    return {
      key: day,
      label,
      drill: { field: field.name, operator: "between", value: `${day}..${endOf(day, period)}` },
    };
  }
  const name = String(value);
  const label = field.options?.find((one) => one.name === name)?.label ?? name;
  return { key: name, label, drill: { field: field.name, operator: "in", value: name } };
}

export function useChart(object: ObjectSummary, list: ListPage, question: ListQuestion, t: Texts) {
  const objects = useShell().data?.objects ?? [];
  const group = groupOf(list, object, question.group);
  const summed = list.fields.get(question.measure ?? "");
  const measure = summed !== undefined && summable(summed) ? summed : null;
  const display = objects.find(({ name }) => name === group?.field.target)?.display ?? null;
  const document = group === null ? "" : chartDocument(object, group.field, group.period, display, measure);
  const { filter, search } = variablesOf(list, question);
  const answer = useQuery({
    queryKey: [object.name, "chart", document, filter, search],
    queryFn: async () => (await ask<Answer>("/graphql", document, { filter, search })).data.groups ?? [],
    enabled: document !== "",
    // Groups by another field are no answer to this one.
    placeholderData: (before, query) => (query?.queryKey[2] === document ? before : undefined),
  });
  const groups = (answer.data ?? []).map(({ key, count, sum }): Group => {
    const total = measure === null ? null : valueAt(sum, measure.name);
    return {
      ...labelled(group!.field, group!.period, valueAt(key, group!.field.name), display, t),
      count,
      value: measure === null ? String(count) : String(total ?? "0"),
    };
  });
  return {
    group,
    measure,
    groups,
    all: answer.data?.[0]?.groupCount ?? 0,
    answer,
    shown: (value: string) => showDecimal(value, measure?.scale ?? undefined),
  };
}
