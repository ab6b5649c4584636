/**
 * What happens to the records of a list while it is looked at. A record that is there is shown as it is now; what
 * comes or goes is counted, so that nothing moves under the pointer.
 */

import { useEffect, useState } from "react";
import { client } from "../../api/cache";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import { follow } from "../../api/live";
import { changesDocument } from "../../fields/documents";
import type { Row } from "./use-list";

interface Told {
  changed: { kind: string; id: string | null; record: Row | null } | null;
}

/** A list as it is kept, page by page. */
export interface Pages {
  pages: { data: { list: { nodes: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } | null } }[];
}

/** How much has come or gone since the list was asked; `seenAll` starts anew. */
export function useLive(
  object: ObjectSummary | null | undefined,
  fields: readonly FieldInfo[],
  variables: { filter?: unknown; search?: string },
  queryKey: readonly unknown[],
): { news: number; seenAll: () => void } {
  const [news, count] = useState(0);
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    count(0);
    // Words are not followed: events go by the filter alone.
    if (object == null || fields.length === 0 || variables.search !== undefined) return;
    return follow<Told>("/graphql", changesDocument(object, fields), { filter: variables.filter }, ({ changed }) => {
      if (changed === null) return;
      const { record } = changed;
      const shown = { queryKey: [object.name, "list"], type: "active" } as const;
      const held = client
        .getQueriesData<Pages>(shown)
        .some(([, list]) => list?.pages.some(({ data }) => data.list?.nodes.some(({ id }) => id === changed.id)));
      if (changed.kind === "UPDATED" && record !== null && held) {
        client.setQueriesData<Pages>(shown, (before) => before && patched(before, record));
      } else if (held || changed.kind !== "UPDATED") {
        count((before) => before + 1);
      }
    });
  }, [key]);
  return { news, seenAll: () => count(0) };
}

/** The record takes the place of what was there of it; what it says nothing of stays. */
export const patched = (held: Pages, record: Row): Pages => ({
  ...held,
  pages: held.pages.map((page) => ({
    ...page,
    data: {
      list: page.data.list && {
        ...page.data.list,
        nodes: page.data.list.nodes.map((row) =>
          row.id === record.id && row.version <= record.version ? { ...row, ...record } : row,
        ),
      },
    },
  })),
});
