/** Starts the program: the server that all tests ask, and others with settings of their own. */

import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";

/** The program. */
export const binary = process.env.CONFORMANCE_BINARY ?? join(import.meta.dirname, "../../target/debug/tradewind");

/** A port that nobody listens at. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Waits until a server answers, as long as its process lives. */
export async function ready(url, child) {
  for (let left = 1200; left > 0; left -= 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server was not ready after two minutes");
}

/** What a command of the program prints, with its standard input. */
export function command(args, { cwd, env, input }) {
  const options = { cwd, env: { ...process.env, ...env }, input, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 };
  const done = spawnSync(binary, args, options);
  if (done.status !== 0) throw new Error(`tradewind ${args.join(" ")}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** A server in a folder, and how to stop it. */
export async function start(args, { cwd, env }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(binary, ["serve", ...args, "--listen", `127.0.0.1:${port}`], {
    cwd,
    env: { ...process.env, TRADEWIND_LOG_FILTER: "warn", ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stop = async () => {
    if (server.exitCode !== null) return;
    server.kill("SIGTERM");
    await new Promise((resolve) => server.on("exit", resolve));
  };
  await ready(url, server).catch(async (error) => {
    await stop();
    throw error;
  });
  return { url, stop };
}
