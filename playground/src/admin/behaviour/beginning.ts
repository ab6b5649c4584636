/** What a new text begins with: a flow over the states of an object, or a rule of it. Pure. */

export type Beginning = "flow" | "rule" | "nothing";

export const BEGINNINGS: readonly Beginning[] = ["flow", "rule", "nothing"];

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

/** Its labels are in the language of whoever begins it. */
export function beginning(kind: Beginning, name: string, object: Begun | null, lang: "zh" | "en"): string {
  const label = (text: string) => `${lang === "zh" ? "label" : "label_en"} = ${JSON.stringify(text)}`;
  if (object === null || kind === "nothing") return "";
  return kind === "flow" ? flow(object, label) : rule(object, name, label);
}

/** Whether a text of behaviour can have this name. */
export const isTextName = (name: string) => /^[a-z0-9_-]{1,60}$/.test(name);
