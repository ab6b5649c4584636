/**
 * What is pasted, without what our policy refuses and nobody asked for: styles of other programs, scripts, comments.
 * What else of it is no part of a rich text, the editor leaves out itself.
 */

const GONE =
  /<(script|style|template|iframe|object|noscript|xml|o:p)\b[^>]*>[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->|<(link|meta|base)\b[^>]*>/gi;
const STYLES = /(<[a-z][^<>]*?)\s(style|class|on\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi;

export function unstyled(html: string): string {
  let text = html.replace(GONE, "");
  // One attribute of each element a round: an element may have several.
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(STYLES, "$1");
  }
  return text;
}
