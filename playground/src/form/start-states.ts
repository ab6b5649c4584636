/** The state of a record in forms: moves alone write it once the record is there. Pure. */

import type { FieldInfo, Flow, Layout, LayoutItem, ObjectSummary } from "../api/metadata";

/** Whether a field is the state of a flow. */
export const movedOnly = ({ flow }: ObjectSummary, { name }: FieldInfo) => flow?.field === name;

/** The state of a new record: chosen among those in which it may begin, and not asked for where that is one. */
function begun(item: LayoutItem & { __typename: "FieldItem" }, start: readonly string[]): LayoutItem[] {
  if (start.length < 2) return [];
  const options = item.field.options?.filter(({ name }) => start.includes(name)) ?? null;
  return [{ ...item, field: { ...item.field, options } }];
}

/** The layout of a form, with the state of a flow as it may be given: to a new record, or not at all. */
export function withStates(layout: Layout, flow: Flow | null, isNew: boolean): Layout {
  if (flow === null) return layout;
  const stated = (item: LayoutItem): LayoutItem[] => {
    if (item.__typename !== "FieldItem" || item.name !== flow.field) return [item];
    return isNew ? begun(item, flow.start) : [{ ...item, readOnly: true }];
  };
  const tabs = layout.tabs.map((tab) => ({
    ...tab,
    sections: tab.sections.map((section) => ({ ...section, items: section.items.flatMap(stated) })),
  }));
  return { ...layout, tabs };
}
