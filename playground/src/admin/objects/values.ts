/** The values of a picklist as they are edited, and as the definition text has them. Pure. */

import { argument, definitions, type Member, membersOf, quoted, withArgument, withValues } from "./sdl";

export interface ValueDesign {
  name: string;
  zh: string;
  en: string;
  color: string | null;
  active: boolean;
}

/** A value as the server tells it. */
export interface LiveValue {
  name: string;
  labelZh: string | null;
  labelEn: string | null;
  color: string | null;
  active: boolean;
}

const designed = (member: Member, live: LiveValue | undefined): ValueDesign => ({
  name: member.name,
  zh: argument(member, "label", "zh") ?? live?.labelZh ?? "",
  en: argument(member, "label", "en") ?? live?.labelEn ?? "",
  color: argument(member, "option", "color") ?? live?.color ?? null,
  active: (argument(member, "option", "inactive") ?? String(live?.active === false)) !== "true",
});

const bare = (name: string): Member => ({ name, description: null, type: "", directives: [], start: 0, end: 0 });

/** Whether the text itself defines the picklist; one of the program it only extends. */
const isOwn = (text: string, name: string) => definitions(text).some((one) => one.name === name && !one.extend);

/** The values of a picklist: those of the draft's text, and those of the program beside them. */
export function valuesOf(text: string, name: string, live: readonly LiveValue[]): ValueDesign[] {
  const known = new Map(membersOf(text, name).map((member) => [member.name, member]));
  const from = new Map(live.map((value) => [value.name, value]));
  if (isOwn(text, name)) return [...known.values()].map((member) => designed(member, undefined));
  return [
    ...live.map((value) => designed(known.get(value.name) ?? bare(value.name), value)),
    ...[...known.values()].filter((member) => !from.has(member.name)).map((member) => designed(member, undefined)),
  ];
}

function member(value: ValueDesign, before: Member | undefined, place: number | null): Member {
  let made = before ?? bare(value.name);
  made = withArgument(made, "label", "zh", value.zh === "" ? null : quoted(value.zh));
  made = withArgument(made, "label", "en", value.en === "" ? null : quoted(value.en));
  made = withArgument(made, "option", "color", value.color === null ? null : quoted(value.color));
  made = withArgument(made, "option", "inactive", value.active ? null : "true");
  return place === null ? made : withArgument(made, "option", "place", String(place));
}

/** The text with these values. Of a picklist of the program only what differs is stated. */
export function withDesign(
  text: string,
  name: string,
  live: readonly LiveValue[],
  values: readonly ValueDesign[],
): string {
  const known = new Map(membersOf(text, name).map((one) => [one.name, one]));
  if (isOwn(text, name))
    return withValues(
      text,
      name,
      values.map((value) => {
        // The order is that of the text; a place that was given before would count before it.
        const before = known.get(value.name);
        return member(value, before && withArgument(before, "option", "place", null), null);
      }),
    );
  const usual = live.map((one) => one.name).join();
  const sorted =
    values.map((one) => one.name).join() !==
    [usual, ...values.slice(live.length).map((one) => one.name)].filter(Boolean).join();
  const stated = values.flatMap((value, place) => {
    const told = live.find((one) => one.name === value.name);
    const same =
      told !== undefined &&
      value.zh === (told.labelZh ?? "") &&
      value.en === (told.labelEn ?? "") &&
      value.color === told.color &&
      value.active === told.active;
    if (same && !sorted && !known.has(value.name)) return [];
    const made = member(value, known.get(value.name), sorted ? place + 1 : null);
    // What a text does not state stays as it was: that a value can be chosen again has to be said.
    return [value.active && told?.active === false ? withArgument(made, "option", "inactive", "false") : made];
  });
  return stated.length === 0 ? text : withValues(text, name, stated);
}
