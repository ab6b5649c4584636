/** What a definition says of an object before its fields: read from the draft's text, written anew. Pure. */

import { argument, definitions, type Member, quoted, withArgument, written } from "./sdl";

export interface HeadDesign {
  label: string;
  labelEn: string;
  pluralLabelEn: string;
  icon: string;
  color: string;
  display: string;
  stateField: string;
  startField: string;
  endField: string;
}

export const GIVEN: HeadDesign = {
  label: "",
  labelEn: "",
  pluralLabelEn: "",
  icon: "",
  color: "",
  display: "",
  stateField: "",
  startField: "",
  endField: "",
};

const NAMES = Object.keys(GIVEN) as (keyof HeadDesign)[];

function headIn(text: string, name: string) {
  const found = definitions(text).find((one) => one.name === name && one.keyword === "type" && !one.extend);
  if (found === undefined) return null;
  const member: Member = { name, description: null, type: "", directives: found.directives, start: 0, end: 0 };
  return { found, member };
}

/** What the text says of an object of the company's own; null of one that it does not define. */
export function readHead(text: string, name: string): HeadDesign | null {
  const head = headIn(text, name);
  if (head === null) return null;
  return Object.fromEntries(
    NAMES.map((one) => [one, argument(head.member, "object", one) ?? ""]),
  ) as unknown as HeadDesign;
}

/** The definition up to its braces with what was given; empty where that changes nothing, null where the text has none. */
export function headOf(text: string, name: string, before: HeadDesign, now: HeadDesign): string | null {
  const head = headIn(text, name);
  if (head === null) return null;
  let made = head.member;
  for (const one of NAMES) {
    const value = now[one].trim();
    if (value !== before[one]) made = withArgument(made, "object", one, value === "" ? null : quoted(value));
  }
  if (made === head.member) return "";
  const above = /^\s*("""[^]*?"""|"(?:\\.|[^"\\\n])*")/.exec(text.slice(head.found.start, head.found.end))?.[1];
  return `${above === undefined ? "" : `${above}\n`}type ${written(made)}`;
}

/** How an object is shown among others. */
export type Look = Pick<HeadDesign, "icon" | "color">;

const LOOK = ["icon", "color"] as const;

const extensionsOf = (text: string, name: string) =>
  definitions(text).filter((one) => one.name === name && one.keyword === "type" && one.extend);

/** What the text says of the look of an object that it extends; null where it says nothing. */
export function readLook(text: string, name: string): Partial<Look> | null {
  const found = extensionsOf(text, name).flatMap((one) =>
    LOOK.flatMap((part) => {
      const value = argument(one, "object", part);
      return value === null ? [] : [[part, value] as const];
    }),
  );
  return found.length === 0 ? null : Object.fromEntries(found);
}

/** The text with another look of an object that it extends, or does not name yet. */
export function withLook(text: string, name: string, before: Look, now: Look): string {
  const changed = LOOK.filter((part) => now[part].trim() !== before[part]);
  if (changed.length === 0) return text;
  const extension = extensionsOf(text, name).find(({ directives }) => directives.some((one) => one.name === "object"));
  const begun: Member = {
    name,
    description: null,
    type: "",
    directives: extension?.directives ?? [],
    start: 0,
    end: 0,
  };
  const made = changed.reduce(
    (member, part) => withArgument(member, "object", part, now[part].trim() === "" ? null : quoted(now[part].trim())),
    begun,
  );
  const head = `extend type ${written(made)}`;
  if (extension === undefined) return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}\n${head}\n`.trimStart();
  const opened = extension.body === null ? extension.end : text.lastIndexOf("{", extension.body.start);
  const rest = extension.body === null ? text.slice(extension.end) : ` ${text.slice(opened)}`;
  const bare = made.directives.length === 0 && extension.body === null;
  return `${text.slice(0, extension.start)}${bare ? "" : head}${rest}`;
}
