/**
 * What this page has saved, version by version: a change that was made over an earlier version is no conflict with
 * one's own later save. What others have saved in between is never passed over.
 */

/** The version that a save over a version of a record has made. */
const made = new Map<string, number>();

/**
 * The version that a save over `over` has made. One that was sent again after a lost answer is answered with the record
 * of that moment, which others may have changed by then; its own version is the next one.
 */
export const versionMade = (over: number, answered: number, repeated: boolean): number =>
  repeated ? Math.min(answered, over + 1) : answered;

export function ownSave(id: string, over: number, version: number): void {
  if (version > over) made.set(`${id} ${over}`, version);
}

/** The version to change a record over that was seen as `seen`: as far as each version after it is one's own. */
export function versionOf(id: string, seen: number): number {
  for (let version = seen; ; ) {
    const next = made.get(`${id} ${version}`);
    if (next === undefined) return version;
    version = next;
  }
}
