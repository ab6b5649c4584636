/** A question as the variables of a list's document. */

import { nested } from "../api/paths";
import type { FieldInfo, FieldType, ObjectSummary, SavedView } from "../api/metadata";
import type { Condition, ListQuestion, Order } from "./question";

type Json = Record<string, unknown>;

const WHOLE: ReadonlySet<FieldType> = new Set(["INTEGER", "DURATION", "RATING"]);

function typed(field: FieldInfo, text: string): unknown {
  if (field.type === "BOOLEAN") return text === "true";
  if (WHOLE.has(field.type)) return Number.parseInt(text, 10);
  return text;
}

/** `{level: {in: ["A", "B"]}}`; null where the address says nothing that can be asked. */
export function conditionFilter(field: FieldInfo, { operator, value }: Condition): Json | null {
  const values = value.split(",").filter((part) => part !== "");
  const related = field.type === "RELATION" || field.type === "MANY_TO_MANY";
  let asked: Json | null = null;
  if (operator === "isNull") asked = { isNull: value !== "false" };
  else if (operator === "any") asked = { count: { gte: 1 } };
  else if (operator === "none") asked = { count: { eq: 0 } };
  else if (value === "") return null;
  else if (related && operator === "in") {
    asked = field.type === "RELATION" ? { id: { in: values } } : { some: { id: { in: values } } };
  } else if (related) return nested({ not: nested({ [field.name]: { id: { in: values } } }) });
  else if (operator === "in" || operator === "notIn") asked = { [operator]: values };
  else if (operator === "has") asked = { has: values[0] };
  else if (operator === "period") asked = { [value]: true };
  else if (operator === "between") {
    const [from, to] = value.split("..", 2);
    asked = {
      ...(from ? { gte: typed(field, from) } : {}),
      ...(to ? { lte: typed(field, to) } : {}),
    };
  } else asked = { [operator]: typed(field, value) };
  return nested({ [field.name]: asked });
}

