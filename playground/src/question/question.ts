/**
 * What a list asks, and how an address writes it.
 *
 * `?view=ID&c=name,level&q=words&mine=RESPONSIBLE&f.level=in:A,B&f.expectedCloseOn=period:thisMonth&s=-amount&face=board`
 *
 * A condition on a related record has the path to it: `f.customer.level=in:A`. Of conditions with `or1.` in front one is
 * enough: `or1.level=in:A&or1.owner=in:ID`; a second one on the same field is `or1.level~2`.
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

/** How much a calendar shows at once. */
export const SPANS = ["month", "week", "day"] as const;

export type Span = (typeof SPANS)[number];

export interface ListQuestion {
  view: string | null;
  search: string;
  mine: "RESPONSIBLE" | "RELATED" | null;
  conditions: Condition[];
  /** Of each of these, at least one condition must hold as well. */
  alternatives: Condition[][];
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
  /** The month or a day of a calendar, `2026-11` or `2026-11-30`; null: today's. */
  at: string | null;
  /** How much a calendar shows; null: as the page is wide enough for. */
  span: Span | null;
  /** Whether the conditions and order are those of the address, although a view is named: it has been changed. */
  changed: boolean;
}

export const NOTHING: ListQuestion = {
  view: null,
  search: "",
  mine: null,
  conditions: [],
  alternatives: [],
  order: null,
  columns: null,
  face: "list",
  group: null,
  by: null,
  measure: null,
  chart: null,
  at: null,
  span: null,
  changed: false,
};

export function readQuestion(address: Record<string, string | undefined>): ListQuestion {
  const conditions: Condition[] = [];
  const groups = new Map<number, Condition[]>();
  for (const [key, value] of Object.entries(address)) {
    const cut = value?.indexOf(":") ?? -1;
    const [, group, field = ""] = /^(?:f|or([1-9]\d?))\.([^~]+)(?:~\d+)?$/.exec(key) ?? [];
    if (field === "" || value === undefined || cut < 1) continue;
    const condition = { field, operator: value.slice(0, cut), value: value.slice(cut + 1) };
    if (group === undefined) conditions.push(condition);
    else groups.set(Number(group), [...(groups.get(Number(group)) ?? []), condition]);
  }
  const alternatives = [...groups.entries()].sort(([one], [other]) => one - other).map(([, group]) => group);
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
    alternatives,
    order: order && order.length > 0 ? order : null,
    columns: columns.length > 0 ? columns : null,
    face: FACES.find((face) => face === address.face) ?? "list",
    group: address.g ?? null,
    by: address.by ?? null,
    measure: address.m ?? null,
    chart: address.chart ?? null,
    at: /^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/.test(address.at ?? "") ? address.at! : null,
    span: SPANS.find((span) => span === address.span) ?? null,
    changed: address.changed === "1",
  };
}

export function writeQuestion(question: ListQuestion): Record<string, string> {
  const address: Record<string, string> = {};
  if (question.view !== null) address.view = question.view;
  if (question.search !== "") address.q = question.search;
  if (question.mine !== null) address.mine = question.mine;
  for (const { field, operator, value } of question.conditions) address[`f.${field}`] = `${operator}:${value}`;
  question.alternatives.forEach((group, at) => {
    for (const { field, operator, value } of group) {
      const key = `or${at + 1}.${field}`;
      const taken = Object.keys(address).filter((one) => one === key || one.startsWith(`${key}~`)).length;
      address[taken === 0 ? key : `${key}~${taken + 1}`] = `${operator}:${value}`;
    }
  });
  if (question.order !== null) {
    address.s = question.order.map(({ field, descending }) => (descending ? `-${field}` : field)).join(",");
  }
  if (question.columns !== null) address.c = question.columns.join(",");
  if (question.face !== "list") address.face = question.face;
  if (question.group !== null) address.g = question.group;
  if (question.at !== null) address.at = question.at;
  if (question.span !== null) address.span = question.span;
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

/** The same question with a condition that holds as well, whatever else is said of its field. */
export const alsoWith = (question: ListQuestion, next: Condition): ListQuestion =>
  question.conditions.some(({ field }) => field === next.field)
    ? { ...question, alternatives: [...question.alternatives, [next]] }
    : { ...question, conditions: [...question.conditions, next] };

/** The same question with other conditions in one of its alternatives; with none of them it is gone. */
export function withAlternative(question: ListQuestion, at: number, group: Condition[]): ListQuestion {
  const alternatives = [...question.alternatives];
  alternatives.splice(at, 1, ...(group.length === 0 ? [] : [group]));
  return { ...question, alternatives };
}

/** Every condition of a question. */
export const conditionsIn = ({ conditions, alternatives }: ListQuestion): Condition[] => [
  ...conditions,
  ...alternatives.flat(),
];
