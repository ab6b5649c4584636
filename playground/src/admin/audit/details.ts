/** What an entry of the audit trail says, in parts that a page can show: values, old and new ones, lines of texts. Pure. */

export interface Line {
  sign: "+" | "−";
  text: string;
}

export type Part =
  | { kind: "value"; key: string; text: string }
  | { kind: "change"; key: string; from: string; to: string }
  | { kind: "lines"; key: string; lines: Line[] };

/** Where texts are longer, lines are compared by what is in them and not by their order. */
const MOST = 400_000;

/** The lines that two texts do not have in common, in their order. */
export function changedLines(before: string, after: string): Line[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  if (a.length * b.length > MOST) {
    const [had, has] = [new Set(a), new Set(b)];
    return [
      ...a.filter((text) => !has.has(text)).map((text) => ({ sign: "−" as const, text })),
      ...b.filter((text) => !had.has(text)).map((text) => ({ sign: "+" as const, text })),
    ];
  }
  // common[i][j]: how many lines the rests from i and j have in common.
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
    }
  }
  const lines: Line[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push({ sign: "−", text: a[i]! });
      i += 1;
    } else {
      lines.push({ sign: "+", text: b[j]! });
      j += 1;
    }
  }
  return lines.filter(({ text }) => text.trim() !== "");
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value as people read it; `–` is none. */
export function said(value: Json | undefined): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.length === 0 ? "–" : value.map(said).join(", ");
  if (isObject(value)) {
    const parts = Object.entries(value).filter(([, one]) => one !== null);
    return parts.map(([key, one]) => `${key}: ${said(one)}`).join("; ");
  }
  return String(value);
}

/** The texts by name: one text is its own. */
const named = (value: Json | undefined, name: string): Record<string, string> => {
  if (typeof value === "string") return { [name]: value };
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((one): one is [string, string] => typeof one[1] === "string"));
};

/** What tells people nothing: ids of sign-ins, keys and links. */
const QUIET = ["session", "key", "link"];

/** What is changed first: the key that says what was done stands in front. */
export function partsOf(detail: { [key: string]: Json }): Part[] {
  const { before, definition, definitions, to, after, ...rest } = detail;
  const parts: Part[] = [];
  const texts = definition ?? definitions;
  const change = to ?? after;
  // Edits of a role are in the lines of its text as well.
  if (definitions !== undefined) delete rest.setRights;
  for (const key of QUIET) delete rest[key];
  for (const [key, value] of Object.entries(rest)) parts.push({ kind: "value", key, text: said(value) });
  if (texts !== undefined || typeof before === "string") {
    const name = Object.keys(rest).find((key) => typeof rest[key] === "string") ?? "definition";
    const own = String(rest[name] ?? name);
    const [old, now] = [named(before, own), named(texts, own)];
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      // What goes, or is put back, is said by its name alone.
      if (now[key] === undefined) continue;
      const lines = changedLines(old[key] ?? "", now[key]);
      if (lines.length > 0) parts.push({ kind: "lines", key, lines });
    }
  } else if (isObject(change) || isObject(before)) {
    const [old, now] = [isObject(before) ? before : {}, isObject(change) ? change : {}];
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      const [from, next] = [said(old[key]), said(now[key])];
      if (key in old && key in now) {
        if (from !== next) parts.push({ kind: "change", key, from, to: next });
      } else if (key in old) {
        // What was is said with an arrow: it is no more.
        if (from !== "–") parts.push({ kind: "change", key, from, to: "–" });
      } else if (next !== "–") parts.push({ kind: "value", key, text: next });
    }
  } else if (before !== undefined || change !== undefined) {
    parts.push({ kind: "change", key: "value", from: said(before), to: said(change) });
  }
  return parts;
}

/** The smallest id of a moment: ids of the trail rise with time, and a page begins before an id. */
export function idAt(milliseconds: number): string {
  const hex = Math.max(0, Math.floor(milliseconds)).toString(16).padStart(12, "0").slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
