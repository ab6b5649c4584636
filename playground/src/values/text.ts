/**
 * Text as it is compared and abbreviated: what counts as the same when somebody searches, the half-width form of what
 * a Chinese keyboard types, and the sign that stands for a name.
 */

/**
 * Full-width letters, digits and signs as half-width ones, and the minus of typesetters as a hyphen. Unlike NFKC it
 * leaves other characters alone, so that `5²` never becomes 52.
 */
export function halfWidth(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, " ")
    .replace(/\uFFE5/g, "¥")
    .replace(/\u2212/g, "-");
}

/** The form in which texts are compared. */
export function normalise(text: string): string {
  return text.normalize("NFKC").toLowerCase().trim();
}

/** Whether each word of a text is contained in some key. No words match anything. */
export function matches(keys: readonly string[], text: string): boolean {
  const words = normalise(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const normal = keys.map(normalise);
  return words.every((word) => normal.some((key) => key.includes(word)));
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What a reader takes for the first character, for an avatar; empty if there is none. */
export function initial(text: string): string {
  for (const { segment } of graphemes.segment(text.trim())) return segment;
  return "";
}
