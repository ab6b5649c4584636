/** The text of a value for a spreadsheet: exact, and read again by `pastedValue`. */

import type { FieldInfo } from "../api/metadata";
import { localOf } from "../values/dates";
import type { Reference } from "./kinds";
import { plainOf } from "./plain";

export function copiedText(field: FieldInfo, value: unknown, zone: string, yes: string, no: string): string {
  if (value === null || value === undefined) return "";
  const label = (name: string) => field.options?.find((option) => option.name === name)?.label ?? name;
  switch (field.type) {
    case "RELATION":
    case "UNION":
      return (value as Reference)._title ?? "";
    case "MANY_TO_MANY":
      return (value as Reference[]).map(({ _title }) => _title ?? "").join(", ");
    case "PICKLIST":
      return label(String(value));
    case "MULTI_PICKLIST":
      return (value as string[]).map(label).join(", ");
    case "BOOLEAN":
      return value === true ? yes : no;
    case "DATE_TIME":
      return localOf(String(value), zone).replace("T", " ");
    case "TIME":
      return String(value).slice(0, 5);
    case "DURATION": {
      const all = Math.abs(Number(value));
      return `${Number(value) < 0 ? "-" : ""}${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}`;
    }
    case "RICH_TEXT":
      return plainOf(String(value));
    case "JSON":
      return JSON.stringify(value);
    default:
      return String(value);
  }
}
