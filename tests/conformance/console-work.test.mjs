/** The console's own pages around records: long work, dashboards, the day. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, shot, signedIn } from "./browser.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const JOB = {
  id: "01900000-0000-7000-8000-000000000001",
  kind: "RETYPE",
  state: "RUNNING",
  fields: ["Visit.minutes"],
  progress: { done: 12_000, total: 60_000 },
  faults: [],
  changedAt: new Date().toISOString(),
};

test("long work is in a tray: how far it is, and what the server says of cancelling it", async () => {
  const { page, wrong, context } = await signedIn(browser, "admin");
  // A job takes 50,000 records to begin; only the list of jobs is made up here.
  await page.route("**/metadata", async (route) => {
    const asked = route.request().postDataJSON?.();
    if (!asked?.query?.startsWith("query Jobs")) return route.continue();
    return route.fulfill({ json: { data: { jobs: { nodes: [JOB] } } } });
  });
  await page.goto(page.url());
  const tray = page.getByRole("banner").getByRole("button", { name: "1 job runs" });
  await tray.click();
  const list = page.getByRole("dialog", { name: "Long work" });
  await list.getByText("12000 of 60000").waitFor();
  await shot(page, "console-jobs");
  assert.deepEqual(await axe(page), []);
  await list.getByRole("button", { name: "Cancel" }).click();
  assert.match(await list.getByRole("alert").innerText(), /job/i);
  assert.deepEqual(wrong, []);
  await context.close();
});
