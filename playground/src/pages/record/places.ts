/** Which record a link opens, and what stands before and after one. */

/** The record of a link: its list and its id. */
export function recordIn(href: string | null): { plural: string; id: string } | null {
  const [, plural, id] = /^\/o\/([^/?#]+)\/([^/?#]+)$/.exec(href ?? "") ?? [];
  return plural === undefined || id === undefined || id === "new" ? null : { plural, id };
}

/** Where `id` stands among the others, and whether there is anything on either side. */
export interface Place {
  previous: string | null;
  next: string | null;
  /** Whether there may be more behind the last one. */
  more: boolean;
}

export function placeAmong(ids: readonly string[], id: string, more: boolean): Place | null {
  const at = ids.indexOf(id);
  if (at < 0) return null;
  return { previous: ids[at - 1] ?? null, next: ids[at + 1] ?? null, more: more && at === ids.length - 1 };
}
