/**
 * Reads fields and picklists where they stand in a definition text, and writes them anew. What is not asked for stays as
 * it is, byte for byte. The server reads the text as a whole; this finds only what an editor shows. Pure.
 */

export interface Directive {
  name: string;
  /** The arguments as they are written: `"中文"`, `true`, `[A, B]`. */
  args: [name: string, value: string][];
}

/** A field or a value of a picklist, with its place in the text. */
export interface Member {
  name: string;
  description: string | null;
  /** `[Tag!]!`; empty for a value. */
  type: string;
  directives: Directive[];
  start: number;
  end: number;
}

export interface Definition {
  keyword: string;
  extend: boolean;
  name: string;
  directives: Directive[];
  members: Member[];
  start: number;
  /** Behind the closing brace. */
  end: number;
  /** The inside of the braces; null where there are none. */
  body: { start: number; end: number } | null;
}

interface Token {
  text: string;
  start: number;
  end: number;
}

const TOKEN = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|[A-Za-z_]\w*|-?\d[\w.+-]*|[@:!=|&(){}[\]]/g;
const IGNORED = /#[^\n]*/;

function tokens(text: string): Token[] {
  const all = new RegExp(`${IGNORED.source}|${TOKEN.source}`, "g");
  return [...text.matchAll(all)]
    .filter(([found]) => !found.startsWith("#"))
    .map((found) => ({ text: found[0], start: found.index, end: found.index + found[0].length }));
}

const isText = (token: Token | undefined) => token?.text.startsWith('"') === true;
const CLOSING: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/** The place behind the bracket that closes the one at `at`. */
function behind(all: Token[], at: number): number {
  const [open, close] = [all[at]!.text, CLOSING[all[at]!.text]];
  let depth = 0;
  for (let place = at; place < all.length; place++) {
    if (all[place]!.text === open) depth += 1;
    if (all[place]!.text === close && --depth === 0) return place + 1;
  }
  return all.length;
}

function directives(text: string, all: Token[], at: number): { found: Directive[]; next: number } {
  const found: Directive[] = [];
  while (all[at]?.text === "@" && all[at + 1] !== undefined) {
    const directive: Directive = { name: all[at + 1]!.text, args: [] };
    at += 2;
    if (all[at]?.text === "(") {
      const end = behind(all, at) - 1;
      at += 1;
      while (at < end) {
        const name = all[at]!.text;
        const from = at + 2;
        if (all[from] === undefined || from >= end) break;
        const next = CLOSING[all[from]!.text] === undefined ? from + 1 : behind(all, from);
        directive.args.push([name, text.slice(all[from]!.start, all[next - 1]!.end)]);
        at = next;
      }
      at = end + 1;
    }
    found.push(directive);
  }
  return { found, next: at };
}

function members(text: string, all: Token[], from: number, to: number): Member[] {
  const found: Member[] = [];
  let at = from;
  while (at < to) {
    const begin = at;
    const description = isText(all[at]) ? unquoted(all[at++]!.text) : null;
    const name = all[at++];
    if (name === undefined || at > to || !/^[A-Za-z_]/.test(name.text)) continue;
    if (all[at]?.text === "(") at = behind(all, at);
    let type = "";
    if (all[at]?.text === ":") {
      const first = at + 1;
      at = all[first]?.text === "[" ? behind(all, first) : first + 1;
      if (all[at]?.text === "!") at += 1;
      type = text.slice(all[first]?.start ?? 0, all[at - 1]?.end ?? 0);
    }
    const read = directives(text, all, at);
    at = read.next;
    const end = all[at - 1]!.end;
    found.push({ name: name.text, description, type, directives: read.found, start: all[begin]!.start, end });
  }
  return found;
}

/** The types and picklists of a text. */
export function definitions(text: string): Definition[] {
  const all = tokens(text);
  const found: Definition[] = [];
  let at = 0;
  while (at < all.length) {
    const begin = at;
    if (isText(all[at])) at += 1;
    const extend = all[at]?.text === "extend";
    if (extend) at += 1;
    const keyword = all[at]?.text ?? "";
    const name = all[at + 1];
    if (!["type", "enum"].includes(keyword) || name === undefined) {
      at = begin + 1;
      continue;
    }
    const said = directives(text, all, at + 2);
    at = said.next;
    let body: Definition["body"] = null;
    let within: Member[] = [];
    if (all[at]?.text === "{") {
      const end = behind(all, at);
      body = { start: all[at]!.end, end: all[end - 1]!.start };
      within = members(text, all, at + 1, end - 1);
      at = end;
    }
    found.push({
      keyword,
      extend,
      name: name.text,
      directives: said.found,
      members: within,
      start: all[begin]!.start,
      end: all[at - 1]!.end,
      body,
    });
  }
  return found;
}

/** The fields or values that a text gives to a type, with its extensions. */
export const membersOf = (text: string, name: string): Member[] =>
  definitions(text)
    .filter((one) => one.name === name)
    .flatMap((one) => one.members);

export const quoted = (text: string) => JSON.stringify(text);

export function unquoted(written: string): string {
  if (written.startsWith('"""')) return written.slice(3, -3).replaceAll('\\"""', '"""').trim();
  try {
    return JSON.parse(written) as string;
  } catch {
    return written.replace(/^"|"$/g, "");
  }
}

/** What an argument says: a text without its quotes, anything else as it is written. */
export function argument(member: Pick<Member, "directives">, directive: string, name: string): string | null {
  const value = member.directives.find((one) => one.name === directive)?.args.find(([arg]) => arg === name)?.[1];
  return value === undefined ? null : value.startsWith('"') ? unquoted(value) : value;
}

/** A member with an argument as `value` is written; null takes it out, and a directive that has none left. */
export function withArgument(member: Member, directive: string, name: string, value: string | null): Member {
  const known = member.directives.find((one) => one.name === directive);
  if (known === undefined)
    return value === null
      ? member
      : { ...member, directives: [...member.directives, { name: directive, args: [[name, value]] }] };
  const there = known.args.some(([arg]) => arg === name);
  const args: Directive["args"] =
    value === null
      ? known.args.filter(([arg]) => arg !== name)
      : there
        ? known.args.map(([arg, before]) => [arg, arg === name ? value : before])
        : [...known.args, [name, value]];
  const emptied = args.length === 0 && known.args.length > 0;
  return {
    ...member,
    directives: member.directives
      .filter((one) => one !== known || !emptied)
      .map((one) => (one === known ? { ...one, args } : one)),
  };
}

export function written({ name, description, type, directives }: Omit<Member, "start" | "end">): string {
  const said = directives.map((one) =>
    one.args.length === 0
      ? ` @${one.name}`
      : ` @${one.name}(${one.args.map(([arg, value]) => `${arg}: ${value}`).join(", ")})`,
  );
  const above = description === null ? "" : `${quoted(description)}\n  `;
  return `${above}${name}${type === "" ? "" : `: ${type}`}${said.join("")}`;
}

/** The text with the values of a picklist written anew; a picklist of the program is extended. */
export function withValues(text: string, name: string, values: readonly Member[]): string {
  const lines = values.map((value) => `  ${written(value)}`).join("\n");
  const own = definitions(text).find((one) => one.name === name && one.keyword === "enum" && one.body !== null);
  if (own?.body != null) return `${text.slice(0, own.body.start)}\n${lines}\n${text.slice(own.body.end)}`;
  const gap = text === "" || text.endsWith("\n\n") ? "" : text.endsWith("\n") ? "\n" : "\n\n";
  return `${text}${gap}extend enum ${name} {\n${lines}\n}\n`;
}
