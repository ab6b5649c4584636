/** A design as a page takes a layout: what the server would answer, made here so that it is seen before it is stored. */

import type { Column, FieldInfo, Layout, LayoutItem, ObjectInfo } from "../../api/metadata";
import { type ColumnDesign, type Design, type ItemDesign, type LayoutKind, orderInput } from "./design";

/** What is known of another object: its fields, and the columns of its list. */
export interface Target {
  fields: readonly FieldInfo[];
  columns: readonly string[];
}

interface Known {
  object: ObjectInfo;
  targets: ReadonlyMap<string, Target>;
  /** The layout that is live: it says which columns a list has that chooses none. */
  live: Layout | null;
  zh: boolean;
}

const MOST_RELATED = 5;
const MOST_LINES = 8;

const labelled = (zh: string, en: string, chinese: boolean) => (chinese ? zh || en : en || zh) || null;

const inOneCell = ({ type }: FieldInfo) =>
  !["LINES", "INVERSE", "LONG_TEXT", "RICH_TEXT", "JSON", "MANY_TO_MANY"].includes(type);

function columnsOf(design: readonly ColumnDesign[], fields: readonly FieldInfo[]): Column[] {
  return design.flatMap(({ field: name, width }) => {
    const field = fields.find((one) => one.name === name);
    return field === undefined ? [] : [{ name, width, field }];
  });
}

/** The columns of a list within a page; those that the server would choose where nobody has. */
function listColumns(item: ItemDesign, target: Target, by: string | null, live: Layout | null): Column[] {
  if (item.columns.length > 0) return columnsOf(item.columns, target.fields);
  const shown = live?.tabs
    .flatMap(({ sections }) => sections.flatMap(({ items }) => items))
    .find((one) => (one.__typename === "LinesItem" || one.__typename === "RelatedItem") && one.name === item.name);
  if (shown !== undefined && "columns" in shown && shown.columns.length > 0) return shown.columns;
  const usual =
    item.kind === "related"
      ? target.columns.filter((name) => name !== by).slice(0, MOST_RELATED)
      : target.fields
          .filter((field) => inOneCell(field) && (field.writable || field.required))
          .map(({ name }) => name)
          .slice(0, MOST_LINES);
  return columnsOf(
    usual.map((field) => ({ field, width: null })),
    target.fields,
  );
}

function itemsOf(item: ItemDesign, { object, targets, live, zh }: Known): LayoutItem[] {
  switch (item.kind) {
    case "field":
      return object.fields
        .filter(
          ({ name, group, type }) =>
            (name === item.name || group === item.name) && type !== "LINES" && type !== "INVERSE",
        )
        .map((field) => ({
          __typename: "FieldItem",
          name: field.name,
          width: item.width,
          readOnly: item.readOnly,
          field,
        }));
    case "lines":
    case "related": {
      const field = object.fields.find(({ name }) => name === item.name);
      const related = object.relatedLists.find(({ name }) => name === item.name);
      const of = related?.object ?? field?.target;
      const target = of == null ? undefined : targets.get(of);
      if (of == null || target === undefined) return [];
      const label = labelled(item.label, item.labelEn, zh) ?? related?.label ?? field?.label ?? item.name;
      const columns = listColumns(item, target, related?.by ?? null, live);
      return item.kind === "lines"
        ? [{ __typename: "LinesItem", name: item.name, label, object: of, columns }]
        : [{ __typename: "RelatedItem", name: item.name, label, object: of, first: item.first, columns }];
    }
    case "timeline":
      return [{ __typename: "TimelineItem" }];
    case "text": {
      const text = labelled(item.text, item.textEn, zh);
      return text === null ? [] : [{ __typename: "TextItem", text }];
    }
  }
}

export function previewLayout(kind: LayoutKind, design: Design, known: Known): Layout {
  const { object, zh } = known;
  const named = new Set([
    ...design.header,
    ...design.quickFilters,
    ...design.orderBy.map(({ field }) => field),
    ...(design.stateField === null ? [] : [design.stateField]),
  ]);
  const columns = columnsOf(design.columns, object.fields);
  return {
    version: 0,
    columns,
    quickFilters: design.quickFilters,
    orderBy:
      kind === "LIST" && design.orderBy.length > 0 ? (design.orderBy.map(orderInput) as Layout["orderBy"]) : null,
    header: design.header,
    stateField: design.stateField,
    fields: object.fields.filter(({ name }) => named.has(name)),
    tabs: design.tabs.map((tab) => ({
      label: labelled(tab.label, tab.labelEn, zh),
      sections: tab.sections.map((section) => ({
        label: labelled(section.label, section.labelEn, zh),
        columns: section.columns,
        collapsed: section.collapsed,
        items: section.items.flatMap((item) => itemsOf(item, known)),
      })),
    })),
  };
}

/** The other objects whose fields a design shows. */
export function targetsOf(design: Design, object: ObjectInfo): string[] {
  const items = design.tabs.flatMap(({ sections }) => sections.flatMap(({ items }) => items));
  const found = items.flatMap(({ kind, name }) => {
    if (kind !== "lines" && kind !== "related") return [];
    const of =
      object.relatedLists.find((one) => one.name === name)?.object ??
      object.fields.find((one) => one.name === name)?.target;
    return of == null ? [] : [of];
  });
  return [...new Set(found)].sort();
}
