/** What a cell of a spreadsheet means for a field; undefined where it means nothing. */

import { candidates } from "../api/finding";
import type { FieldInfo } from "../api/metadata";
import type { Values } from "../api/paths";
import { instantOf, readDate } from "../values/dates";
import { readDecimal } from "../values/decimal";
import { readMinutes } from "../values/duration";
import { normalise } from "../values/text";

/** `today` is the company's, for words such as 今天; instants are of a `zone`. */
export async function pastedValue(
  field: FieldInfo,
  cell: string,
  object: string,
  draft: Values,
  today: string,
  zone?: string,
): Promise<unknown> {
  const text = cell.trim();
  if (text === "") return undefined;
  switch (field.type) {
    case "RELATION": {
      const found = await candidates({ object, field: field.name, search: text, draft, first: 5 });
      const same = found.filter((one) =>
        [one.text, ...(one.detail ?? "").split(/[\s·,，]+/)].some(
          (part) => part !== null && normalise(part) === normalise(text),
        ),
      );
      const hit = same.length === 1 ? same[0] : undefined;
      return hit === undefined ? undefined : { id: hit.id, _title: hit.text, __typename: hit.object };
    }
    case "INTEGER":
    case "DECIMAL":
    case "MONEY":
    case "AMOUNT":
    case "PERCENT": {
      const read = readDecimal(text, field.type === "INTEGER" ? 0 : (field.scale ?? undefined));
      if ("fault" in read) return undefined;
      return field.type === "INTEGER" ? Number(read.value) : read.value;
    }
    case "DURATION":
      return readMinutes(text) ?? undefined;
    case "DATE":
      return readDate(text, today) ?? undefined;
    case "DATE_TIME": {
      const [, date = "", clock = ""] = /^(.+?)[T ,]+(\d{1,2}:\d\d)(?::\d\d)?$/.exec(text) ?? [];
      const day = readDate(date, today);
      return day === null || zone === undefined ? undefined : instant(`${day}T${clock.padStart(5, "0")}`, zone);
    }
    case "TIME":
      return /^([01]?\d|2[0-3]):[0-5]\d$/.test(text) ? text.padStart(5, "0") : undefined;
    case "RATING": {
      const stars = /^★+☆*$/.test(text) ? text.replaceAll("☆", "").length : Number(text);
      return Number.isInteger(stars) && stars >= 1 && stars <= (field.max ?? 5) ? stars : undefined;
    }
    case "PICKLIST":
      return optionNamed(field, text);
    case "MULTI_PICKLIST": {
      const names = text.split(/[,，、;；]/).map((part) => optionNamed(field, part));
      return names.includes(undefined) ? undefined : [...new Set(names)];
    }
    case "BOOLEAN":
      return /^(true|yes|y|1|是|√)$/i.test(text) ? true : /^(false|no|n|0|否)$/i.test(text) ? false : undefined;
    case "TEXT":
    case "LONG_TEXT":
    case "EMAIL":
    case "PHONE":
    case "URL":
      return text;
    default:
      return undefined;
  }
}

const optionNamed = (field: FieldInfo, text: string) =>
  field.options?.find(({ name, label }) => [name, label].some((one) => normalise(one) === normalise(text)))?.name;

/** Undefined for a time that no clock shows. */
function instant(local: string, zone: string): string | undefined {
  try {
    return instantOf(local, zone);
  } catch {
    return undefined;
  }
}
