/**
 * Starts the server that the tests have built, on the demo company in an empty folder, and runs every `*.test.mjs`
 * here against it. `node run.mjs page clients` runs only those files.
 *
 * CONFORMANCE_BINARY names another binary, CONFORMANCE_URL a server that runs already.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const here = import.meta.dirname;
const binary = process.env.CONFORMANCE_BINARY ?? join(here, "../../target/debug/tradewind");

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function ready(url, child) {
  for (let left = 1200; left > 0; left -= 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server was not ready after two minutes");
}

async function main() {
  const chosen = process.argv.slice(2);
  const files = readdirSync(here)
    .filter((name) => name.endsWith(".test.mjs"))
    .filter((name) => chosen.length === 0 || chosen.includes(name.replace(".test.mjs", "")))
    .map((name) => join(here, name));
  const folder = mkdtempSync(join(tmpdir(), "tradewind-conformance-"));
  let url = process.env.CONFORMANCE_URL;
  let server = null;
  try {
    if (url === undefined) {
      const port = await freePort();
      url = `http://127.0.0.1:${port}`;
      server = spawn(binary, ["serve", "--demo", "--listen", `127.0.0.1:${port}`], {
        cwd: folder,
        env: { ...process.env, TRADEWIND_LOG_FILTER: "warn" },
        stdio: ["ignore", "ignore", "inherit"],
      });
      await ready(url, server);
    }
    const tests = spawn(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files], {
      cwd: here,
      env: { ...process.env, CONFORMANCE_URL: url, CONFORMANCE_FOLDER: folder },
      stdio: "inherit",
    });
    return await new Promise((resolve) => tests.on("exit", (code) => resolve(code ?? 1)));
  } finally {
    if (server !== null && server.exitCode === null) {
      server.kill("SIGTERM");
      await new Promise((resolve) => server.on("exit", resolve));
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
