/** What editing does to a dashboard's widgets and parameters. Pure. */

import type { Dashboard, Parameter, Widget } from "../../api/dashboards";
import type { FieldInfo } from "../../api/metadata";
import type { Condition } from "../../question/question";

/** The widths that a widget can have, of twelve columns. */
export const WIDTHS = [3, 4, 6, 8, 12];
/** The heights that a widget can have, in rows. */
export const HEIGHTS = [2, 3, 4, 6];

/** The next of some sizes; the same at the end. */
export function sized(sizes: readonly number[], now: number, step: 1 | -1): number {
  const larger = sizes.filter((size) => (step > 0 ? size > now : size < now));
  return (step > 0 ? larger[0] : larger.at(-1)) ?? now;
}

export const changed = (dashboard: Dashboard, key: string, change: Partial<Widget>): Dashboard => ({
  ...dashboard,
  widgets: dashboard.widgets.map((widget) => (widget.key === key ? { ...widget, ...change } : widget)),
});

/** The widget before or after another, in whose place it stands then. */
export function moved(dashboard: Dashboard, key: string, to: number): Dashboard {
  const widget = dashboard.widgets.find((one) => one.key === key);
  if (widget === undefined) return dashboard;
  const others = dashboard.widgets.filter((one) => one !== widget);
  const place = Math.max(0, Math.min(to, others.length));
  return { ...dashboard, widgets: [...others.slice(0, place), widget, ...others.slice(place)] };
}

/** Without a parameter, and without what answered to it. */
export const withoutParameter = (dashboard: Dashboard, name: string): Dashboard => ({
  ...dashboard,
  parameters: dashboard.parameters.filter((one) => one.name !== name),
  widgets: dashboard.widgets.map((widget) => ({
    ...widget,
    parameters: widget.parameters.filter(({ parameter }) => parameter !== name),
  })),
});

/** A name that no parameter has yet. */
export function freshName(taken: readonly Parameter[]): string {
  for (let number = taken.length + 1; ; number++) {
    if (!taken.some(({ name }) => name === `p${number}`)) return `p${number}`;
  }
}

/** What an address or a default says of a parameter, `period:thisMonth`, as a condition on a field; null for nothing. */
export function conditionOn(field: string, said: string | null | undefined): Condition | null {
  const cut = said?.indexOf(":") ?? -1;
  if (said == null || cut < 1) return null;
  return { field, operator: said.slice(0, cut), value: said.slice(cut + 1) };
}

/** The conditions that the parameters' values come to for a widget. */
export const conditionsFor = (widget: Widget, values: Readonly<Record<string, string | null>>): Condition[] =>
  widget.parameters.flatMap(({ parameter, path }) => conditionOn(path, values[parameter]) ?? []);

/** A parameter's default as an address says it, `period:thisMonth`; `me` is the reader's employee. */
export function saidOf({ type, default: usual }: Parameter, me: string | null): string | null {
  if (type === "PERSON" && usual === "ME") return me === null ? null : `in:${me}`;
  if (Array.isArray(usual)) return usual.length === 0 ? null : `in:${usual.join(",")}`;
  if (type !== "PERIOD" || usual === null || typeof usual !== "object") return null;
  const { gte = "", lte = "", ...periods } = usual as Record<string, unknown>;
  const [named] = Object.entries(periods).filter(([, holds]) => holds === true);
  if (named !== undefined) return `period:${named[0]}`;
  return gte === "" && lte === "" ? null : `between:${String(gte)}..${String(lte)}`;
}

/** The default that an address says; null for none, and for what a parameter cannot be. */
export function defaultOf(type: Parameter["type"], said: string | null): unknown {
  const condition = conditionOn("", said);
  if (condition === null) return null;
  const { operator, value } = condition;
  if (type !== "PERIOD") return operator === "in" ? value.split(",") : null;
  if (operator === "period") return { [value]: true };
  const [gte = "", lte = ""] = operator === "between" ? value.split("..", 2) : [];
  return gte === "" && lte === "" ? null : { ...(gte === "" ? {} : { gte }), ...(lte === "" ? {} : { lte }) };
}

/** Whether a field can answer to a parameter. */
export function answers({ type, object }: Parameter, field: FieldInfo): boolean {
  if (type === "PERIOD") return field.type === "DATE" || field.type === "DATE_TIME";
  if (type === "PICKLIST") return field.type === "PICKLIST";
  return field.type === "RELATION" && (type === "PERSON" || field.target === object);
}
