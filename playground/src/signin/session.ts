/**
 * Sign-in: the access token, its renewal and requests that carry it. Shared by the console and GraphiQL.
 *
 * The access token lives in memory only. The refresh token is a cookie that no script reads, so all tabs share
 * one sign-in; `localStorage` has the account's name alone, which tells the other tabs who is signed in.
 */

import { forgetViewing } from "./viewing";

export type Lang = "en" | "zh";

interface Tokens {
  accessToken: string;
  expiresIn: number;
}

/** What a request was refused with, for people. */
export interface Failure {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: string; hint?: string };
}

const ACCOUNT = "tradewind:account";
const LANG = "tradewind:lang";
/** Renew this long before the token runs out, in milliseconds. */
const MARGIN = 30_000;

let access: { token: string; until: number } | null = null;
let renewing: Promise<boolean> | null = null;
let lang: Lang = initialLang();
const listeners = new Set<() => void>();

function initialLang(): Lang {
  const kept = localStorage.getItem(LANG);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** Calls back whenever someone signs in or out or the language changes. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed() {
  for (const listener of listeners) listener();
}

export const currentLang = () => lang;

export function setLang(next: Lang) {
  lang = next;
  localStorage.setItem(LANG, next);
  changed();
}

/** The account signed in, or null. */
export const account = () => (over ? null : localStorage.getItem(ACCOUNT));

/** Who was signed in here, also where their sign-in has ended meanwhile. */
export const knownAccount = () => localStorage.getItem(ACCOUNT);

/** Whether the sign-in has ended and may be renewed by a password. */
export const isOver = () => over;

/** Whether the sign-in has ended here; the other tabs find out by themselves. */
let over = false;

const elsewhere = new Set<() => void>();

/** Calls back when another tab has signed someone else in, or out. */
export function onElsewhere(listener: () => void): () => void {
  elsewhere.add(listener);
  return () => elsewhere.delete(listener);
}

// What another tab has signed in is not who this one's token is of.
addEventListener("storage", ({ key, oldValue, newValue }) => {
  if (key !== ACCOUNT || oldValue === newValue) return;
  access = null;
  over = false;
  forgetViewing();
  for (const listener of elsewhere) listener();
  changed();
});

function keep(tokens: Tokens) {
  access = { token: tokens.accessToken, until: Date.now() + tokens.expiresIn * 1000 };
}

function entered(name: string) {
  over = false;
  // Another person begins as themselves; whoever has only renewed their sign-in goes on.
  if (knownAccount() !== name) forgetViewing();
  localStorage.setItem(ACCOUNT, name);
  changed();
}

function forget() {
  access = null;
  forgetViewing();
  localStorage.removeItem(ACCOUNT);
  changed();
}

function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(path, {
    method: "POST",
    // The cookie is for the addresses of sign-in alone.
    credentials: path.startsWith("/auth/") ? "same-origin" : "omit",
    headers: {
      Accept: "application/graphql-response+json, application/json;q=0.9",
      "Accept-Language": lang === "zh" ? "zh-CN" : "en",
      "Content-Type": "application/json",
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

async function failure(response: Response): Promise<string> {
  try {
    const { errors } = (await response.json()) as { errors: Failure[] };
    const first = errors[0]!;
    return [first.message, first.extensions?.hint].filter(Boolean).join(" — ");
  } catch {
    return `HTTP ${response.status}`;
  }
}

/** Signs in, also beyond the end of the browser if asked to `stay`; the answer is null or what went wrong. */
export async function signIn(name: string, password: string, stay = false): Promise<string | null> {
  try {
    const response = await post("/auth/login", { account: name, password, cookie: true, stay });
    if (!response.ok) return await failure(response);
    keep((await response.json()) as Tokens);
    entered(name);
    return null;
  } catch (error) {
    return String(error);
  }
}

/** Sets the password by a one-time link and signs in; the answer is null or what went wrong, for people. */
export async function setPassword(token: string, password: string): Promise<string | null> {
  try {
    const response = await post("/auth/password", { token, password, cookie: true });
    if (!response.ok) return await failure(response);
    keep((await response.json()) as Tokens);
    // The link is used up: from here on nothing may fail.
    entered(await nameOfAccount());
    return null;
  } catch (error) {
    return String(error);
  }
}

/** The account that the token is of; empty where it cannot be asked. */
async function nameOfAccount(): Promise<string> {
  try {
    const headers = { Authorization: `Bearer ${access?.token}` };
    const asked = await post("/metadata", { query: "{ viewer { account } }" }, headers);
    const { data } = (await asked.json()) as { data?: { viewer: { account: string } } };
    return data?.viewer.account ?? "";
  } catch {
    return "";
  }
}

let leaving: Promise<boolean> | null = null;

/** Signs out, once however often it is asked for; false where the server cannot be reached: the sign-in goes on. */
export function signOut(): Promise<boolean> {
  leaving ??= (async () => {
    // Nobody is signed in here any more: there is nothing that the server would end.
    if (account() === null) {
      forget();
      return true;
    }
    try {
      const response = await post("/auth/logout", {}, await bearer());
      if (!response.ok && response.status !== 401) return false;
    } catch {
      return false;
    }
    forget();
    return true;
  })().finally(() => {
    leaving = null;
  });
  return leaving;
}

/** Renews the token once, however many requests ask for it; false when the sign-in is over. */
function renew(): Promise<boolean> {
  renewing ??= (async () => {
    const response = await post("/auth/refresh", { cookie: true });
    if (response.ok) {
      keep((await response.json()) as Tokens);
      return true;
    }
    // Only a refusal ends the sign-in; a server that is restarting does not.
    if (response.status !== 401) throw new Error(`HTTP ${response.status}`);
    access = null;
    over = true;
    changed();
    return false;
  })().finally(() => {
    renewing = null;
  });
  return renewing;
}

/** Tries once more to go on: another tab may have signed in. */
export async function resume(): Promise<boolean> {
  over = false;
  const done = await renew().catch(() => false);
  if (done) changed();
  return done;
}

/** A token that is good for a while yet; null for nobody. */
export async function accessToken(): Promise<string | null> {
  if (account() === null) return null;
  if (access === null || access.until - MARGIN < Date.now()) await renew();
  return access?.token ?? null;
}

async function bearer(): Promise<Record<string, string>> {
  const token = await accessToken();
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

/** An account of the demo company that anyone may try. */
export interface DemoAccount {
  account: string;
  note: string;
}

/** The demo company's accounts and their password; null on any other server. */
export async function demoAccounts(): Promise<{ password: string; accounts: DemoAccount[] } | null> {
  try {
    const response = await fetch("/playground/accounts.json", { credentials: "omit" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/** Sends a request with the token, which is renewed once if it was refused as expired. */
export async function request(
  endpoint: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await post(endpoint, body, { ...(await bearer()), ...headers });
  const signedIn = access !== null;
  if (response.status === 401 && signedIn && (await renew())) {
    return post(endpoint, body, { ...(await bearer()), ...headers });
  }
  return response;
}

/** Sends one GraphQL request and answers its JSON, with an error of that form where it is none. */
export async function send(endpoint: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await request(endpoint, body, headers);
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `HTTP ${response.status}: ${text.slice(0, 200)}` }] };
  }
}
