/**
 * Several questions in one request: what a page asks an endpoint in the same moment goes together, and each question
 * gets its own answer or its own fault.
 */

import { aliasOf, documentOf, type Part } from "./part";
import { asked, type Endpoint, Refused } from "./transport";

interface Waiting {
  part: Part;
  done: (answer: unknown) => void;
  failed: (error: unknown) => void;
}

/** Most root fields of one request: records cost reads, what is told of objects does not. */
const MOST: Record<Endpoint, number> = { "/graphql": 8, "/metadata": 20 };

const waiting: Record<Endpoint, Waiting[]> = { "/graphql": [], "/metadata": [] };

async function send(endpoint: Endpoint, batch: readonly Waiting[]) {
  try {
    const { query, variables } = documentOf(batch.map(({ part }) => part));
    const answer = await asked<Record<string, unknown>>(endpoint, query, variables);
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

function flush(endpoint: Endpoint) {
  const all = waiting[endpoint].splice(0);
  for (let from = 0; from < all.length; from += MOST[endpoint])
    void send(endpoint, all.slice(from, from + MOST[endpoint]));
}

/** The answer to one part, asked for with all that are asked in this moment; null where its root is null. */
export function together<T>(part: Part, endpoint: Endpoint = "/graphql"): Promise<T | null> {
  return new Promise((done, failed) => {
    if (waiting[endpoint].length === 0) setTimeout(flush, 0, endpoint);
    waiting[endpoint].push({ part, done: done as (answer: unknown) => void, failed });
  });
}
