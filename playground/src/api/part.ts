/** Root fields that are written into one document with others. Pure. */

/** A root field of a document, with the variables it names. */
export interface Part {
  variables: Record<string, { type: string; value: unknown }>;
  /** The root field without alias; `variable` tells what a variable is called in the whole document. */
  write: (variable: (name: string) => string) => string;
  /** The fragments that it names; several parts may have the same. */
  fragments?: readonly string[];
}

/** What the answer of a part is called. */
export const aliasOf = (place: number) => String.fromCharCode(97 + place);

/** The document of several parts, and its variables: `$filter` of the second part is `$b_filter`. */
export function documentOf(parts: readonly Part[]): { query: string; variables: Record<string, unknown> } {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const roots = parts.map((part, place) => {
    const alias = aliasOf(place);
    for (const [name, { type, value }] of Object.entries(part.variables)) {
      declared.push(`$${alias}_${name}: ${type}`);
      if (value !== undefined) variables[`${alias}_${name}`] = value;
    }
    return `  ${alias}: ${part.write((name) => `$${alias}_${name}`)}`;
  });
  const head = declared.length === 0 ? "" : `(${declared.join(", ")})`;
  const fragments = [...new Set(parts.flatMap((part) => part.fragments ?? []))];
  return { query: [`query Together${head} {\n${roots.join("\n")}\n}`, ...fragments].join("\n"), variables };
}
