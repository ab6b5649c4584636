/** Steps on a design: something is added, moved, changed or taken out. Each makes another design; the old one stays. */

import { type Design, type ItemDesign, newTab, type SectionDesign, type TabDesign } from "./design";

export const sectionsOf = (design: Design) => design.tabs.flatMap(({ sections }) => sections);

const inSections = (design: Design, change: (section: SectionDesign) => SectionDesign): Design => ({
  ...design,
  tabs: design.tabs.map((tab) => ({ ...tab, sections: tab.sections.map(change) })),
});

/** A list with one of its members elsewhere; `to` counts without it. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, place) => place !== from);
  const at = Math.max(0, Math.min(rest.length, to));
  return [...rest.slice(0, at), list[from]!, ...rest.slice(at)];
}

/** Where a member is put when it is dropped before the one at `to`, which counts with it. */
export const dropAt = (from: number, to: number) => (from < to ? to - 1 : to);

const inserted = <T>(list: readonly T[], at: number, one: T) => [...list.slice(0, at), one, ...list.slice(at)];

export function findItem(design: Design, id: number) {
  for (const section of sectionsOf(design)) {
    const place = section.items.findIndex((item) => item.id === id);
    if (place >= 0) return { section, place, item: section.items[place]! };
  }
  return null;
}

export function addItem(design: Design, section: number, item: ItemDesign, at?: number): Design {
  return inSections(design, (one) =>
    one.id === section ? { ...one, items: inserted(one.items, at ?? one.items.length, item) } : one,
  );
}

export const changeItem = (design: Design, id: number, more: Partial<ItemDesign>): Design =>
  inSections(design, (section) =>
    section.items.some((item) => item.id === id)
      ? { ...section, items: section.items.map((item) => (item.id === id ? { ...item, ...more } : item)) }
      : section,
  );

export const removeItem = (design: Design, id: number): Design =>
  inSections(design, (section) => ({ ...section, items: section.items.filter((item) => item.id !== id) }));

/** Puts an item before the one at `to` of a section, as they stand now. */
export function moveItem(design: Design, id: number, section: number, to: number): Design {
  const found = findItem(design, id);
  if (found === null) return design;
  if (found.section.id === section) {
    const items = moved(found.section.items, found.place, dropAt(found.place, to));
    return inSections(design, (one) => (one.id === section ? { ...one, items } : one));
  }
  return addItem(removeItem(design, id), section, found.item, to);
}

/** One place on, or back; past the end of its section into the next one. */
export function stepItem(design: Design, id: number, by: 1 | -1): Design {
  const found = findItem(design, id);
  if (found === null) return design;
  const to = found.place + by;
  if (to >= 0 && to < found.section.items.length) return moveItem(design, id, found.section.id, by === 1 ? to + 1 : to);
  const all = sectionsOf(design);
  const other = all[all.findIndex(({ id: one }) => one === found.section.id) + by];
  return other === undefined ? design : moveItem(design, id, other.id, by === 1 ? 0 : other.items.length);
}

export const changeSection = (design: Design, id: number, more: Partial<SectionDesign>): Design =>
  inSections(design, (section) => (section.id === id ? { ...section, ...more } : section));

export const addSection = (design: Design, tab: number, section: SectionDesign): Design => ({
  ...design,
  tabs: design.tabs.map((one) => (one.id === tab ? { ...one, sections: [...one.sections, section] } : one)),
});

export const removeSection = (design: Design, id: number): Design => ({
  ...design,
  tabs: design.tabs.map((tab) => ({ ...tab, sections: tab.sections.filter((section) => section.id !== id) })),
});

/** Puts a section before the one at `to` of a tab, as they stand now. */
export function moveSection(design: Design, id: number, tab: number, to: number): Design {
  const from = design.tabs.find(({ sections }) => sections.some((section) => section.id === id));
  if (from === undefined) return design;
  const place = from.sections.findIndex((section) => section.id === id);
  const section = from.sections[place]!;
  const at = from.id === tab ? dropAt(place, to) : to;
  const tabs = removeSection(design, id).tabs.map((one) =>
    one.id === tab ? { ...one, sections: inserted(one.sections, Math.max(0, at), section) } : one,
  );
  return { ...design, tabs };
}

/** One place on, or back; past the end of its tab into the next one. */
export function stepSection(design: Design, id: number, by: 1 | -1): Design {
  const at = design.tabs.findIndex(({ sections }) => sections.some((section) => section.id === id));
  const tab = design.tabs[at];
  if (tab === undefined) return design;
  const to = tab.sections.findIndex((section) => section.id === id) + by;
  if (to >= 0 && to < tab.sections.length) return moveSection(design, id, tab.id, by === 1 ? to + 1 : to);
  const other = design.tabs[at + by];
  return other === undefined ? design : moveSection(design, id, other.id, by === 1 ? 0 : other.sections.length);
}

export const changeTab = (design: Design, id: number, more: Partial<TabDesign>): Design => ({
  ...design,
  tabs: design.tabs.map((tab) => (tab.id === id ? { ...tab, ...more } : tab)),
});

export const addTab = (design: Design, tab: TabDesign = newTab()): Design => ({
  ...design,
  tabs: [...design.tabs, tab],
});

export const removeTab = (design: Design, id: number): Design => ({
  ...design,
  tabs: design.tabs.filter((tab) => tab.id !== id),
});

export function stepTab(design: Design, id: number, by: 1 | -1): Design {
  const place = design.tabs.findIndex((tab) => tab.id === id);
  const to = place + by;
  if (place < 0 || to < 0 || to >= design.tabs.length) return design;
  return { ...design, tabs: moved(design.tabs, place, to) };
}
