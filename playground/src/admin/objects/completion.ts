/** What may stand at a place of a definition text, learnt from the definitions that there are. Pure. */

import { definitions, type Directive } from "./sdl";

export interface Vocabulary {
  types: readonly string[];
  /** The arguments of each directive, with the words that stand as their values. */
  directives: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
}

const SCALARS = ["String", "Int", "Decimal", "Boolean", "Date", "DateTime", "Time", "JSON"];
const MOST = 12;

export function vocabularyOf(texts: readonly string[]): Vocabulary {
  const types = new Set(SCALARS);
  const known = new Map<string, Map<string, Set<string>>>();
  const note = ({ name, args }: Directive) => {
    const own = known.get(name) ?? new Map<string, Set<string>>();
    known.set(name, own);
    for (const [arg, value] of args) {
      const words = own.get(arg) ?? new Set<string>();
      own.set(arg, words);
      for (const [word] of value.startsWith('"') ? [] : value.matchAll(/[A-Za-z_]\w*/g)) words.add(word);
    }
  };
  for (const text of texts) {
    for (const { name, directives, members } of definitions(text)) {
      types.add(name);
      directives.forEach(note);
      for (const member of members) member.directives.forEach(note);
    }
  }
  return { types: [...types], directives: known };
}

export interface Suggestion {
  text: string;
  /** What is put in. */
  insert: string;
}

/** What is open at a place: whether in a string or comment, and the directive within whose brackets it is. */
function surroundings(text: string, caret: number): { quiet: boolean; directive: string | null; given: string } {
  let quiet = false;
  const open: { sign: string; at: number; directive: string | null }[] = [];
  const step = /"""[^]*?(?:"""|$)|"(?:\\.|[^"\\\n])*("|$|(?=\n))|#[^\n]*|[()[\]{}]|@(\w+)/g;
  let directive: { name: string; end: number } | null = null;
  for (let found = step.exec(text); found !== null && found.index < caret; found = step.exec(text)) {
    const [sign] = found;
    const end = found.index + sign.length;
    const unended = sign.startsWith("#") || (sign.startsWith('"') && (sign === '"""' || found[1] === ""));
    if (sign.startsWith('"') || sign.startsWith("#")) quiet = caret < end || (unended && caret === end);
    else if (sign.startsWith("@")) directive = { name: found[2]!, end };
    else if ("([{".includes(sign)) {
      const own = sign === "(" && directive !== null && text.slice(directive.end, found.index).trim() === "";
      open.push({ sign, at: end, directive: own ? directive!.name : null });
    } else open.pop();
    if (quiet) break;
  }
  const within = open.findLast(({ directive }) => directive !== null);
  const top = open.at(-1);
  const inside = within !== undefined && (top === within || top?.sign === "[");
  return { quiet, directive: inside ? within.directive : null, given: inside ? text.slice(within.at, caret) : "" };
}

/** The word at a place, and what may stand there instead. */
export function suggestions(text: string, caret: number, known: Vocabulary): { from: number; found: Suggestion[] } {
  const word = /@?\w*$/.exec(text.slice(0, caret))![0];
  const from = caret - word.length;
  const none = { from, found: [] };
  if (word === "") return none;
  const { quiet, directive, given } = surroundings(text, caret);
  if (quiet) return none;
  const before = text.slice(0, from);
  const from_ = (words: Iterable<string>, insert = (name: string) => name) => {
    const wanted = word.toLowerCase();
    const fitting = [...words].filter((name) => name.toLowerCase().startsWith(wanted) && name !== word);
    return {
      from,
      found: fitting
        .sort()
        .slice(0, MOST)
        .map((name) => ({ text: name, insert: insert(name) })),
    };
  };
  if (word.startsWith("@")) return from_([...known.directives.keys()].map((name) => `@${name}`));
  if (directive !== null) {
    const args = known.directives.get(directive);
    if (args === undefined) return none;
    const of = /(\w+)\s*:\s*(?:\[[^\]]*)?$/.exec(before);
    if (of !== null) return from_([...(args.get(of[1]!) ?? [])]);
    const used = new Set([...given.matchAll(/(\w+)\s*:/g)].map(([, name]) => name));
    return from_(
      [...args.keys()].filter((name) => !used.has(name)),
      (name) => `${name}: `,
    );
  }
  return /:\s*\[?\s*$/.test(before) ? from_(known.types) : none;
}

/** Where a line and column of a text begin. */
export function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let left = line - 1; left > 0; left--) {
    const end = text.indexOf("\n", at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return Math.min(text.length, at + Math.max(0, column - 1));
}
