/**
 * Several questions in one request: each page's charts and lists that are asked in the same moment go together, and
 * each gets its own answer or its own fault.
 */

import { aliasOf, documentOf, type Part } from "./part";
import { asked, Refused } from "./transport";

interface Waiting {
  part: Part;
  done: (answer: unknown) => void;
  failed: (error: unknown) => void;
}

/** Most root fields of one request. */
const MOST = 8;

let waiting: Waiting[] = [];

async function send(batch: readonly Waiting[]) {
  try {
    const { query, variables } = documentOf(batch.map(({ part }) => part));
    const answer = await asked<Record<string, unknown>>("/graphql", query, variables);
    batch.forEach(({ done, failed }, place) => {
      const alias = aliasOf(place);
      const own = answer.failures.filter(({ path }) => path === undefined || path[0] === alias);
      if (own.length > 0) failed(new Refused(own, 200, answer.requestId));
      else done(answer.data?.[alias] ?? null);
    });
  } catch (error) {
    for (const { failed } of batch) failed(error);
  }
}

function flush() {
  const all = waiting;
  waiting = [];
  for (let from = 0; from < all.length; from += MOST) void send(all.slice(from, from + MOST));
}

/** The answer to one part, asked for with all that are asked in this moment; null where its root is null. */
export function together<T>(part: Part): Promise<T | null> {
  return new Promise((done, failed) => {
    if (waiting.length === 0) setTimeout(flush, 0);
    waiting.push({ part, done: done as (answer: unknown) => void, failed });
  });
}
