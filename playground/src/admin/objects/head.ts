/** What a definition says of an object before its fields: read from the draft's text, written anew. Pure. */

import { argument, definitions, type Member, quoted, withArgument, written } from "./sdl";

export interface HeadDesign {
  label: string;
  labelEn: string;
  pluralLabelEn: string;
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
