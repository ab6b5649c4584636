/** What every test here needs: the server's address, sign-in and plain requests. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";

export const URL_ = process.env.CONFORMANCE_URL;
if (URL_ === undefined) throw new Error("start the tests by `node run.mjs`");

export const PASSWORD = "tradewind-demo";

/** The demo company's accounts, one for each standard role. */
export const ACCOUNTS = [
  "admin", "zhang", "li", "wang", "zhao", "qian", "sun", "zhou", "wu", "zheng", "feng", "cai", "wei",
];

/** A folder of the test's own that goes when the run ends. */
export function folder(name) {
  const path = join(process.env.CONFORMANCE_FOLDER, name);
  mkdirSync(path, { recursive: true });
  return path;
}

const tokens = new Map();

/** The access token of an account. */
export async function token(account = "admin") {
  if (!tokens.has(account)) {
    const response = await fetch(`${URL_}/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ account, password: PASSWORD }),
    });
    if (!response.ok) throw new Error(`sign-in of ${account}: ${response.status} ${await response.text()}`);
    tokens.set(account, (await response.json()).accessToken);
  }
  return tokens.get(account);
}

/** The whole answer to one request. */
export async function ask(query, { variables, account = "admin", endpoint = "/graphql", ...rest } = {}) {
  const response = await fetch(URL_ + endpoint, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${await token(account)}`,
      Accept: "application/graphql-response+json",
      "Content-Type": "application/json",
    },
    body: JSON.stringify({ query, variables, ...rest }),
  });
  return response.json();
}

/** The data of an answer that must have no errors. */
export async function data(query, options) {
  const answer = await ask(query, options);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors.slice(0, 3)));
  return answer.data;
}
