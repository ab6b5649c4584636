/** The console's own pages around records: long work, dashboards, the day. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, shot, signedIn } from "./browser.mjs";
import { data, URL_ } from "./support.mjs";

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

/** What a widget's figure must be: the sum of all opportunities that someone sees and that close this year. */
async function sumThisYear(account) {
  const { opportunityAggregate } = await data(
    "{ opportunityAggregate(filter: {expectedCloseOn: {thisYear: true}}) { count sum { amount } } }",
    { account },
  );
  return opportunityAggregate[0];
}

const digits = (text) => text.replaceAll(",", "").trim();

test("charts are pinned, narrowed by one period, moved, shared; everyone sees their own figures", async () => {
  const { page, wrong, context } = await signedIn(browser, "admin");
  await page.goto(`${URL_}/o/opportunities?face=chart&g=expectedCloseOn:MONTH&by=stage&m=amount`);
  await page.locator("canvas").waitFor();
  await page.getByRole("button", { name: "Pin to dashboard" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill("Closing by month");
  await dialog.getByRole("combobox").selectOption({ label: "New dashboard" });
  await dialog.getByLabel("Name of the dashboard").fill("Pipeline of the test");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByLabel("Shown as").selectOption("NUMBER");
  await page.getByRole("button", { name: "Pin to dashboard" }).click();
  await dialog.getByLabel("Title").fill("All of it");
  await dialog.getByRole("combobox").selectOption({ label: "Pipeline of the test" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("status").getByRole("button", { name: "Dashboard" }).last().click();
  await page.waitForURL("**/d/*");
  const figure = page.getByRole("region", { name: "All of it" });
  await figure.getByRole("link").waitFor();
  await page.locator("canvas").waitFor();

  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await page.getByRole("button", { name: "Add a parameter" }).click();
  await dialog.getByLabel("Called").fill("Closing");
  await dialog.getByRole("button", { name: "Add a parameter" }).click();
  for (const title of ["Closing by month", "All of it"]) {
    await page.getByRole("button", { name: `More: ${title}` }).click();
    await page.getByRole("menuitem", { name: "Settings" }).click();
    await dialog.getByLabel("Field for “Closing”").selectOption("expectedCloseOn");
    await dialog.getByRole("button", { name: "Apply" }).click();
    await dialog.waitFor({ state: "detached" });
  }
  await page.getByRole("button", { name: "More: All of it" }).click();
  await page.getByRole("menuitem", { name: "Earlier" }).click();
  await page.getByRole("button", { name: /^Closing:/ }).click();
  await dialog.getByRole("combobox").last().selectOption("thisYear");
  await dialog.getByRole("button", { name: "Apply" }).click();
  assert.deepEqual(await axe(page), []);
  await shot(page, "console-dashboard-edit");
  const may = await page.getByLabel("Who sees it").selectOption("ALL");
  assert.deepEqual(may, ["ALL"]);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Edit", exact: true }).waitFor();

  await page.reload();
  await page.locator("canvas").waitFor();
  const titles = await page.locator("section h2").allInnerTexts();
  assert.deepEqual(titles, ["All of it", "Closing by month"]);
  const own = await sumThisYear("admin");
  assert.equal(digits(await figure.getByRole("link").innerText()), own.sum.amount);
  await shot(page, "console-dashboard");
  assert.deepEqual(await axe(page), []);
  await page.getByRole("button", { name: "Closing by month: Table" }).click();
  const cells = page.getByRole("region", { name: "Closing by month" }).getByRole("table").getByRole("link");
  await cells.first().waitFor();
  await figure.getByRole("link").click();
  await page.waitForURL(/\/o\/opportunities\?.*thisYear/);
  await page.getByRole("status").filter({ hasText: ` of ${own.count}` }).waitFor();
  await page.goBack();
  await figure.getByRole("link").waitFor();
  const address = page.url();

  const other = await signedIn(browser, "zhang", { width: 390, height: 844 });
  await other.page.goto(address);
  const theirs = other.page.getByRole("region", { name: "All of it" });
  await theirs.getByRole("link").waitFor();
  const seen = await sumThisYear("zhang");
  assert.equal(digits(await theirs.getByRole("link").innerText()), seen.sum.amount);
  assert.notEqual(seen.sum.amount, own.sum.amount);
  assert.equal(await other.page.getByRole("button", { name: "Edit", exact: true }).count(), 0);
  await shot(other.page, "console-dashboard-390");
  assert.deepEqual(await axe(other.page), []);
  assert.deepEqual(other.wrong, []);
  await other.context.close();

  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete dashboard" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.waitForURL("**/d");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("the day in one request: what is planned, what is to be done; blocks where one wants them", async () => {
  const subject = `Visit ${Date.now()}`;
  const { viewer } = await data("{ viewer { today } }", { account: "zhang", endpoint: "/metadata" });
  const { createSchedule } = await data(
    "mutation($input: CreateScheduleInput!) { createSchedule(input: $input) { record { id } userErrors { message } } }",
    {
      account: "zhang",
      variables: {
        input: {
          subject,
          startsAt: `${viewer.today}T09:30:00+08:00`,
          endsAt: `${viewer.today}T10:30:00+08:00`,
        },
      },
    },
  );
  assert.deepEqual(createSchedule.userErrors, []);
  const { page, wrong, context } = await signedIn(browser, "zhang");
  const day = page.getByRole("region", { name: "My day" });
  await day.getByRole("link", { name: new RegExp(subject) }).waitFor();
  const asked = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/graphql")) asked.push(request.postDataJSON()?.query?.slice(0, 20));
  });
  await page.reload();
  await day.getByRole("link", { name: new RegExp(`09:30–10:30.*${subject}`) }).waitFor();
  assert.equal(asked.filter((query) => query.startsWith("query MyDay")).length, 1);
  await shot(page, "console-home");
  assert.deepEqual(await axe(page), []);
  await day.getByRole("button", { name: "Day before" }).click();
  await day.getByRole("link", { name: new RegExp(subject) }).waitFor({ state: "detached" });
  await day.getByRole("button", { name: "Today" }).click();
  await day.getByRole("link", { name: new RegExp(subject) }).waitFor();

  await page.getByRole("button", { name: "Arrange" }).click();
  await page.getByRole("button", { name: "My day: further down" }).click();
  await page.getByRole("button", { name: "My day: further down" }).click();
  await page.getByRole("button", { name: "Hide: Dashboards" }).click();
  await page.reload();
  await day.waitFor();
  const names = await page.locator("main section h2").allInnerTexts();
  assert.notEqual(names[0], "My day");
  await page.getByRole("button", { name: "Arrange" }).click();
  await page.getByRole("button", { name: "My day: further up" }).click();
  await page.getByRole("button", { name: "My day: further up" }).click();
  await page.getByRole("button", { name: "Show: Dashboards" }).click();
  await page.getByRole("region", { name: "Dashboards" }).waitFor();
  await data("mutation($id: ID!) { deleteSchedule(id: $id) { userErrors { message } } }", {
    variables: { id: createSchedule.record.id },
  });
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a list is pinned as a list; a dashboard asks about all its objects at once", async () => {
  const { page, wrong, context } = await signedIn(browser, "zhang", { width: 1280, height: 860 });
  const pinned = async (path, title, target) => {
    await page.goto(URL_ + path);
    await page.locator("tbody a").first().waitFor();
    await page.getByRole("button", { name: /^View:/ }).click();
    await page.getByRole("menuitem", { name: /^Pin to a dashboard/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Title").fill(title);
    await dialog.getByRole("combobox").selectOption({ label: target });
    if (target === "New dashboard") await dialog.getByLabel("Name of the dashboard").fill("Lists of the test");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
  };
  await pinned("/o/customers?f.level=in:A&s=-name", "My best", "New dashboard");
  await pinned("/o/contacts?s=name", "Whom I know", "Lists of the test");
  await pinned("/o/salesOrders", "Orders", "Lists of the test");
  await page.getByRole("status").getByRole("button", { name: "Dashboard" }).last().click();
  await page.waitForURL("**/d/*");
  const best = page.getByRole("region", { name: "My best" }).first();
  await best.getByRole("table").waitFor();
  const { customers } = await data(
    "{ customers(filter: {level: {in: [A]}}, orderBy: [{name: DESC}], first: 10) { nodes { _title } } }",
    { account: "zhang" },
  );
  assert.deepEqual(await best.getByRole("rowheader").allInnerTexts(), customers.nodes.map(({ _title }) => _title));
  const asked = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/metadata")) asked.push(request.postDataJSON().query.slice(0, 40));
  });
  await page.reload();
  await best.getByRole("table").waitFor();
  await page.getByRole("region", { name: "Orders" }).first().getByRole("table").waitFor();
  await page.waitForLoadState("networkidle");
  // Who one is, the dashboard, and one about its three objects.
  assert.deepEqual(asked.map((query) => query.split(/[ ({]/)[1]).sort(), ["Dashboard", "Shell", "Together"]);
  await shot(page, "console-dashboard-lists");
  assert.deepEqual(await axe(page), []);
  await best.getByRole("link", { name: "All", exact: true }).click();
  await page.waitForURL(/\/o\/customers\?.*f\.level/);
  await page.goBack();

  asked.length = 0;
  await page.goto(`${URL_}/home`);
  await page.getByRole("region", { name: "My day" }).waitFor();
  await page.waitForLoadState("networkidle");
  assert.deepEqual(asked.map((query) => query.split(/[ ({]/)[1]).sort(), ["Shell", "Together"]);

  await page.goBack();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete dashboard" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.waitForURL("**/d");
  assert.deepEqual(wrong, []);
  await context.close();
});
