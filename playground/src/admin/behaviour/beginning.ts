/** What a new text begins with: the flow that an object has, one over its states, an approval or a rule of it. Pure. */

import { flowOfObject, readBehaviour, type StoredText } from "./read";

export type Beginning = "flow" | "rule" | "approval" | "nothing";

export const BEGINNINGS: readonly Beginning[] = ["flow", "rule", "approval", "nothing"];

export interface Begun {
  name: string;
  stateField: string | null;
  fields: { name: string; options: { name: string; label: string; active: boolean }[] | null }[];
}

const list = (names: readonly string[]) => `[${names.map((name) => `"${name}"`).join(", ")}]`;

/** A flow that leads from each state to the next; the last one closes the record. */
function flow(object: Begun, label: (text: string) => string): string {
  const field = object.stateField ?? "status";
  const options = object.fields.find(({ name }) => name === field)?.options;
  const told = (options ?? []).filter(({ active }) => active);
  const states = told.length < 2 ? ["OPEN", "DONE"].map((name) => ({ name, label: name })) : told;
  const names = states.map(({ name }) => name);
  const moves = states.slice(1).map(
    (to, place) => `
[[flow.moves]]
code = "move${place + 1}"
${label(to.label)}
from = ["${names[place]}"]
to = "${to.name}"
`,
  );
  return `[[flow]]
object = "${object.name}"
field = "${field}"
start = ["${names[0]}"]
edit = ${list(names.slice(0, -1))}
delete = ["${names[0]}"]
${moves.join("")}`;
}

/** A rule that refuses a save, as an example of what a rule says. */
const rule = (object: Begun, name: string, label: (text: string) => string): string => `[[rule]]
code = "${name.replaceAll("-", "_")}"
${label(name)}
objects = ["${object.name}"]
when = "false"
refuse = "请说明原因"
refuse_en = "Say why the save is refused"
`;

/** An approval of one step, which the managers of the department decide. */
const approval = (object: Begun, name: string, label: (text: string) => string, first: string): string => `[[approval]]
code = "${name.replaceAll("-", "_")}"
object = "${object.name}"
${label(name)}

[[approval.steps]]
code = "first"
${label(first)}
by = [{ role = "department_manager", reach = true }]
`;

/** The part of a text that is the flow of an object, without what is said before the next part. */
function flowPart(text: string, object: string): string | undefined {
  const parts = text.split(/^(?=[ \t]*\[\[\s*(?:flow|rule|action|fill|approval)\s*\]\])/m);
  const found = parts.find((part) => readBehaviour(part)?.flows[0]?.object === object);
  return found?.replace(/(\s*\n#.*)*\s*$/, "\n");
}

/** One's own flow takes the place of a standard one, so it begins with that. Labels are in the writer's language. */
export function beginning(
  kind: Beginning,
  name: string,
  object: Begun | null,
  lang: "zh" | "en",
  stored: readonly StoredText[],
): string {
  const label = (text: string) => `${lang === "zh" ? "label" : "label_en"} = ${JSON.stringify(text)}`;
  if (object === null || kind === "nothing") return "";
  if (kind === "rule") return rule(object, name, label);
  if (kind === "approval") return approval(object, name, label, lang === "zh" ? "第一步" : "First step");
  const standing = flowOfObject(stored, object.name);
  return (standing && flowPart(standing.text.text, object.name)) ?? flow(object, label);
}

/** Whether a text of behaviour can have this name. */
export const isTextName = (name: string) => /^[a-z0-9_-]{1,60}$/.test(name);
