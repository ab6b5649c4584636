/**
 * Reads what a text of behaviour holds, as far as it can be read: flows with their moves, rules, actions, fills and
 * approvals. Knows neither objects nor fields; whether the text is right is for the server to say. Pure.
 */

import { readToml, type Table, type Toml } from "../../values/toml";

/** What people call something, in both languages. */
export interface Named {
  code: string;
  zh: string | null;
  en: string | null;
}

export interface TextMove extends Named {
  from: string[];
  /** A state, `next:` and a field, or an expression. */
  to: string;
  /** The right that it needs on the record, in small letters. */
  right: string;
  input: { field: string; required: boolean }[];
  set: [field: string, expression: string][];
  /** It writes fields whoever makes it may not write. */
  system: boolean;
}

export interface Gate {
  to: string;
  require: string[];
  check: string | null;
}

export interface TextFlow {
  object: string;
  field: string;
  /** Of a relation: the field by which its records are told. */
  key: string | null;
  start: string[];
  /** The states in which a record may be changed; null: in each. */
  edit: string[] | null;
  /** The states in which a record may be removed; null: in each. */
  delete: string[] | null;
  moves: TextMove[];
  gates: Gate[];
}

/** Stands for all objects with related employees. */
export const RESPONSIBLE = "@responsible";

export interface TextRule extends Named {
  /** Their names, or that of all with related employees. */
  objects: string[];
}

/** A step of an approval, as texts and `/metadata` have it. */
export interface Step {
  /** An expression: whether records come to it. */
  when: string | null;
  /** Who decides, as `role:director (reach)`, `manager` or `owner.manager`. */
  by: string[];
  /** How many of them: `any`, `all`, a number or a share. */
  quorum: string;
  /** They decide one after the other. */
  inTurn: boolean;
  /** Steps of one group run side by side. */
  group: string | null;
}

export interface TextApproval extends Named {
  object: string;
  /** The moves that begin it; none: it is submitted by itself. Null stands for the move `submit`, where there is one. */
  moves: string[] | null;
  when: string | null;
  steps: (Step & Named)[];
  /** The fields whose change makes it void. */
  voids: string[];
}

export interface Behaviour {
  flows: TextFlow[];
  rules: TextRule[];
  approvals: TextApproval[];
  /** Named actions and fills, each of one object. */
  others: TextRule[];
}

const text = (value: Toml | undefined): string | null => (typeof value === "string" ? value : null);
const texts = (value: Toml | undefined): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
const isTable = (value: Toml | undefined): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const tables = (value: Toml | undefined): Table[] => (Array.isArray(value) ? value.filter(isTable) : []);

const named = (table: Table): Named => ({
  code: text(table.code) ?? "",
  zh: text(table.label),
  en: text(table.label_en),
});

const moveOf = (table: Table): TextMove => ({
  ...named(table),
  from: texts(table.from),
  to: text(table.to) ?? "",
  right: text(table.right) ?? "edit",
  input: texts(table.input).map((asked) => ({ field: asked.replace(/!$/, ""), required: asked.endsWith("!") })),
  set: Object.entries(isTable(table.set) ? table.set : {}).map(([field, value]) => [field, String(value)]),
  system: table.as === "system",
});

const flowOf = (table: Table): TextFlow => ({
  object: text(table.object) ?? "",
  field: text(table.field) ?? "",
  key: text(table.key),
  start: texts(table.start),
  edit: table.edit === undefined ? null : texts(table.edit),
  delete: table.delete === undefined ? null : texts(table.delete),
  moves: tables(table.moves).map(moveOf),
  gates: tables(table.gates).map((gate) => ({
    to: text(gate.to) ?? "",
    require: texts(gate.require),
    check: text(gate.check),
  })),
});

/** Who decides, in one word: `{ role = "director", reach = true }` is `role:director (reach)`. */
function sourceOf(by: Toml): string[] {
  if (typeof by === "string") return [by];
  if (!isTable(by)) return [];
  const given = Object.entries(by).filter(([, value]) => typeof value === "string");
  const flags = Object.entries(by)
    .filter(([, value]) => value === true)
    .map(([key]) => key);
  const named = given.map(([key, value]) => (key === "employee" ? String(value) : `${key}:${String(value)}`));
  if (named.length === 0) return flags.length === 0 ? [] : [flags.join(" ")];
  return [`${named.join(" ")}${flags.map((flag) => ` (${flag})`).join("")}`];
}

const stepOf = (table: Table): Step & Named => ({
  ...named(table),
  when: text(table.when),
  by: Array.isArray(table.by) ? table.by.flatMap(sourceOf) : sourceOf(table.by ?? false),
  quorum: table.quorum === undefined ? "any" : String(table.quorum),
  inTurn: table.in_turn === true,
  group: text(table.group),
});

const approvalOf = (table: Table): TextApproval => ({
  ...named(table),
  object: text(table.object) ?? "",
  moves: table.moves === undefined ? null : texts(table.moves),
  when: text(table.when),
  steps: tables(table.steps).map(stepOf),
  voids: texts(table.voids),
});

/** What a text holds; null while it is no TOML. */
export function readBehaviour(written: string): Behaviour | null {
  try {
    const { table } = readToml(written);
    return {
      flows: tables(table.flow).map(flowOf),
      approvals: tables(table.approval).map(approvalOf),
      rules: tables(table.rule).map((rule) => ({ ...named(rule), objects: texts(rule.objects) })),
      others: [...tables(table.action), ...tables(table.fill)].map((one) => ({
        ...named(one),
        objects: [text(one.object) ?? ""],
      })),
    };
  } catch {
    // Half of a text, as it is while one types.
    return null;
  }
}

/** The title in a language, else in the other one, else the code. */
export const titleOf = ({ code, zh, en }: Named, lang: "zh" | "en"): string =>
  (lang === "zh" ? (zh ?? en) : (en ?? zh)) ?? code;

/** A text of behaviour as the server keeps it. */
export interface StoredText {
  path: string;
  custom: boolean;
  text: string;
}

/** The flow of an object and its text: one's own takes the place of a standard one. */
export function flowOfObject(
  stored: readonly StoredText[],
  object: string,
): { flow: TextFlow; text: StoredText } | null {
  const found = stored.flatMap((one) =>
    (readBehaviour(one.text)?.flows ?? [])
      .filter((flow) => flow.object === object)
      .map((flow) => ({ flow, text: one })),
  );
  return found.find(({ text: { custom } }) => custom) ?? found[0] ?? null;
}

/** The text of an object's approval; one's own before a standard one. */
export const textOfApproval = (stored: readonly StoredText[], object: string, code: string): StoredText | undefined =>
  stored
    .toSorted((one, other) => Number(other.custom) - Number(one.custom))
    .find(({ text: written }) =>
      readBehaviour(written)?.approvals.some((one) => one.object === object && one.code === code),
    );

/** What a text is called in addresses: its name, or the last step of a standard file's. */
export const fileOf = ({ path }: StoredText): string => path.slice(path.lastIndexOf("/") + 1);
