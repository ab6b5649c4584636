/** A layout as one person has it: what they may not know is not on their page, what is masked is so for them. Pure. */

import type { Column, FieldInfo, Layout, LayoutItem } from "../../api/metadata";

/** What a person is told of objects' fields; null for an object that they may not know. */
export type Told = ReadonlyMap<string, readonly FieldInfo[] | null>;

/** The objects of which a page shows something. */
export const objectsOn = (object: string, layout: Layout): string[] => [
  ...new Set([
    object,
    ...layout.tabs.flatMap(({ sections }) =>
      sections.flatMap(({ items }) => items.flatMap((item) => ("object" in item ? [item.object] : []))),
    ),
  ]),
];

export function seenBy(told: Told, object: string, layout: Layout): Layout {
  const known = (of: string) => new Map((told.get(of) ?? []).map((field) => [field.name, field]));
  const own = known(object);
  const columns = (all: readonly Column[], fields: ReadonlyMap<string, FieldInfo>): Column[] =>
    all.flatMap((column) => {
      const field = fields.get(column.name);
      return field === undefined ? [] : [{ ...column, field }];
    });
  const items = (item: LayoutItem): LayoutItem[] => {
    switch (item.__typename) {
      case "FieldItem": {
        const field = own.get(item.name);
        return field === undefined ? [] : [{ ...item, field }];
      }
      case "LinesItem":
      case "RelatedItem":
        if (!own.has(item.name) || told.get(item.object) == null) return [];
        return [{ ...item, columns: columns(item.columns, known(item.object)) }];
      case "TimelineItem":
        // It would be asked for as oneself.
        return [];
      case "TextItem":
        return [item];
    }
  };
  const ordered = (layout.orderBy ?? []).every((one) => own.has(Object.keys(one)[0]!));
  return {
    ...layout,
    columns: columns(layout.columns, own),
    fields: layout.fields.flatMap(({ name }) => own.get(name) ?? []),
    orderBy: ordered ? layout.orderBy : null,
    tabs: layout.tabs.map((tab) => ({
      ...tab,
      sections: tab.sections.map((section) => ({ ...section, items: section.items.flatMap(items) })),
    })),
  };
}
