/** Operations on many records at once: which are meant, and what is told of them. */

/** The records that an operation is for: a filter, and how many it may find at most. */
export interface Meant {
  filter: Record<string, unknown>;
  atMost: number;
  /** Every record of the object: the filter is empty, and that is meant. */
  all: boolean;
}

/** What came of it. */
export interface Many {
  done: { count: number; userErrors: { message: string; hint: string | null }[] } | null;
}

/** Each refusal once: the same field of forty records is refused for one reason. */
export const reasons = (errors: { message: string; hint: string | null }[]) => [
  ...new Set(errors.map(({ message, hint }) => [message, hint].filter(Boolean).join(" "))),
];
