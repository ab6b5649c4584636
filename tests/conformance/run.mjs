/**
 * Starts the server that the tests have built, on the demo company in an empty folder, and runs every `*.test.mjs`
 * here against it. `node run.mjs page clients` runs only those files.
 *
 * CONFORMANCE_BINARY names another binary, CONFORMANCE_URL a server that runs already.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { start } from "./server.mjs";

const here = import.meta.dirname;

/** What changes definitions and rights as its people do has a server of its own, so that the others find what came. */
const apart = (name) => name.startsWith("console");

/** Runs files against one server. */
async function run(files) {
  const folder = mkdtempSync(join(tmpdir(), "tradewind-conformance-"));
  const given = process.env.CONFORMANCE_URL;
  const server = given === undefined ? await start(["--demo"], { cwd: folder }) : null;
  try {
    const tests = spawn(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files], {
      cwd: here,
      env: { ...process.env, CONFORMANCE_URL: server?.url ?? given, CONFORMANCE_FOLDER: folder },
      stdio: "inherit",
    });
    return await new Promise((resolve) => tests.on("exit", (code) => resolve(code ?? 1)));
  } finally {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  const chosen = process.argv.slice(2);
  const names = readdirSync(here)
    .filter((name) => name.endsWith(".test.mjs"))
    .map((name) => name.replace(".test.mjs", ""))
    .filter((name) => chosen.length === 0 || chosen.includes(name));
  let worst = 0;
  for (const kind of [false, true]) {
    const files = names.filter((name) => apart(name) === kind).map((name) => join(here, `${name}.test.mjs`));
    if (files.length > 0) worst = Math.max(worst, await run(files));
  }
  return worst;
}

process.exitCode = await main();
