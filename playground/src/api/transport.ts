/**
 * Requests to both endpoints: what was refused as an error, the fingerprint of what `/metadata` told, and a
 * sign-in that has ended. Knows no documents and no pages.
 */

import { account, type Failure, request } from "../signin/session";
import { viewedAs } from "../signin/viewing";
import { readOnly } from "./read-only";

export type Endpoint = "/graphql" | "/metadata";

/** What a request was refused with. */
export class Refused extends Error {
  constructor(
    readonly failures: Failure[],
    readonly status: number,
    readonly requestId: string | null,
  ) {
    super(failures[0]?.message ?? `HTTP ${status}`);
  }

  get code(): string | undefined {
    return this.failures[0]?.extensions?.code;
  }

  get hint(): string | undefined {
    return this.failures[0]?.extensions?.hint;
  }
}

/** The server cannot be reached. */
export class Offline extends Error {}

export interface Answer<T> {
  data: T;
  extensions: { left?: unknown[]; more?: string[][]; cost?: { reads?: { left?: number } } };
}

let fingerprint: string | null = null;
const stale = new Set<() => void>();
const ended = new Set<() => void>();

/** Calls back when what `/metadata` told is stale. */
export function onStale(listener: () => void): () => void {
  stale.add(listener);
  return () => stale.delete(listener);
}

/** Calls back when the sign-in is over. */
export function onEnded(listener: () => void): () => void {
  ended.add(listener);
  return () => ended.delete(listener);
}

/** Notes a fingerprint; another one makes what was kept stale. */
export function seen(next: string | null) {
  if (next === null || next === fingerprint) return;
  const first = fingerprint === null;
  fingerprint = next;
  if (!first) for (const listener of stale) listener();
}

/** The next fingerprint is the first one: another person has signed in. */
export function forgetFingerprint() {
  fingerprint = null;
}

async function sent(endpoint: Endpoint, body: unknown, as: string | null): Promise<Response> {
  try {
    return await request(endpoint, body, as === null ? {} : { "X-Tradewind-View-As": as });
  } catch {
    throw new Offline("offline");
  }
}

/** What came back, with what of it failed. */
export interface Told<T> {
  data: T | null;
  failures: Failure[];
  extensions: Answer<T>["extensions"];
  status: number;
  requestId: string | null;
}

/** Sends one operation whose roots may fail alone, read as whom this tab reads as, or as another account. */
export async function asked<T>(
  endpoint: Endpoint,
  query: string,
  variables: Record<string, unknown> = {},
  other: string | null = null,
): Promise<Told<T>> {
  const as = other ?? viewedAs();
  const response = await sent(endpoint, { query, variables }, as);
  const requestId = response.headers.get("X-Request-Id");
  let body: { data?: T | null; errors?: Failure[]; extensions?: Answer<T>["extensions"] };
  try {
    body = await response.json();
  } catch {
    throw new Refused([], response.status, requestId);
  }
  if (response.status === 401) {
    for (const listener of ended) listener();
    throw new Refused(body.errors ?? [], response.status, requestId);
  }
  // What another person is told is no news of one's own.
  if (account() !== null && other === null) seen(response.headers.get("X-Tradewind-Fingerprint"));
  const failures = body.errors ?? [];
  const told = body.data ?? null;
  const data = told === null || as === null ? told : readOnly(endpoint, told);
  return { data, failures, extensions: body.extensions ?? {}, status: response.status, requestId };
}

/** Sends one operation; an answer with anything refused is a refusal. */
export async function ask<T>(
  endpoint: Endpoint,
  query: string,
  variables: Record<string, unknown> = {},
  other: string | null = null,
): Promise<Answer<T>> {
  const { data, failures, extensions, status, requestId } = await asked<T>(endpoint, query, variables, other);
  if (failures.length > 0) throw new Refused(failures, status, requestId);
  return { data: data as T, extensions };
}
