/**
 * Operations to start from, on the demo company's data.
 *
 * They are data, so that whatever reads JSON can send them without this page. `examples/index.json`
 * lists them in an order in which all of them succeed, each once, for an administrator of a fresh
 * demo company:
 *
 * - `operation`: the name of the operation and of the file `examples/<operation>.graphql` with its
 *   text. Two entries may share one.
 * - `endpoint`: the path to post it to. The page lists an example only at its endpoint.
 * - `en`, `zh`: the titles.
 * - `variables`, if any: the operation's variables, with a placeholder (`""` or `null`) for each
 *   value that is not known beforehand.
 * - `from`, if any: what replaces the placeholders. Each key is a JSON Pointer into `variables`;
 *   the value is a JSON Pointer `at` into the `data` of the latest answer to the named operation,
 *   this one's own included. Without such an answer the placeholder stays.
 * - `refused`, if any: the code of the one user error the example is there to show. No other
 *   example answers with errors, user errors or diagnostics.
 *
 * A subscription keeps listening, and hears of what the next entry does.
 */

import index from "./examples/index.json";
import { account, subscribe } from "../signin/session";

interface Entry {
  operation: string;
  endpoint: string;
  en: string;
  zh: string;
  variables?: object;
  from?: Record<string, Source>;
  refused?: string;
}

interface Source {
  operation: string;
  at: string;
}

export interface Example extends Entry {
  query: string;
}

const files = import.meta.glob<string>("./examples/*.graphql", {
  query: "?raw",
  import: "default",
  eager: true,
});

const examples: Example[] = (index as Entry[]).map((entry) => {
  const query = files[`./examples/${entry.operation}.graphql`];
  if (query === undefined) throw new Error(`no text for the example ${entry.operation}`);
  return { ...entry, query };
});

export const examplesAt = (endpoint: string) =>
  examples.filter((example) => example.endpoint === endpoint);

/** Values other examples use, by where they come from; kept for the page of the other endpoint. */
const ANSWERS = "tradewind:answers";

const answers = (): Record<string, unknown> => JSON.parse(sessionStorage.getItem(ANSWERS) ?? "{}");

const sourceKey = ({ operation, at }: Source) => operation + at;

subscribe(() => {
  if (account() === null) sessionStorage.removeItem(ANSWERS);
});

const steps = (pointer: string) => pointer.split("/").slice(1);

function follow(value: unknown, path: string[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<string, unknown> | null)?.[step], value);
}

/** Keeps from the answer to an operation what other examples' variables take from it. */
export function remember(operation: string | undefined, answer: unknown) {
  const kept = answers();
  for (const source of examples.flatMap((example) => Object.values(example.from ?? {}))) {
    if (source.operation !== operation) continue;
    const found = follow(answer, ["data", ...steps(source.at)]);
    if (found !== undefined) kept[sourceKey(source)] = found;
  }
  sessionStorage.setItem(ANSWERS, JSON.stringify(kept));
}

/** The text for the variables editor, with what earlier answers know. */
export function variablesOf(example: Example): string {
  if (example.variables === undefined) return "";
  const variables = structuredClone(example.variables);
  const kept = answers();
  for (const [pointer, source] of Object.entries(example.from ?? {})) {
    const found = kept[sourceKey(source)];
    const path = steps(pointer);
    const last = path.pop()!;
    const parent = follow(variables, path) as Record<string, unknown>;
    if (found !== undefined) parent[last] = found;
  }
  return JSON.stringify(variables, null, 2);
}
