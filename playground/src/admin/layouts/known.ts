/** What the designer knows of the object: its fields, groups and lists, and the objects that its lists show. */

import { useMemo } from "react";
import { useQueries } from "@tanstack/react-query";
import { objectPage } from "../../api/cache";
import type { FieldInfo, Layout, ObjectInfo } from "../../api/metadata";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import { useLang } from "../../texts";
import type { Design, ItemDesign, ItemKind, LayoutKind } from "./design";
import { newItem, placedNames } from "./design";
import { previewLayout, type Target, targetsOf } from "./preview";

export interface Group {
  name: string;
  label: string;
  fields: string[];
}

/** What the palette offers. */
export interface Offer {
  /** `field code`, `timeline`. */
  key: string;
  label: string;
  list: boolean;
}

export interface Known {
  object: ObjectInfo;
  labelOf: (item: ItemDesign) => string;
  fieldsOf: (item: ItemDesign) => readonly FieldInfo[];
  offers: Offer[];
  /** The design as a page takes it. */
  layout: Layout;
}

const NO_FIELDS: readonly FieldInfo[] = [];

/** The item of an offer. */
export function offered(key: string): ItemDesign {
  const [kind = "field", name = ""] = key.split(" ");
  return newItem(kind as ItemKind, name);
}

export function useKnown(
  object: ObjectInfo,
  groups: readonly Group[],
  kind: LayoutKind,
  design: Design,
  live: Layout | null,
): Known {
  const a = useArea(layouts);
  const zh = useLang() === "zh";
  const names = useMemo(() => targetsOf(design, object), [design, object]);
  const targets = useQueries({
    queries: names.map((name) => objectPage(name)),
    combine: (answers) =>
      new Map(
        answers.flatMap(({ data }): [string, Target][] =>
          data?.object == null
            ? []
            : [
                [
                  data.object.name,
                  { fields: data.object.fields, columns: data.list?.columns.map(({ name }) => name) ?? [] },
                ],
              ],
        ),
      ),
  });
  return useMemo(() => {
    const fields = new Map(object.fields.map((field) => [field.name, field]));
    const lists = new Map(object.relatedLists.map((list) => [list.name, list]));
    const grouped = new Map(groups.map((group) => [group.name, group]));
    const placed = placedNames(design);
    const offers = [
      ...object.fields
        .filter(({ type, group }) => type !== "LINES" && type !== "INVERSE" && (group === null || !placed.has(group)))
        .map(({ name, label, group }) => {
          const within = group === null ? undefined : grouped.get(group)?.label;
          return { key: `field ${name}`, label: within === undefined ? label : `${within}: ${label}`, list: false };
        }),
      ...groups.map(({ name, label }) => ({ key: `field ${name}`, label: `${label} …`, list: false })),
      ...object.fields
        .filter(({ type }) => type === "LINES")
        .map(({ name, label }) => ({ key: `lines ${name}`, label, list: true })),
      ...(kind === "DETAIL"
        ? [
            ...object.relatedLists.map(({ name, label }) => ({ key: `related ${name}`, label, list: true })),
            { key: "timeline", label: a.timeline, list: true },
          ]
        : []),
    ];
    return {
      object,
      labelOf: (item: ItemDesign) => {
        if (item.kind === "timeline") return a.timeline;
        if (item.kind === "text") return (zh ? item.text || item.textEn : item.textEn || item.text) || a.text;
        const own = zh ? item.label || item.labelEn : item.labelEn || item.label;
        const known = lists.get(item.name) ?? fields.get(item.name) ?? grouped.get(item.name);
        return own || known?.label || item.name;
      },
      fieldsOf: (item: ItemDesign) => {
        const of = lists.get(item.name)?.object ?? fields.get(item.name)?.target;
        return (of == null ? undefined : targets.get(of)?.fields) ?? NO_FIELDS;
      },
      offers: offers.filter(({ key }) => !placed.has(key.split(" ")[1] ?? key)),
      layout: previewLayout(kind, design, { object, targets, live, zh }),
    };
  }, [object, groups, kind, design, live, targets, zh, a]);
}
