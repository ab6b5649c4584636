/**
 * Exact decimals. They are strings such as `-1234.50`, from the server to the page and back; a `number` would lose
 * digits of money.
 */

import { halfWidth } from "./text";

export type DecimalFault = "form" | "digits";
export type ReadDecimal = { value: string } | { fault: DecimalFault };

interface Parts {
  negative: boolean;
  whole: string;
  decimals: string;
}

/** The parts of a decimal as it is stored; null for any other text. */
function parts(value: string): Parts | null {
  const [, sign, whole, decimals = ""] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  return whole === undefined ? null : { negative: sign === "-", whole, decimals };
}

/** Thousands are grouped; the digits there are stay, with zeros up to `scale`. What is no decimal stays as it is. */
export function showDecimal(value: string, scale = 0): string {
  const found = parts(value);
  if (!found) return value;
  const whole = found.whole.replace(/\B(?=(?:\d{3})+$)/g, ",");
  return join({ ...found, whole, decimals: found.decimals.padEnd(scale, "0") });
}

function join({ negative, whole, decimals }: Parts): string {
  return (negative ? "-" : "") + whole + (decimals && `.${decimals}`);
}

/** How many digits a Chinese unit moves the point. */
const units: Record<string, number> = { 万: 4, 亿: 8, 万亿: 12 };

/** Sign and currency in either order, digits in groups of three or in none, a unit or a percent sign. */
const typed = new RegExp(
  String.raw`^(?:(?<sign>[+-])?\s*[¥$]?|[¥$]\s*(?<inner>[+-]))\s*` +
    String.raw`(?:(?<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?<decimals>\d*))?|\.(?<only>\d+))` +
    String.raw`\s*(?:(?<unit>万亿|[万亿])|%)?$`,
);

/**
 * Reads what somebody typed or pasted. More significant decimals than `scale` are a fault; zeros after them are
 * dropped, as the server does. A comma that does not group thousands is a fault, so that `1,5` is never read as 15.
 */
export function readDecimal(text: string, scale?: number): ReadDecimal {
  const found = typed.exec(halfWidth(text).trim())?.groups;
  if (!found) return { fault: "form" };
  let whole = (found.whole ?? "").replaceAll(",", "");
  let decimals = found.decimals ?? found.only ?? "";
  const shift = found.unit && units[found.unit];
  if (shift) {
    whole += decimals.slice(0, shift).padEnd(shift, "0");
    decimals = trimmed(decimals.slice(shift));
  }
  if (scale !== undefined && decimals.length > scale) {
    if (trimmed(decimals).length > scale) return { fault: "digits" };
    decimals = decimals.slice(0, scale);
  }
  whole = whole.replace(/^0+(?=\d)/, "") || "0";
  const negative = (found.sign ?? found.inner) === "-" && /[1-9]/.test(whole + decimals);
  return { value: join({ negative, whole, decimals }) };
}

/** Without the zeros at the end. A loop, because `/0+$/` takes quadratic time on long rows of zeros. */
function trimmed(decimals: string): string {
  let end = decimals.length;
  while (decimals[end - 1] === "0") end -= 1;
  return decimals.slice(0, end);
}