/** `[{owner: {name: DESC}}]`: a relation is sorted by what displays its record. */
export function orderVariable(
  order: readonly Order[],
  fields: ReadonlyMap<string, FieldInfo>,
  objects: readonly ObjectSummary[],
): Json[] {
  return order.flatMap(({ field: name, descending }) => {
    const field = fields.get(name);
    if (field === undefined) return [];
    const way = descending ? "DESC" : "ASC";
    if (field.type !== "RELATION") return [nested({ [name]: way })];
    const display = objects.find((object) => object.name === field.target)?.display;
    return display == null ? [] : [nested({ [name]: { [display]: way } })];
  });
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The fields along a filter with one condition, the nearest last: `{owner: {id: {in: […]}}}` is of `owner`. */
function along(filter: Json, fields: ReadonlyMap<string, FieldInfo>): { field: FieldInfo; asked: Json }[] {
  const found: { field: FieldInfo; asked: Json }[] = [];
  let path = "";
  let at: unknown = filter;
  while (isObject(at)) {
    const [[key, inner] = ["", null], ...others] = Object.entries(at);
    if (others.length > 0) break;
    path = path === "" ? key : `${path}.${key}`;
    at = inner;
    const field = fields.get(path);
    if (field !== undefined && isObject(at)) found.push({ field, asked: at });
  }
  return found;
}

/** The condition that comes to a filter; null where the console has none that says the same. */
function conditionOf(filter: Json, fields: ReadonlyMap<string, FieldInfo>): Condition | null {
  const not = Object.keys(filter).length === 1 && isObject(filter.not) ? filter.not : null;
  for (const { field, asked } of along(not ?? filter, fields)) {
    const [first] = Object.entries(asked);
    if (first === undefined) continue;
    const [operator, value] = first;
    const tries: Condition[] = [
      { field: field.name, operator, value: Array.isArray(value) ? value.join(",") : String(value) },
      { field: field.name, operator: "period", value: operator },
      { field: field.name, operator: "between", value: `${String(asked.gte ?? "")}..${String(asked.lte ?? "")}` },
      { field: field.name, operator: "any", value: "true" },
      { field: field.name, operator: "none", value: "true" },
      {
        field: field.name,
        operator: "in",
        value: ((((asked.id ?? (asked.some as Json)?.id) as Json)?.in ?? []) as string[]).join(","),
      },
    ];
    if (not !== null) tries.push({ ...tries.at(-1)!, operator: "notIn" });
    const same = tries.find((one) => JSON.stringify(conditionFilter(field, one)) === JSON.stringify(filter));
    if (same !== undefined) return same;
  }
  return null;
}

/** The conditions of which one must hold; null where the console has no words for one of them. */
function alternativeOf(filter: Json, fields: ReadonlyMap<string, FieldInfo>): Condition[] | null {
  if (!Array.isArray(filter.or) || Object.keys(filter).length > 1) return null;
  const group = (filter.or as Json[]).map((one) => conditionOf(one, fields));
  return group.length > 1 && group.every((one) => one !== null) ? group : null;
}

/** What a view asks, as conditions that can be seen and changed; `rest` is what the console has no words for. */
export function unfolded(
  view: SavedView,
  fields: ReadonlyMap<string, FieldInfo>,
): { conditions: Condition[]; alternatives: Condition[][]; mine: ListQuestion["mine"]; rest: Json[] } {
  const { filter } = view.question;
  const parts =
    filter === undefined
      ? []
      : Array.isArray(filter.and) && Object.keys(filter).length === 1
        ? (filter.and as Json[])
        : [filter];
  const conditions: Condition[] = [];
  const alternatives: Condition[][] = [];
  const rest: Json[] = [];
  let mine: ListQuestion["mine"] = null;
  for (const part of parts) {
    const condition = conditionOf(part, fields);
    const alternative = alternativeOf(part, fields);
    if (condition !== null && !conditions.some(({ field }) => field === condition.field)) conditions.push(condition);
    else if (alternative !== null) alternatives.push(alternative);
    else if (part._mine === "RESPONSIBLE" || part._mine === "RELATED") mine = part._mine;
    else rest.push(part);
  }
  return { conditions, alternatives, mine, rest };
}

/** What the list is asked: the view's own question and what the address adds to it. */
export function listVariables(
  question: ListQuestion,
  view: SavedView | undefined,
  fields: ReadonlyMap<string, FieldInfo>,
  objects: readonly ObjectSummary[],
  usual: Json[] | null,
): { filter?: Json; search?: string; orderBy?: Json[] } {
  const filters = (conditions: readonly Condition[]) =>
    conditions.flatMap((condition) => {
      const field = fields.get(condition.field);
      const filter = field === undefined ? null : conditionFilter(field, condition);
      return filter === null ? [] : [filter];
    });
  const asked = filters(question.conditions);
  for (const group of question.alternatives) {
    const branches = filters(group);
    if (branches.length > 0) asked.push(branches.length === 1 ? branches[0]! : { or: branches });
  }
  if (view !== undefined) asked.unshift(...unfolded(view, fields).rest);
  if (question.mine !== null) asked.push({ _mine: question.mine });
  const order = question.order === null ? [] : orderVariable(question.order, fields, objects);
  const orderBy = order.length > 0 ? order : (view?.question.orderBy ?? usual ?? undefined);
  const { search } = question;
  return {
    ...(asked.length === 0 ? {} : { filter: asked.length === 1 ? asked[0] : { and: asked } }),
    ...(search === "" ? {} : { search }),
    ...(orderBy === undefined ? {} : { orderBy }),
  };
}

const PERIODS = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"];

/** `expectedCloseOn:MONTH` as `groupBy` takes it; null where there is no such field. */
export function groupVariable(group: string, fields: ReadonlyMap<string, FieldInfo>): Json | null {
  const [name = "", period] = group.split(":", 2);
  const field = fields.get(name);
  if (field === undefined) return null;
  const dated = field.type === "DATE" || field.type === "DATE_TIME";
  return nested({ [name]: dated ? (period ?? "MONTH") : field.type === "RELATION" ? { id: true } : true });
}

/** What a view groups by, as the address has it: one field, and one within it; null where there are no words for it. */
export function groupsFrom(
  groupBy: readonly Json[] | undefined,
  fields: ReadonlyMap<string, FieldInfo>,
): [string | null, string | null] {
  // A related record is grouped by its id and by what displays it, which says nothing more.
  const found = (groupBy ?? []).flatMap((one) => groupFrom(one, fields) ?? []);
  return [found[0] ?? null, found[1] ?? null];
}

function groupFrom(groupBy: Json, fields: ReadonlyMap<string, FieldInfo>): string | null {
  const wanted = JSON.stringify(groupBy);
  for (const { name, type } of fields.values()) {
    const dated = type === "DATE" || type === "DATE_TIME";
    const tries = dated ? PERIODS.map((period) => `${name}:${period}`) : [name];
    const found = tries.find((group) => JSON.stringify(groupVariable(group, fields)) === wanted);
    if (found !== undefined) return found;
  }
  return null;
}
