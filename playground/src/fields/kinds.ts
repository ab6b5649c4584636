/** Field types as the console treats them. The table does not compile if a type is missing. */

import type { FieldInfo, FieldType } from "../api/metadata";

/** How a value is typed into a form or a condition. */
export type Entry =
  | "text"
  | "longText"
  | "rich"
  | "email"
  | "tel"
  | "url"
  | "integer"
  | "decimal"
  | "duration"
  | "rating"
  | "boolean"
  | "date"
  | "dateTime"
  | "time"
  | "pick"
  | "picks"
  | "record"
  | "records"
  | "union"
  | "none";

export interface Kind {
  /** What a document selects of it: nothing, the name alone, or parts of a related record. */
  select: "none" | "plain" | "record" | "records" | "union" | "counted";
  entry: Entry;
  /** Numbers stand at the end of their cell. */
  end?: true;
  /** The conditions that are offered, the first unless told. */
  conditions: readonly string[];
}

const TEXT = ["contains", "eq", "startsWith", "isNull"] as const;
const NUMBER = ["gte", "lte", "eq", "between", "isNull"] as const;
const DAY = ["period", "between", "gte", "lte", "isNull"] as const;
const PICK = ["in", "notIn", "isNull"] as const;
const LIST = ["any", "none"] as const;

export const KINDS: Record<FieldType, Kind> = {
  ID: { select: "plain", entry: "none", conditions: [] },
  TEXT: { select: "plain", entry: "text", conditions: TEXT },
  LONG_TEXT: { select: "plain", entry: "longText", conditions: TEXT },
  RICH_TEXT: { select: "plain", entry: "rich", conditions: TEXT },
  EMAIL: { select: "plain", entry: "email", conditions: TEXT },
  PHONE: { select: "plain", entry: "tel", conditions: TEXT },
  URL: { select: "plain", entry: "url", conditions: TEXT },
  INTEGER: { select: "plain", entry: "integer", end: true, conditions: NUMBER },
  DURATION: { select: "plain", entry: "duration", end: true, conditions: NUMBER },
  RATING: { select: "plain", entry: "rating", conditions: NUMBER },
  DECIMAL: { select: "plain", entry: "decimal", end: true, conditions: NUMBER },
  MONEY: { select: "plain", entry: "decimal", end: true, conditions: NUMBER },
  AMOUNT: { select: "plain", entry: "decimal", end: true, conditions: NUMBER },
  PERCENT: { select: "plain", entry: "decimal", end: true, conditions: NUMBER },
  BOOLEAN: { select: "plain", entry: "boolean", conditions: ["eq", "isNull"] },
  DATE: { select: "plain", entry: "date", conditions: DAY },
  DATE_TIME: { select: "plain", entry: "dateTime", conditions: DAY },
  TIME: { select: "plain", entry: "time", conditions: ["gte", "lte", "isNull"] },
  JSON: { select: "plain", entry: "none", conditions: [] },
  PICKLIST: { select: "plain", entry: "pick", conditions: PICK },
  MULTI_PICKLIST: { select: "plain", entry: "picks", conditions: ["has", "isNull"] },
  NUMBER: { select: "plain", entry: "none", conditions: TEXT },
  RELATION: { select: "record", entry: "record", conditions: ["in", "notIn", "isNull"] },
  LINES: { select: "none", entry: "none", conditions: LIST },
  MANY_TO_MANY: { select: "records", entry: "records", conditions: ["in", ...LIST] },
  INVERSE: { select: "none", entry: "none", conditions: LIST },
  UNION: { select: "union", entry: "union", conditions: ["isNull"] },
};

/** The part of a document that selects a field; null where a page shows it in a way of its own. */
export function selectionOf(field: FieldInfo): string | null {
  const { select } = KINDS[field.type];
  switch (select) {
    case "plain":
      return field.name;
    case "record":
      return `${field.name} { id _title }`;
    case "records":
      return `${field.name}(first: 20) { id _title }`;
    case "union":
      return `${field.name} { __typename ${(field.targets ?? []).map(({ object }) => `... on ${object} { id _title }`).join(" ")} }`;
    default:
      return null;
  }
}

/** The conditions that a field offers: what the console can draw of what the server takes. */
export function conditionsOf(field: FieldInfo): string[] {
  const offered = KINDS[field.type].conditions;
  const taken = new Set(field.operators);
  return offered.filter((name) => {
    // Conditions on a related record are below it; what can be grouped by can be asked for.
    if (field.type === "RELATION") return field.groupable;
    if (name === "any" || name === "none" || field.type === "MANY_TO_MANY") return taken.has("some");
    return name === "period" ? taken.has("thisMonth") : taken.has(name);
  });
}

/** A record that another refers to. */
export interface Reference {
  id: string;
  _title: string | null;
  __typename?: string;
  /** A record that is made by the save of the one that refers to it: its input, and the form it was typed in. */
  create?: { input: Record<string, unknown>; form: unknown };
}
