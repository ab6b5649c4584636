/**
 * What a list asks, and how an address writes it.
 *
 * `?view=ID&c=name,level&q=words&mine=RESPONSIBLE&f.level=in:A,B&f.expectedCloseOn=period:thisMonth&s=-amount&face=board`
 */

export interface Condition {
  field: string;
  operator: string;
  /** As the address has it: values of lists are separated by commas, ends of a range by `..`. */
  value: string;
}

export interface Order {
  field: string;
  descending: boolean;
}

export const FACES = ["list", "board", "calendar", "chart"] as const;

export type Face = (typeof FACES)[number];

export interface ListQuestion {
  view: string | null;
  search: string;
  mine: "RESPONSIBLE" | "RELATED" | null;
  conditions: Condition[];
  /** Null: as the view or the layout has it. */
  order: Order[] | null;
  /** The columns by the paths of their fields. Null: those of the view, of the person, or of the layout. */
  columns: string[] | null;
  face: Face;
  /** What a chart groups by, days with their period: `expectedCloseOn:MONTH`. Null: what is usual. */
  group: string | null;
  /** What a chart groups by within each group. */
  by: string | null;
  /** The field that a chart adds up; null: it counts. */
  measure: string | null;
  /** What a chart is shown as, `BAR`; null: what is usual. */
  chart: string | null;
  /** The month of a calendar, `2026-11`; null: this one. */
  month: string | null;
  /** Whether the conditions and order are those of the address, although a view is named: it has been changed. */
  changed: boolean;
}

export const NOTHING: ListQuestion = {
  view: null,
  search: "",
  mine: null,
  conditions: [],
  order: null,
  columns: null,
  face: "list",
  group: null,
  by: null,
  measure: null,
  chart: null,
  month: null,
  changed: false,
};

export function readQuestion(address: Record<string, string | undefined>): ListQuestion {
  const conditions = Object.entries(address).flatMap(([key, value]): Condition[] => {
    const cut = value?.indexOf(":") ?? -1;
    if (!key.startsWith("f.") || value === undefined || cut < 1) return [];
    return [{ field: key.slice(2), operator: value.slice(0, cut), value: value.slice(cut + 1) }];
  });
  const order = address.s
    ?.split(",")
    .filter((part) => part.replace("-", "") !== "")
    .map((part) => ({ field: part.replace(/^-/, ""), descending: part.startsWith("-") }));
  const columns = [...new Set(address.c?.split(",").filter(Boolean))];
  return {
    view: address.view ?? null,
    search: address.q ?? "",
    mine: address.mine === "RESPONSIBLE" || address.mine === "RELATED" ? address.mine : null,
    conditions,
    order: order && order.length > 0 ? order : null,
    columns: columns.length > 0 ? columns : null,
    face: FACES.find((face) => face === address.face) ?? "list",
    group: address.g ?? null,
    by: address.by ?? null,
    measure: address.m ?? null,
    chart: address.chart ?? null,
    month: /^\d{4}-(0[1-9]|1[0-2])$/.test(address.at ?? "") ? address.at! : null,
    changed: address.changed === "1",
  };
}

export function writeQuestion(question: ListQuestion): Record<string, string> {
  const address: Record<string, string> = {};
  if (question.view !== null) address.view = question.view;
  if (question.search !== "") address.q = question.search;
  if (question.mine !== null) address.mine = question.mine;
  for (const { field, operator, value } of question.conditions) address[`f.${field}`] = `${operator}:${value}`;
  if (question.order !== null) {
    address.s = question.order.map(({ field, descending }) => (descending ? `-${field}` : field)).join(",");
  }
  if (question.columns !== null) address.c = question.columns.join(",");
  if (question.face !== "list") address.face = question.face;
  if (question.group !== null) address.g = question.group;
  if (question.month !== null) address.at = question.month;
  if (question.by !== null) address.by = question.by;
  if (question.measure !== null) address.m = question.measure;
  if (question.chart !== null) address.chart = question.chart;
  if (question.changed && question.view !== null) address.changed = "1";
  return address;
}

/** The same question with another condition on a field, or none. */
export function withCondition(question: ListQuestion, field: string, next: Condition | null): ListQuestion {
  const others = question.conditions.filter((condition) => condition.field !== field);
  return { ...question, conditions: next === null ? others : [...others, next] };
}
