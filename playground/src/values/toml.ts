/**
 * Reads the TOML of definitions (layouts, menus), with the place of every value, so that what the server says of a line
 * stands at the value on that line. The server checks texts; this reads only those that it has written or taken.
 */

export type Toml = string | number | boolean | Toml[] | { [key: string]: Toml };
export type Table = { [key: string]: Toml };

/** Where a value begins: its path, as `tabs.0.sections.1.items.3`. */
export interface Spot {
  path: string;
  line: number;
  column: number;
}

export class TomlFault extends Error {}

class Reader {
  at = 0;
  readonly spots: Spot[] = [];
  constructor(readonly text: string) {}

  fail(what: string): never {
    const { line, column } = this.place(this.at);
    throw new TomlFault(`${line}:${column} ${what}`);
  }

  place(at: number) {
    const before = this.text.slice(0, at);
    return { line: before.split("\n").length, column: at - before.lastIndexOf("\n") };
  }

  mark(path: string) {
    this.spots.push({ path, ...this.place(this.at) });
  }

  /** Passes over blanks; over line ends and comments too, where they mean nothing. */
  skip(lines: boolean) {
    const blank = lines ? /(?:[ \t\r\n]+|#[^\n]*)*/y : /[ \t]*/y;
    blank.lastIndex = this.at;
    blank.exec(this.text);
    this.at = blank.lastIndex;
  }

  took(sign: string): boolean {
    if (!this.text.startsWith(sign, this.at)) return false;
    this.at += sign.length;
    return true;
  }

  take(pattern: RegExp): string | null {
    const sticky = new RegExp(pattern, "y");
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found === null) return null;
    this.at += found[0].length;
    return found[0];
  }

  key(): string[] {
    const steps: string[] = [];
    do {
      this.skip(false);
      const sign = this.text[this.at];
      const step = sign === '"' || sign === "'" ? this.string() : this.take(/[A-Za-z0-9_-]+/);
      if (step === null) this.fail("a key is expected");
      steps.push(step);
      this.skip(false);
    } while (this.took("."));
    return steps;
  }

  string(): string {
    for (const [sign, escapes] of [
      ['"""', true],
      ["'''", false],
      ['"', true],
      ["'", false],
    ] as const) {
      if (!this.took(sign)) continue;
      const body = this.take(new RegExp(escapes ? `(?:\\\\[^]|(?!${sign})[^\\\\])*` : `(?:(?!${sign})[^])*`)) ?? "";
      if (!this.took(sign)) this.fail("a text has no end");
      const text = sign.length === 3 ? body.replace(/^\r?\n/, "") : body;
      return escapes ? unescaped(text) : text;
    }
    return this.fail("a text is expected");
  }

  value(path: string): Toml {
    this.mark(path);
    const sign = this.text[this.at];
    if (sign === '"' || sign === "'") return this.string();
    if (this.took("[")) {
      const items: Toml[] = [];
      for (;;) {
        this.skip(true);
        if (this.took("]")) return items;
        items.push(this.value(`${path}.${items.length}`));
        this.skip(true);
        if (!this.took(",") && this.text[this.at] !== "]") this.fail("a comma is expected");
      }
    }
    if (this.took("{")) {
      const table: Table = {};
      for (;;) {
        this.skip(true);
        if (this.took("}")) return table;
        this.pair(table, path);
        this.skip(true);
        if (!this.took(",") && this.text[this.at] !== "}") this.fail("a comma is expected");
      }
    }
    const word = this.take(/[^\s,\]}#]+/) ?? this.fail("a value is expected");
    if (word === "true" || word === "false") return word === "true";
    const number = Number(word.replaceAll("_", ""));
    return Number.isNaN(number) ? word : number;
  }

  pair(table: Table, path: string) {
    const steps = this.key();
    if (!this.took("=")) this.fail("= is expected");
    this.skip(false);
    const last = steps.pop()!;
    let at = table;
    for (const step of steps) at = (at[step] ??= {}) as Table;
    at[last] = this.value([path, ...steps, last].filter((step) => step !== "").join("."));
  }
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", e: "\u001b" };

const unescaped = (text: string) =>
  text.replace(/\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|\s+|[^])/g, (_, sign: string) => {
    if (/^[uU]./.test(sign)) return String.fromCodePoint(parseInt(sign.slice(1), 16));
    if (/^\s/.test(sign)) return "";
    return ESCAPES[sign] ?? sign;
  });

/** The table at the end of a path; of a list of tables, the last one. */
function below(root: Table, steps: string[]): { table: Table; path: string } {
  let [table, path] = [root, ""];
  for (const step of steps) {
    const found = (table[step] ??= {});
    path = path === "" ? step : `${path}.${step}`;
    if (Array.isArray(found)) {
      table = found[found.length - 1] as Table;
      path = `${path}.${found.length - 1}`;
    } else table = found as Table;
  }
  return { table, path };
}

export function readToml(text: string): { table: Table; spots: Spot[] } {
  const reader = new Reader(text);
  const root: Table = {};
  let here = { table: root, path: "" };
  for (;;) {
    reader.skip(true);
    if (reader.at >= text.length) return { table: root, spots: reader.spots };
    if (reader.took("[[")) {
      const steps = reader.key();
      if (!reader.took("]]")) reader.fail("]] is expected");
      const last = steps.pop()!;
      const above = below(root, steps);
      const list = (above.table[last] ??= []) as Toml[];
      list.push({});
      here = below(root, [...steps, last]);
      reader.mark(here.path);
    } else if (reader.took("[")) {
      here = below(root, reader.key());
      if (!reader.took("]")) reader.fail("] is expected");
      reader.mark(here.path);
    } else reader.pair(here.table, here.path);
  }
}

/** The path of the value that stands at a place of the text, or before it on the same line. */
export function pathAt(spots: readonly Spot[], line: number, column: number): string | null {
  let found: Spot | null = null;
  for (const spot of spots) {
    if (spot.line !== line || (found !== null && spot.column > column)) continue;
    found = spot;
  }
  return found?.path ?? null;
}
