/** How wide texts are in pictures, near enough to make room for them. Pure. */

/** The sizes in which states, moves and what stands below them are written, in pixels. */
export const SIZE = { state: 14, move: 13, small: 11.5 };

/** How wide a text is: Chinese characters are square. */
export const widthOf = (text: string, size: number): number =>
  [...text].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 1 : /[A-Zmw]/.test(sign) ? 0.72 : 0.56), 0) * size;

const LONGEST = 190;

/** A text that is no wider than it may be. */
export function cut(text: string, size: number): string {
  if (widthOf(text, size) <= LONGEST) return text;
  let end = [...text];
  while (end.length > 1 && widthOf(`${end.join("")}…`, size) > LONGEST) end = end.slice(0, -1);
  return `${end.join("")}…`;
}
