/** A menu as it is designed: groups of entries, read from its text and given to the server by its parts. Pure. */

import { readToml, type Table, type Toml } from "../../values/toml";
import { dropAt, moved } from "../layouts/steps";

export interface EntryDesign {
  id: number;
  /** The object whose list it leads to; none where it leads to a place. */
  object: string | null;
  path: string | null;
  label: string;
  labelEn: string;
  icon: string;
}

export interface GroupDesign {
  id: number;
  label: string;
  labelEn: string;
  entries: EntryDesign[];
}

export type MenuDesign = GroupDesign[];

let last = 0;
const next = () => ++last;

const text = (value: Toml | undefined) => (typeof value === "string" ? value : "");
const list = (value: Toml | undefined): Toml[] => (Array.isArray(value) ? value : []);

export const newEntry = (more: Partial<EntryDesign>): EntryDesign => ({
  id: next(),
  object: null,
  path: null,
  label: "",
  labelEn: "",
  icon: "",
  ...more,
});

export const newGroup = (more: Partial<GroupDesign> = {}): GroupDesign => ({
  id: next(),
  label: "",
  labelEn: "",
  entries: [],
  ...more,
});

function entry(value: Toml): EntryDesign {
  if (typeof value === "string") return newEntry({ object: value });
  const table = value as Table;
  return newEntry({
    object: text(table.object) || null,
    path: text(table.path) || null,
    label: text(table.label),
    labelEn: text(table.label_en),
    icon: text(table.icon),
  });
}

export function readMenu(definition: string): MenuDesign {
  return list(readToml(definition).table.groups).map((value) => {
    const group = value as Table;
    return newGroup({
      label: text(group.label),
      labelEn: text(group.label_en),
      entries: list(group.entries).map(entry),
    });
  });
}

const given = (value: string | null) => (value === null || value.trim() === "" ? undefined : value.trim());

/** What `setMenus` takes. */
export const menuInput = (design: MenuDesign) =>
  design.map(({ label, labelEn, entries }) => ({
    label: given(label),
    labelEn: given(labelEn),
    entries: entries.map((one) => ({
      object: given(one.object),
      path: given(one.path),
      label: given(one.label),
      labelEn: given(one.labelEn),
      icon: given(one.icon),
    })),
  }));

/** Which entry stands on each line of the text that the server writes of a menu. */
export function linesOf(design: MenuDesign): Map<number, number> {
  const lines = new Map<number, number>();
  let at = 1;
  for (const group of design) {
    // An empty line and the heading of the group.
    at += 2;
    if (given(group.label) !== undefined) at += 1;
    if (given(group.labelEn) !== undefined) at += 1;
    if (group.entries.length === 0) continue;
    at += 1;
    for (const { id } of group.entries) lines.set(++at, id);
    at += 1;
  }
  return lines;
}

export function findEntry(design: MenuDesign, id: number) {
  for (const group of design) {
    const place = group.entries.findIndex((one) => one.id === id);
    if (place >= 0) return { group, place, entry: group.entries[place]! };
  }
  return null;
}

export const changeGroup = (design: MenuDesign, id: number, more: Partial<GroupDesign>): MenuDesign =>
  design.map((group) => (group.id === id ? { ...group, ...more } : group));

export const changeEntry = (design: MenuDesign, id: number, more: Partial<EntryDesign>): MenuDesign =>
  design.map((group) => ({
    ...group,
    entries: group.entries.map((one) => (one.id === id ? { ...one, ...more } : one)),
  }));

export const removeEntry = (design: MenuDesign, id: number): MenuDesign =>
  design.map((group) => ({ ...group, entries: group.entries.filter((one) => one.id !== id) }));

export function addEntry(design: MenuDesign, group: number, one: EntryDesign, at?: number): MenuDesign {
  return design.map((known) => {
    if (known.id !== group) return known;
    const place = at ?? known.entries.length;
    return { ...known, entries: [...known.entries.slice(0, place), one, ...known.entries.slice(place)] };
  });
}

/** Puts an entry before the one at `to` of a group, as they stand now. */
export function moveEntry(design: MenuDesign, id: number, group: number, to: number): MenuDesign {
  const found = findEntry(design, id);
  if (found === null) return design;
  if (found.group.id === group)
    return changeGroup(design, group, { entries: moved(found.group.entries, found.place, dropAt(found.place, to)) });
  return addEntry(removeEntry(design, id), group, found.entry, to);
}

/** One place on, or back; past the end of its group into the next one. */
export function stepEntry(design: MenuDesign, id: number, by: 1 | -1): MenuDesign {
  const found = findEntry(design, id);
  if (found === null) return design;
  const to = found.place + by;
  if (to >= 0 && to < found.group.entries.length) return moveEntry(design, id, found.group.id, by === 1 ? to + 1 : to);
  const other = design[design.indexOf(found.group) + by];
  return other === undefined ? design : moveEntry(design, id, other.id, by === 1 ? 0 : other.entries.length);
}

/** Puts a group before the one at `to`, as they stand now. */
export function moveGroup(design: MenuDesign, id: number, to: number): MenuDesign {
  const from = design.findIndex((group) => group.id === id);
  return from < 0 ? design : moved(design, from, dropAt(from, to));
}

export function stepGroup(design: MenuDesign, id: number, by: 1 | -1): MenuDesign {
  const from = design.findIndex((group) => group.id === id);
  const to = from + by;
  return from < 0 || to < 0 || to >= design.length ? design : moved(design, from, to);
}
