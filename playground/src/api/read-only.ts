/**
 * Answers for whoever reads as someone else: what the other person may read is theirs, what they may write is not the
 * reader's. The server refuses it as well; here it is not offered. Pure.
 */

/** What of `may` is reading. */
const READING = ["READ", "PRINT", "EXPORT"];

const NOTHING = { edit: false, delete: false };

/** What `/metadata` says a reader may write, by the name under which it says so. */
const TOLD: Record<string, (value: unknown) => unknown> = {
  may: (value) => (Array.isArray(value) ? value.filter((one) => READING.includes(one as string)) : value),
  writable: (value) => (value === true ? false : value),
  moves: (value) => (Array.isArray(value) ? [] : value),
  mayEdit: (value) => (value === true ? false : value),
};

/** Of records only this is the platform's own: any other name may be a field's. */
const OF_RECORDS: Record<string, (value: unknown) => unknown> = {
  _can: (value) => (value === null ? null : NOTHING),
  _actions: (value) => (value === null ? null : []),
};

function walked(value: unknown, rules: typeof TOLD): unknown {
  if (Array.isArray(value)) return value.map((one) => walked(one, rules));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, rules[key]?.(inner) ?? walked(inner, rules)]),
  );
}

/** An answer of an endpoint in which nothing can be written. */
export const readOnly = <T>(endpoint: string, answer: T): T =>
  walked(answer, endpoint === "/metadata" ? TOLD : OF_RECORDS) as T;
