/** What several decisions of one request were refused with, each by itself. Pure. */

import type { ApprovalTask } from "../../api/approvals";
import type { UserError } from "../../form/use-draft";
import type { Failure } from "../../signin/session";

export type Decidable = Pick<ApprovalTask, "id" | "object">;

export interface Payload {
  userErrors: UserError[];
}

/** What complaints say, each once. */
export const saidOf = (errors: readonly Pick<UserError, "message" | "hint">[]): string | null =>
  errors.length === 0
    ? null
    : [...new Set(errors.map(({ message, hint }) => (hint == null ? message : `${message} (${hint})`)))].join(" ");

/** By task: what its decision was refused with; null where it was taken. */
export type Refusals = ReadonlyMap<string, string | null>;

/** What the roots of one answer come to, by task. A fault of the whole request is one of each task. */
export function refusalsOf(
  tasks: readonly Decidable[],
  data: Record<string, Payload | null> | null,
  failures: readonly Failure[],
): Refusals {
  return new Map(
    tasks.map(({ id }, place) => {
      const alias = `d${place}`;
      const wrong = failures.filter(({ path }) => path === undefined || path[0] === alias);
      const hinted = wrong.map(({ message, extensions }) => ({ message, hint: extensions?.hint ?? null }));
      return [id, saidOf([...hinted, ...(data?.[alias]?.userErrors ?? [])])];
    }),
  );
}
