/** What may stand at a place of a text of behaviour: keys, objects, fields, states, rights. Pure. */

import type { Suggestion } from "../objects/completion";
import { RESPONSIBLE } from "./read";

/** The objects that a text may name, with their fields and the values of these. */
export interface KnownObject {
  name: string;
  fields: { name: string; options: { name: string }[] | null }[];
}

const KEYS: Record<string, string[]> = {
  flow: ["object", "field", "key", "start", "edit", "delete", "moves", "gates"],
  "flow.moves": ["code", "label", "label_en", "from", "to", "right", "needs", "input", "set", "as", "reason"],
  "flow.gates": ["to", "require", "check", "message", "message_en"],
  rule: [
    ...["code", "label", "label_en", "objects", "on", "for", "when", "set", "require"],
    ...["refuse", "refuse_en", "relate", "as", "reason", "after"],
  ],
  approval: ["code", "object", "label", "label_en", "moves", "when", "self", "repeat", "voids", "steps"],
  "approval.steps": ["code", "label", "label_en", "when", "by", "quorum", "in_turn", "group", "if_none"],
  "approval.by": ["role", "reach", "employee", "manager"],
};
/** The words that stand as the values of a key. */
const WORDS: Record<string, string[]> = {
  right: ["edit", "audit", "transfer", "ship", "approve"],
  as: ["editor", "system"],
  on: ["create", "update"],
  quorum: ["any", "all"],
  reach: ["true"],
  manager: ["true"],
  in_turn: ["true"],
  self: ["next", "deny", "allow"],
  repeat: ["once", "always"],
  if_none: ["manager", "skip", "administrators"],
  needs: ["approval"],
};
const STATES = ["start", "edit", "delete", "from", "to"];
const FIELDS = ["field", "input", "require", "set", "check", "when", "for", "relate", "voids"];
const MOST = 12;

/** What is read of the text before the caret. */
interface Place {
  table: string;
  /** The object that the table is about, and its state field. */
  object: string | null;
  field: string | null;
  /** The key whose value one types; null where one types a key of the table. */
  key: string | null;
  /** Whether the name that one types has a value behind it. */
  names: boolean;
}

const STEP = /"(?:\\.|[^"\\\n])*"?|'[^'\n]*'?|#[^\n]*|[\w.-]+|[[\]{},=\n]/g;

function placeOf(before: string): Place {
  const head = [...before.matchAll(/^[ \t]*\[\[?[ \t]*([\w.]+)[ \t]*\]\]?/gm)].at(-1);
  const table = head?.[1] ?? "";
  const root = table.split(".")[0]!;
  const own = before.slice(
    [...before.matchAll(new RegExp(`^[ \\t]*\\[\\[[ \\t]*${root}[ \\t]*\\]\\]`, "gm"))].at(-1)?.index ?? 0,
  );
  // What is open: tables of one line and lists, each with the key whose value it is.
  const open: { sign: string; of: string | null; key: string | null }[] = [{ sign: "", of: null, key: null }];
  let word: string | null = null;
  for (const [step] of before.slice((head?.index ?? 0) + (head?.[0].length ?? 0)).matchAll(STEP)) {
    const top = open.at(-1)!;
    if (step === "=") top.key = word;
    else if (step === "[" || step === "{") open.push({ sign: step, of: top.key ?? top.of, key: null });
    else if ((step === "]" || step === "}") && open.length > 1) open.pop();
    else if ((step === "," && top.sign === "{") || (step === "\n" && top.sign === "")) top.key = null;
    else word = step;
  }
  const top = open.at(-1)!;
  const inner = open.findLast(({ sign }) => sign === "{")?.of ?? null;
  const key = top.key ?? (top.sign === "[" ? top.of : null);
  const sets = inner === "set";
  return {
    table: inner === null || !["flow", "approval"].includes(root) || sets ? table : `${root}.${inner}`,
    object: [...own.matchAll(/\bobjects?\s*=\s*\[?\s*"([\w@]+)"/g)].at(-1)?.[1] ?? null,
    field: [...own.matchAll(/\bfield\s*=\s*"(\w+)"/g)].at(-1)?.[1] ?? null,
    key: sets ? "set" : key,
    names: key === null,
  };
}

/** The word at a place, and what may stand there instead. */
export function suggestions(
  text: string,
  caret: number,
  known: readonly KnownObject[],
): { from: number; found: Suggestion[] } {
  const before = text.slice(0, caret);
  const word = /@?\w*$/.exec(before)![0];
  const from = caret - word.length;
  const none = { from, found: [] };
  if (word === "" || /#[^"'\n]*$/.test(before)) return none;
  const place = placeOf(text.slice(0, from));
  const object = known.find(({ name }) => name === place.object);
  const offered = (): string[] => {
    const { key, table } = place;
    if (key === null) return KEYS[table] ?? [];
    if (key === "object") return known.map(({ name }) => name);
    if (key === "objects") return [RESPONSIBLE, ...known.map(({ name }) => name)];
    if (WORDS[key] !== undefined) return WORDS[key];
    const states = object?.fields.find(({ name }) => name === place.field)?.options?.map(({ name }) => name) ?? [];
    if (STATES.includes(key)) return states;
    return FIELDS.includes(key) ? [...(object?.fields.map(({ name }) => name) ?? []), "old", "changed"] : [];
  };
  const wanted = word.toLowerCase();
  const found = offered().filter((name) => name.toLowerCase().startsWith(wanted) && name !== word);
  const insert = (name: string) => (place.names ? `${name} = ` : name);
  return { from, found: [...new Set(found)].slice(0, MOST).map((name) => ({ text: name, insert: insert(name) })) };
}
