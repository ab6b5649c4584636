/**
 * How much each page loads, compressed, against what it may. Reads the manifest of the last build; fails on more.
 */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const DIST = join(import.meta.dirname, "dist");
const manifest = JSON.parse(readFileSync(join(DIST, "manifest.json"), "utf8"));

/** Kilobytes of JavaScript that a page may load, with the pages that are loaded before it. */
const PAGES = [
  { page: "sign-in", modules: ["index.html", "src/pages/signin.tsx"], most: 112 },
  { page: "list", modules: ["index.html", "src/app/frame.tsx", "src/pages/list.tsx"], most: 240 },
  { page: "record", modules: ["src/pages/record.tsx"], after: "list", most: 40 },
  { page: "form", modules: ["src/pages/form.tsx"], after: "list", most: 45 },
  { page: "calendar", modules: ["src/pages/list/calendar.tsx"], after: "list", most: 20 },
  { page: "rich text", modules: ["src/fields/rich/editor.tsx"], after: "list", most: 135 },
];
const MOST_CSS = 25;
/** As it stands in the binary. 3 MB were aimed at; charts are 0.55 of them, the editor of rich texts 0.41. */
const MOST_IN_ALL = 3.8 * 1024;

const size = (file) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length / 1024;

/** The files of a module and of all that it imports at once. */
function closure(name, found = new Set(), styles = new Set()) {
  const chunk = manifest[name];
  if (chunk === undefined) throw new Error(`${name} is not in the build`);
  if (found.has(chunk.file)) return { found, styles };
  found.add(chunk.file);
  for (const style of chunk.css ?? []) styles.add(style);
  for (const other of chunk.imports ?? []) closure(other, found, styles);
  return { found, styles };
}

const sum = (files) => [...files].reduce((total, file) => total + size(file), 0);
const loaded = new Map();
const styles = new Set();
let over = false;

function told(what, measured, most, unit = "kB") {
  over ||= measured > most;
  console.log(
    `${what.padEnd(12)} ${measured.toFixed(1).padStart(8)} of ${most} ${unit}${measured > most ? "  TOO MUCH" : ""}`,
  );
}

for (const { page, modules, after, most } of PAGES) {
  const files = new Set();
  for (const name of modules) closure(name, files, styles);
  loaded.set(page, files);
  const new_ = after === undefined ? files : [...files].filter((file) => !loaded.get(after).has(file));
  told(page, sum(new_), most);
}
told("styles", sum(styles), MOST_CSS);

const all = (folder) =>
  readdirSync(folder, { withFileTypes: true }).reduce((total, entry) => {
    const path = join(folder, entry.name);
    return total + (entry.isDirectory() ? all(path) : statSync(path).size / 1024);
  }, 0);
told("in all", all(DIST), MOST_IN_ALL);
process.exitCode = over ? 1 : 0;
