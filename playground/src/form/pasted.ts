/** What a cell of a spreadsheet means for a field; undefined where it means nothing. */

import { candidates } from "../api/finding";
import type { FieldInfo } from "../api/metadata";
import type { Values } from "../api/paths";
import { readDate } from "../values/dates";
import { readDecimal } from "../values/decimal";
import { readMinutes } from "../values/duration";
import { normalise } from "../values/text";

/** `today` is the company's, for words such as 今天. */
export async function pastedValue(
  field: FieldInfo,
  cell: string,
  object: string,
  draft: Values,
  today: string,
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
    case "PICKLIST":
      return field.options?.find(({ name, label }) => [name, label].some((one) => normalise(one) === normalise(text)))
        ?.name;
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
