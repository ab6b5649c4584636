/**
 * A browser for the tests of both pages: everything that goes wrong in a page is collected, and axe looks at it.
 *
 * CHROMIUM names the browser; CONFORMANCE_SCREENSHOTS a folder to keep pictures in.
 */

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { PASSWORD, URL_ } from "./support.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = process.env.CONFORMANCE_SCREENSHOTS;

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });

/** A page with a profile of its own, and everything that went wrong in it. */
export async function open(browser, path, { width = 1360, height = 860, locale = "en-GB", scheme = "light" } = {}) {
  const context = await browser.newContext({ locale, viewport: { width, height }, colorScheme: scheme });
  const wrong = [];
  context.on("page", (page) => watch(page, wrong));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  const page = await context.newPage();
  await page.goto(URL_ + path, { waitUntil: "networkidle" });
  return { page, wrong, context };
}

function watch(page, wrong) {
  page.setDefaultTimeout(12_000);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrong.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(URL_) && !request.url().startsWith("data:")) wrong.push(`foreign: ${request.url()}`);
  });
  page.on("requestfailed", (request) => {
    // A request that the page itself gave up is no fault of the server's.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") wrong.push(`request: ${request.url()} ${request.failure()?.errorText}`);
  });
}

/** A person's console. */
export async function signedIn(browser, account, options) {
  const opened = await open(browser, "/signin", options);
  const { page } = opened;
  await page.locator("input[name=account]").fill(account);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("button[type=submit]").click();
  await page.waitForURL("**/home");
  // The frame is there: menus, keys, the account.
  await page.locator("header").getByRole("button").last().waitFor();
  await page.waitForLoadState("networkidle");
  return opened;
}

export async function shot(page, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

/** axe's findings, by WCAG 2.2 AA and its best practices. */
export async function axe(page, context = null) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (where) => globalThis.axe.run(where ?? document, { resultTypes: ["violations"] }),
    context,
  );
  return violations.map(({ id, help, nodes }) => `${id}: ${help} at ${nodes.map(({ target }) => target).join(", ")}`);
}
