/** Who decides a step of an approval, and how many of them. Pure. */

/** Who decides: the holders of a role, all of them or those whose reach holds the record, or whom a path names. */
export type Source = { role: string; reach: boolean } | { path: string };

export function sourceIn(text: string): Source {
  const found = /^role:([\w-]+)(?: \((reach)\))?$/.exec(text);
  return found === null ? { path: text } : { role: found[1]!, reach: found[2] !== undefined };
}

export type Quorum = "any" | "all" | { of: string };

/** How many must agree; what is neither a number nor a share is one of them. */
export const quorumIn = (text: string): Quorum =>
  text === "all" ? "all" : /^\d+(\.\d+)?%?$/.test(text) ? { of: text } : "any";
