/**
 * The records before and after one, as they stood where it was opened: in the list with its question, in a column, in
 * a related list. Kept in memory for as long as the page is open.
 */

import { InfiniteQueryObserver, type InfiniteQueryObserverOptions } from "@tanstack/react-query";
import { client } from "../../api/cache";
import type { Shell } from "../../api/metadata";
import { type Place, placeAmong, recordIn } from "./places";

interface Walk {
  plural: string;
  ids: () => string[];
  /** Reads on behind the last one; false where there is nothing. */
  more: () => Promise<boolean>;
}

interface ListPages {
  pages: { data: { list: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean } } | null } }[];
}

let walk: Walk | null = null;

/** The list that shows a record, by what is kept of it: all that has been read, not only what is in view. */
function listWalk(plural: string, id: string): Walk | null {
  const object = client.getQueryData<Shell>(["meta", "shell"])?.objects.find((one) => one.plural === plural)?.name;
  if (object === undefined) return null;
  const idsOf = (data: unknown) =>
    ((data as ListPages | undefined)?.pages ?? []).flatMap(
      ({ data: { list } }) => list?.nodes.map((one) => one.id) ?? [],
    );
  const query = client
    .getQueryCache()
    .findAll({ queryKey: [object, "list"], type: "active" })
    .find(({ state }) => idsOf(state.data).includes(id));
  if (query === undefined) return null;
  const hasMore = () =>
    (query.state.data as ListPages | undefined)?.pages.at(-1)?.data.list?.pageInfo.hasNextPage === true;
  return {
    plural,
    ids: () => idsOf(query.state.data),
    more: async () => {
      if (!hasMore()) return false;
      await new InfiniteQueryObserver(client, query.options as InfiniteQueryObserverOptions).fetchNextPage();
      return true;
    },
  };
}

/** The links to records of the same object around an element, in their order. */
function linkedWalk(plural: string, id: string, from: Element): Walk | null {
  const around = from.closest("table, ul, ol, dl, section, [role=region]");
  const ids = [...(around?.querySelectorAll("a[href]") ?? [])].flatMap((link) => {
    const record = recordIn(link.getAttribute("href"));
    return record?.plural === plural ? [record.id] : [];
  });
  const once = [...new Set(ids)];
  return once.includes(id) ? { plural, ids: () => once, more: async () => false } : null;
}

/** Notes among which records one is opened. */
export function remember(plural: string, id: string, from: Element) {
  const inDialog = from.closest("[role=dialog]") !== null;
  const inTable = from.closest("table, [role=region]") !== null;
  const next = (!inDialog && inTable ? listWalk(plural, id) : null) ?? linkedWalk(plural, id, from);
  // A link that stands alone, as the one from the side to the page, leaves its record among those it was found with.
  if ((next?.ids().length ?? 0) < 2 && walk?.plural === plural && walk.ids().includes(id)) return;
  walk = next;
}

/** Among which records one was opened last; given back, they are so again. */
export const remembered = () => walk;
export const recall = (before: ReturnType<typeof remembered>) => void (walk = before);

export const neighboursOf = (plural: string, id: string): Place | null =>
  walk?.plural === plural ? placeAmong(walk.ids(), id, true) : null;

/** The record before or after, read on for where the list has more. */
export async function neighbour(plural: string, id: string, by: -1 | 1): Promise<string | null> {
  if (walk?.plural !== plural) return null;
  const found = () => walk!.ids()[walk!.ids().indexOf(id) + by] ?? null;
  if (walk.ids().indexOf(id) < 0) return null;
  if (by === 1 && found() === null) await walk.more().catch(() => false);
  return found();
}
