/** Which blocks stand on a person's first page, and in which order. Pure. */

export const BLOCKS = ["day", "drafts", "recents", "dashboards"] as const;

export type Block = (typeof BLOCKS)[number];

export interface Arrangement {
  shown: Block[];
  hidden: Block[];
}

/** What was kept, as far as it can be understood; a block that has come since stands at the end. */
export function arrangementOf(kept: unknown): Arrangement {
  const names = (list: unknown) =>
    Array.isArray(list)
      ? BLOCKS.filter((block) => list.includes(block)).sort((a, b) => list.indexOf(a) - list.indexOf(b))
      : [];
  const { shown, hidden } = (kept ?? {}) as { shown?: unknown; hidden?: unknown };
  const first = names(shown);
  const away = names(hidden).filter((block) => !first.includes(block));
  return {
    shown: [...first, ...BLOCKS.filter((block) => !first.includes(block) && !away.includes(block))],
    hidden: away,
  };
}

/** One place up or down. */
export function shifted({ shown, hidden }: Arrangement, block: Block, by: 1 | -1): Arrangement {
  const from = shown.indexOf(block);
  const to = from + by;
  if (from < 0 || to < 0 || to >= shown.length) return { shown, hidden };
  const others = shown.filter((one) => one !== block);
  return { shown: [...others.slice(0, to), block, ...others.slice(to)], hidden };
}

/** Hidden, or shown again at the end. */
export const toggled = ({ shown, hidden }: Arrangement, block: Block): Arrangement =>
  shown.includes(block)
    ? { shown: shown.filter((one) => one !== block), hidden: [...hidden, block] }
    : { shown: [...shown, block], hidden: hidden.filter((one) => one !== block) };
