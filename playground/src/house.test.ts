/** The house of the console: imports go down, files stay small and say what they own, no text is said in vain. */

import { expect, test } from "vitest";
import { en } from "./texts/en";
import { zh } from "./texts/zh";

const AREAS = import.meta.glob<{ en?: object; zh?: object }>(
  ["./texts/*.ts", "!./texts/index.ts", "!./texts/area.ts"],
  {
    eager: true,
  },
);

const TEXTS = import.meta.glob<string>("./**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

/** Each room may import from itself and from those behind it. */
const FLOORS: string[][] = [
  ["app", "graphiql"],
  ["pages", "admin"],
  ["form"],
  ["grid", "chart"],
  ["fields"],
  ["question", "ui"],
  ["api"],
  ["values", "texts", "signin", "styles"],
];

/** The text of each file by its path. */
const all = Object.entries(TEXTS).map(([path, text]) => ({ path: path.slice(2), text }));

/** `../api/cache` as seen from `pages/list.tsx` is `api/cache`. */
function target(from: string, to: string): string {
  const steps = from.split("/").slice(0, -1);
  for (const step of to.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== ".") steps.push(step);
  }
  return steps.join("/");
}

const floor = (path: string) => FLOORS.findIndex((rooms) => rooms.includes(path.split("/")[0]!));

test("imports go down", () => {
  const wrong = all.flatMap(({ path, text }) =>
    [...text.matchAll(/from "(\.[^"]+)"/g)]
      .map(([, to]) => target(path, to!))
      .filter((to) => floor(path) >= 0 && floor(to) >= 0 && floor(to) < floor(path))
      .map((to) => `${path} imports ${to}`),
  );
  expect(wrong).toEqual([]);
});

test("files are small and begin with what they own", () => {
  const wrong = all.filter(({ path, text }) => {
    const most = path.startsWith("texts/") || path.includes(".test.") ? 400 : 340;
    return text.split("\n").length > most || !text.startsWith("/**");
  });
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test("every text is said somewhere, in both languages", () => {
  const sources = all
    .filter(({ path }) => !path.startsWith("texts/"))
    .map(({ text }) => text)
    .join("\n");
  // Read once: each text by itself would be looked for through all sources.
  const said = new Set<string>();
  const named = new Set<string>();
  for (const [, by, key] of sources.matchAll(/\b(\w+)(?=\.(\w+))/g)) {
    said.add(`${by}.${key}`);
    named.add(key!);
  }
  const unsaid = (texts: object, by: string | null) =>
    Object.keys(texts).filter((key) => (by === null ? !named.has(key) : !said.has(`${by}.${key}`)));
  expect(unsaid(en, "t")).toEqual([]);
  expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  for (const [path, texts] of Object.entries(AREAS)) {
    if (texts.en === undefined || texts.zh === undefined) continue;
    expect(unsaid(texts.en, null), path).toEqual([]);
    expect(Object.keys(texts.zh).sort(), path).toEqual(Object.keys(texts.en).sort());
  }
});
