/** What a person does about a record, such as a visit: which object that is, told from what the layout shows. */

import { client, objectPage } from "../../api/cache";
import type { ObjectSummary } from "../../api/metadata";
import { itemsOf } from "../../fields/documents";
import type { OpenRecord } from "./use-record";

export interface About {
  plural: string;
  /** The field by which a new one refers to the record. */
  by: string;
}

/**
 * The first list of the page whose records are to be done at a time: they begin at an instant, have a state, no end, and
 * may be made. Null where there is none. It is how the server tells tasks of a day, too.
 */
export async function taskAbout(
  { object, layout }: Pick<OpenRecord, "object" | "layout">,
  objects: readonly ObjectSummary[],
): Promise<About | null> {
  for (const item of itemsOf(layout)) {
    if (item.__typename !== "RelatedItem") continue;
    const by = object.relatedLists.find(({ name }) => name === item.name)?.by;
    const target = objects.find(({ name }) => name === item.object);
    if (by == null || target?.plural == null || !target.may.includes("CREATE")) continue;
    if (target.startField === null || target.endField !== null || target.stateField === null) continue;
    const told = await client.fetchQuery(objectPage(target.name));
    const start = told.object?.fields.find(({ name }) => name === target.startField);
    if (start?.type === "DATE_TIME" && start.writable) return { plural: target.plural, by };
  }
  return null;
}
