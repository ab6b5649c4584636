/** Sends decisions and what else is done in approvals; tells what each was refused with. */

import { ask, asked, Offline } from "../../api/transport";
import { decideDocument, delegateDocument, wholeDocument } from "../../fields/approvals";
import { type Decidable, type Payload, type Refusals, refusalsOf, saidOf } from "./refusals";

export type Decision = "APPROVE" | "REJECT" | "RETURN";

/** How many decisions go in one request. */
const MOST = 10;

/** The same goes again under the same key after a lost reply. */
const keys = new Map<string, string>();

async function once<T>(texts: readonly string[], send: (keys: string[]) => Promise<T>): Promise<T> {
  const own = texts.map((text) => {
    const key = keys.get(text) ?? crypto.randomUUID();
    keys.set(text, key);
    return key;
  });
  try {
    const answer = await send(own);
    for (const text of texts) keys.delete(text);
    return answer;
  } catch (error) {
    if (!(error instanceof Offline)) for (const text of texts) keys.delete(text);
    throw error;
  }
}

/** Decides on tasks, each by itself; one after the other of as many as a request takes. */
export async function decide(
  tasks: readonly Decidable[],
  decision: Decision,
  comment: string | null,
): Promise<Refusals> {
  const told = new Map<string, string | null>();
  for (let from = 0; from < tasks.length; from += MOST) {
    const some = tasks.slice(from, from + MOST);
    const texts = some.map(({ id }) => JSON.stringify([id, decision, comment]));
    try {
      const answer = await once(texts, (own) =>
        asked<Record<string, Payload | null>>(
          "/graphql",
          decideDocument(some.map(({ object }) => object)),
          Object.fromEntries([
            ["decision", decision],
            ["comment", comment],
            ...some.flatMap(({ id }, n) => [
              [`t${n}`, id],
              [`k${n}`, own[n]],
            ]),
          ]),
        ),
      );
      for (const [id, refused] of refusalsOf(some, answer.data, answer.failures)) told.set(id, refused);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      for (const { id } of some) told.set(id, reason);
    }
  }
  return told;
}

/** Sends one thing that is done; what it was refused with. */
async function done(document: string, variables: Record<string, unknown>): Promise<string | null> {
  try {
    const { data } = await once([JSON.stringify([document, variables])], ([idempotencyKey]) =>
      ask<{ done: Payload | null }>("/graphql", document, { ...variables, idempotencyKey }),
    );
    return saidOf(data.done?.userErrors ?? []);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Gives a task to another employee. */
export const delegate = ({ id, object }: Decidable, to: string, comment: string | null) =>
  done(delegateDocument(object), { task: id, to, comment });

/** Submits a record by itself, or takes it back. */
export const submitOrWithdraw = (object: string, what: "submit" | "withdraw", id: string, comment: string | null) =>
  done(wholeDocument(object, what), { id, comment });
