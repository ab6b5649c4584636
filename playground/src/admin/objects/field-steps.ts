/** What a person says of a field, and the steps that bring the draft to it. Pure. */

import { TYPES } from "../definition";
import { argument, type Member, quoted, withArgument, written } from "./sdl";

const TEXTS = [
  "label",
  "labelEn",
  "help",
  "default",
  "check",
  "message",
  "messageEn",
  "requiredWhen",
  "visibleWhen",
  "readOnlyWhen",
] as const;
const NUMBERS = ["max", "scale"] as const;
export const MARKS = ["unique", "search", "index", "hidden"] as const;
const ENDS = ["inverse", "inverseLabel", "inverseLabelEn"] as const;

export type Given = Record<(typeof TEXTS)[number] | (typeof NUMBERS)[number] | (typeof ENDS)[number], string> &
  Record<(typeof MARKS)[number], boolean> & {
    name: string;
    required: boolean;
    /** Another type; empty where it keeps its own. */
    type: string;
    onFailure: string;
    onDelete: string;
  };

export function given(member: Member): Given {
  const texts = [...TEXTS, ...NUMBERS].map((name) => [name, argument(member, "field", name) ?? ""]);
  const marks = MARKS.map((name) => [name, argument(member, "field", name) === "true"]);
  const ends = ENDS.map((name) => [name, argument(member, "relation", name) ?? ""]);
  return {
    ...Object.fromEntries([...texts, ...marks, ...ends]),
    name: member.name,
    required: member.type.endsWith("!"),
    type: "",
    onFailure: "REFUSE",
    onDelete: argument(member, "relation", "onDelete") ?? "RESTRICT",
  } as Given;
}

/** The field with what was given; only what has changed is written. */
function changed(member: Member, before: Given, now: Given): Member {
  let made = member;
  const text = (directive: string, name: keyof Given, write: (value: string) => string) => {
    const value = String(now[name]).trim();
    if (value !== before[name]) made = withArgument(made, directive, name, value === "" ? null : write(value));
  };
  for (const name of TEXTS) text("field", name, quoted);
  for (const name of NUMBERS) text("field", name, (value) => value);
  for (const name of MARKS)
    if (now[name] !== before[name]) made = withArgument(made, "field", name, now[name] ? "true" : null);
  for (const name of ENDS) text("relation", name, quoted);
  if (now.onDelete !== before.onDelete)
    made = withArgument(made, "relation", "onDelete", now.onDelete === "RESTRICT" ? null : now.onDelete);
  if (now.type !== "") {
    const [, scalar = "String", kind] = /^(\w+)(?: @field\(type: (\w+)\))?$/.exec(TYPES[now.type] ?? "String") ?? [];
    made = withArgument({ ...made, type: scalar }, "field", "type", kind ?? null);
    made = { ...made, type: now.required ? `${scalar}!` : scalar };
  } else if (now.required !== before.required) {
    made = { ...made, type: now.required ? `${made.type}!` : made.type.replace(/!$/, "") };
  }
  return made;
}

/** The steps that bring a field from what it is to what was given. */
export function stepsOf(object: string, member: Member, now: Given): Record<string, unknown>[] {
  const made = changed(member, given(member), now);
  const sdl = written(made);
  const at = { object, field: member.name };
  return [
    ...(now.type !== ""
      ? [{ retypeField: { ...at, sdl, onFailure: now.onFailure } }]
      : sdl === written(member)
        ? []
        : [{ updateField: { ...at, sdl } }]),
    ...(now.name === member.name ? [] : [{ renameField: { ...at, to: now.name } }]),
  ];
}
