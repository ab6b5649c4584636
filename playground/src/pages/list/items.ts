/** What stands in the rows of a list, and what each row is known by however they move. */

import type { Row } from "./use-list";

export interface ListGroup {
  key: string;
  label: string;
  count: number;
  sum: Record<string, unknown>;
  /** What the list is asked to show it. */
  filter: Record<string, unknown>;
}

/** A record, the head of a group, or what loads more of it. */
export type Item = Row | { head: ListGroup; open: boolean } | { more: ListGroup; busy: boolean };

export const isRecord = (item: Item | undefined): item is Row => item !== undefined && "id" in item;

/** A record may stand in several groups, in each as a row of its own. */
export function keysOf(items: readonly Item[]): string[] {
  let group = "";
  return items.map((item) => {
    if (isRecord(item)) return `${group}${item.id}`;
    if ("more" in item) return `more ${item.more.key}`;
    group = `${item.head.key} `;
    return `head ${item.head.key}`;
  });
}
