/**
 * Which operation of a document is meant. The editor notices a while after a document has changed what its
 * operations are called; until then it sends the name of one that is gone.
 */

import { getOperationAST, Kind, parse } from "graphql";

export interface Params {
  query: string;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
}

/** What is sent, with the name of the one operation there is. What cannot be parsed is left to the server. */
export function meant(params: Params): Params {
  try {
    const operations = parse(params.query).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    const names = operations.map((operation) => ("name" in operation ? operation.name?.value : undefined));
    if (operations.length !== 1 || names.includes(params.operationName ?? undefined)) return params;
    return { ...params, operationName: names[0] ?? null };
  } catch {
    return params;
  }
}

/** Whether the operation that would run is a subscription. */
export function isSubscription({ query, operationName }: Params): boolean {
  try {
    return getOperationAST(parse(query), operationName ?? undefined)?.operation === "subscription";
  } catch {
    return false;
  }
}
