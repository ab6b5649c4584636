/** Where keys lead among the tasks of the inbox, and which of them are meant. Pure. */

interface Row {
  id: string;
  mine: boolean;
}

/** The row after a step of so many from the one that is current; the first or last one where none is. */
export function stepped(rows: readonly Row[], current: string | null, by: number): string | null {
  const place = rows.findIndex(({ id }) => id === current);
  const next = place < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, place + by));
  return rows[next]?.id ?? null;
}

/** The row that is current once another list has come: the same one, else what now stands in its place. */
export function stays(rows: readonly Row[], before: readonly Row[], current: string | null): string | null {
  if (current === null || rows.some(({ id }) => id === current)) return current;
  const place = before.findIndex(({ id }) => id === current);
  return rows[Math.min(Math.max(0, place), rows.length - 1)]?.id ?? null;
}

/** The tasks that are approved: those that are ticked, else the current one. */
export function meant<T extends Row>(rows: readonly T[], ticked: ReadonlySet<string>, current: string | null): T[] {
  const mine = rows.filter((row) => row.mine);
  const chosen = mine.filter(({ id }) => ticked.has(id));
  return chosen.length > 0 ? chosen : mine.filter(({ id }) => id === current);
}
