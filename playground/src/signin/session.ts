/**
 * Sign-in: tokens, their renewal and requests that carry them.
 *
 * The access token lives in memory only; the refresh token in sessionStorage, so that switching
 * between the endpoints' pages or reloading keeps the sign-in, and closing the tab ends it.
 */

export type Lang = "en" | "zh";

interface Tokens {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
}

interface Failure {
  message: string;
  extensions?: { code?: string; hint?: string };
}

const REFRESH = "tradewind:refresh";
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
export const account = () =>
  sessionStorage.getItem(REFRESH) === null ? null : sessionStorage.getItem(ACCOUNT);

/** A copy of a window has the same refresh token: what one gets for it, the others have to learn. */
const windows = "BroadcastChannel" in window ? new BroadcastChannel("tradewind:session") : null;

windows?.addEventListener("message", (event: MessageEvent<{ used: string; tokens: Tokens }>) => {
  const { used, tokens } = event.data;
  if (sessionStorage.getItem(REFRESH) === used) keep(tokens);
});

function keep(tokens: Tokens) {
  access = { token: tokens.accessToken, until: Date.now() + tokens.expiresIn * 1000 };
  sessionStorage.setItem(REFRESH, tokens.refreshToken);
}

function forget() {
  access = null;
  sessionStorage.removeItem(REFRESH);
  sessionStorage.removeItem(ACCOUNT);
  changed();
}

function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(path, {
    method: "POST",
    credentials: "omit",
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

/** Signs in; the answer is null or what went wrong, for people. */
export async function signIn(name: string, password: string): Promise<string | null> {
  try {
    const response = await post("/auth/login", { account: name, password });
    if (!response.ok) return await failure(response);
    keep((await response.json()) as Tokens);
    sessionStorage.setItem(ACCOUNT, name);
    changed();
    return null;
  } catch (error) {
    return String(error);
  }
}

/** Sets the password by a one-time link and signs in; the answer is null or what went wrong. */
export async function setPassword(token: string, password: string): Promise<string | null> {
  try {
    const response = await post("/auth/password", { token, password });
    if (!response.ok) return await failure(response);
    const tokens = (await response.json()) as Tokens;
    // The link is used up: from here on nothing may fail, and the tokens are kept with the name they belong to.
    const name = await accountOf(tokens);
    keep(tokens);
    sessionStorage.setItem(ACCOUNT, name);
    changed();
    return null;
  } catch (error) {
    return String(error);
  }
}

/** The account that tokens are of; empty where it cannot be asked. */
async function accountOf({ accessToken }: Tokens): Promise<string> {
  try {
    const asked = await post(
      "/metadata",
      { query: "{ viewer { account } }" },
      { Authorization: `Bearer ${accessToken}` },
    );
    const { data } = (await asked.json()) as { data?: { viewer: { account: string } } };
    return data?.viewer.account ?? "";
  } catch {
    return "";
  }
}

/** Signs out here in any case, and on the server where it can be reached. */
export async function signOut() {
  const headers = await bearer().catch(() => ({}));
  forget();
  await post("/auth/logout", {}, headers).catch(() => undefined);
}

/** Renews the tokens once, however many requests ask for it; false when the sign-in is over. */
function renew(): Promise<boolean> {
  renewing ??= (async () => {
    const refreshToken = sessionStorage.getItem(REFRESH);
    if (refreshToken === null) return false;
    const response = await post("/auth/refresh", { refreshToken });
    if (response.ok) {
      const tokens = (await response.json()) as Tokens;
      keep(tokens);
      windows?.postMessage({ used: refreshToken, tokens });
      return true;
    }
    // Another window was first, and has told what it got.
    if (sessionStorage.getItem(REFRESH) !== refreshToken) return account() !== null;
    // Only a refusal ends the sign-in; a server that is restarting does not.
    if (response.status === 401) forget();
    return false;
  })().finally(() => {
    renewing = null;
  });
  return renewing;
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

/** Sends one GraphQL request, renewing the token and trying again if it was refused as expired. */
export async function send(
  endpoint: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<unknown> {
  let response = await post(endpoint, body, { ...(await bearer()), ...headers });
  const signedIn = access !== null;
  if (response.status === 401 && signedIn && (await renew())) {
    response = await post(endpoint, body, { ...(await bearer()), ...headers });
  }
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: `HTTP ${response.status}: ${text.slice(0, 200)}` }] };
  }
}
