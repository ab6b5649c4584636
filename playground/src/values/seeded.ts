/**
 * Random values for the tests here, the same ones in each run.
 */

export interface Seeded {
  /** A whole number from 0 and below `end`. */
  below(end: number): number;
  pick<T>(list: ArrayLike<T>): T;
  /** A text of up to `most` of these characters. */
  text(characters: string, most: number): string;
}

/** The generator mulberry32. */
export function seeded(seed: number): Seeded {
  let state = seed;
  const below = (end: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  };
  const pick = <T>(list: ArrayLike<T>) => list[below(list.length)] as T;
  const text = (characters: string, most: number) =>
    Array.from({ length: below(most + 1) }, () => pick([...characters])).join("");
  return { below, pick, text };
}
