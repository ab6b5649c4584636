/** Steps in rows: those of one group that follow each other run side by side. */

export function sideBySide<T extends { group: string | null }>(steps: readonly T[]): T[][] {
  const rows: T[][] = [];
  let last: string | null = null;
  for (const step of steps) {
    if (step.group !== null && step.group === last) rows.at(-1)!.push(step);
    else rows.push([step]);
    last = step.group;
  }
  return rows;
}
