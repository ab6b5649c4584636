/**
 * Rights, people, the audit trail and one's own page in a browser, as an administrator and a salesperson use them.
 *
 * What a test makes it takes away again: the other tests of the console find the same server.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, open, shot, signedIn } from "./browser.mjs";
import { data, URL_ } from "./support.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(async () => browser?.close());

/** Answers with errors count as what went wrong, too. */
async function as(account, options) {
  const opened = await signedIn(browser, account, options);
  opened.context.on("response", async (response) => {
    const path = new URL(response.url()).pathname;
    if (response.status() >= 400) opened.wrong.push(`${response.status()} ${path}`);
    if (path !== "/graphql" && path !== "/metadata") return;
    const body = await response.json().catch(() => ({}));
    if (body.errors) opened.wrong.push(`${JSON.stringify(body.errors).slice(0, 300)}`);
  });
  return opened;
}

async function go(page, path) {
  await page.goto(URL_ + path);
  await page.locator("main h1").first().waitFor();
  await page.waitForLoadState("networkidle");
}

/** axe, and nothing that scrolls sideways. */
async function looks(page, name) {
  await shot(page, name);
  assert.deepEqual(await axe(page), [], name);
  const wide = await page.evaluate(() => Math.max(document.documentElement.scrollWidth - innerWidth, ...[...document.querySelectorAll("main")].map((main) => main.scrollWidth - main.clientWidth)));
  assert.ok(wide <= 0, `${name} is ${wide} px too wide`);
}

/** An employee of the first department. */
async function employee(code, name) {
  const { departments } = await data("{ departments(first: 1) { nodes { id } } }");
  const input = { code, name, department: { id: departments.nodes[0].id }, isSalesperson: true };
  const { createEmployee } = await data(
    "mutation($input: CreateEmployeeInput!) { createEmployee(input: $input) { record { id } userErrors { message } } }",
    { variables: { input } },
  );
  return { id: createEmployee.record.id, department: departments.nodes[0].id };
}

const confirm = (id, name) =>
  meta("mutation($id: ID!, $name: String!) { confirmEmployee(employee: $id, account: $name, systems: [SALES]) { account } }", { id, name });

/** What is made by a test has a name of its own, so that the test can run again. */
const mark = Date.now().toString(36);

const meta = (query, variables) => data(query, { variables, endpoint: "/metadata" });

test("a role is copied, its fields and dimensions are set and tried, it is compared and goes again", async () => {
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin/roles?role=salesperson");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Copy this role" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Code").fill(`trainee_${mark}`);
  await dialog.getByLabel("Label in Chinese").fill("见习业务员");
  await dialog.getByLabel("Label in English").fill("Trainee");
  await looks(page, "rights-copy");
  await dialog.getByRole("button", { name: "New" }).click();
  await page.waitForURL(/role=trainee_/);
  await page.getByText("Held by: nobody").waitFor();
  // Shift and arrows choose several cells; a letter sets them all, 0 takes them back.
  await page.getByRole("combobox", { name: "Customer: Delete", exact: true }).focus();
  for (const key of ["Shift+ArrowRight", "Shift+ArrowDown", "o"]) await page.keyboard.press(key);
  await page.getByRole("button", { name: "Try 4 changes" }).waitFor();
  await page.keyboard.press("0");
  await page.getByRole("button", { name: "Try 0 changes" }).waitFor();

  await page.getByRole("tab", { name: "Fields" }).click();
  await page.getByRole("combobox", { name: "Object", exact: true }).selectOption("Contact");
  const right = page.getByRole("combobox", { name: "Mobile: What the role may do with it" });
  await right.selectOption("MASKED");
  await page.getByRole("combobox", { name: "Mobile: What is left" }).selectOption("END");
  await looks(page, "rights-fields");
  await page.getByRole("tab", { name: "Dimensions" }).click();
  const department = page.getByRole("region", { name: "Department" });
  await department.getByRole("combobox").selectOption("SET");
  await department.getByRole("checkbox").nth(1).check();
  await looks(page, "rights-dimensions");
  await page.getByRole("tab", { name: "Limits" }).click();
  await page.getByLabel("in one export").fill("25");
  await looks(page, "rights-limits");
  await page.getByRole("button", { name: "Try 3 changes" }).click();
  await page.getByText("Contact.mobile: see a part, the last four characters").waitFor();
  await page.getByText("Nobody holds this role yet.").waitFor();
  await looks(page, "rights-tried");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Try 0 changes" }).waitFor();

  await page.getByRole("tab", { name: "Compare" }).click();
  await page.getByLabel("Compare with").selectOption("salesperson");
  await page.getByRole("row", { name: /Contact\.mobile/ }).waitFor();
  await page.getByRole("row", { name: /in one export 25/ }).waitFor();
  await looks(page, "rights-compare");

  await page.getByRole("tab", { name: "As text" }).click();
  const text = page.getByLabel("Text of the role");
  const before = await text.inputValue();
  await text.fill(`${before}\n[[grants]]\nobjects = ["Customer"]\nactions = ["delete"]\nopen = true\n`);
  await page.getByRole("button", { name: "Check and try" }).click();
  await page.getByText("Nobody gains or loses anything.").waitFor();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Nobody gains or loses anything.").waitFor({ state: "detached" });
  await looks(page, "rights-text");
  const { role } = await meta(`{ role(code: "trainee_${mark}") { fields { object field right mask } caps { export } dimensions { dimension level ticked { value } } } }`);
  assert.deepEqual(role.fields.find(({ field }) => field === "mobile"), { object: "Contact", field: "mobile", right: "MASKED", mask: "END" });
  assert.equal(role.caps.export, 25);
  const set = role.dimensions.find(({ dimension }) => dimension === "DEPARTMENT");
  assert.deepEqual([set.level, set.ticked.length], ["SET", 1]);

  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete this role" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Deleted: Trainee").waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a switch of the company is tried on everyone, and thrown back", async () => {
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin/roles?part=switches&object=Customer");
  await page.getByRole("checkbox", { name: "Department: Read" }).uncheck();
  await page.getByRole("button", { name: "Try", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "Who gains and loses what" }).waitFor();
  await looks(page, "rights-switches");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Discard" }).last().click();
  assert.ok(await page.getByRole("checkbox", { name: "Department: Read" }).isChecked());
  assert.deepEqual(wrong, []);
  await context.close();
});

test("an account: reach as a tree is tried, a key is shown once and revoked, somebody stands in", async () => {
  const { page, wrong, context } = await as("admin");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await go(page, "/admin/people");
  await page.getByRole("button", { name: "zhang", exact: true }).click();
  await page.waitForURL(/account=zhang/);
  const dialog = page.getByRole("dialog").first();
  await dialog.getByRole("tab", { name: "Reach" }).click();
  const department = dialog.getByRole("region", { name: "Department" });
  await department.getByRole("combobox").selectOption("SET");
  await department.getByRole("checkbox").nth(1).check();
  await looks(page, "people-reach");
  await dialog.getByRole("button", { name: "Try…" }).click();
  await page.getByRole("heading", { name: "Who gains and loses what" }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).last().click();

  await dialog.getByRole("tab", { name: "API keys" }).click();
  await dialog.getByRole("button", { name: "New key" }).click();
  await dialog.getByLabel("What it is for").fill("nightly figures");
  const { viewer } = await meta("{ viewer { today } }");
  const until = new Date(Date.parse(viewer.today) + 20 * 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel("Valid until").fill(until);
  await looks(page, "people-new-key");
  await dialog.getByRole("button", { name: "New", exact: true }).click();
  const secret = await dialog.getByLabel(/shown once/).inputValue();
  assert.ok(secret.length > 30, secret);
  const response = await fetch(`${URL_}/metadata`, {
    method: "POST",
    headers: { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" },
    body: JSON.stringify({ query: "{ viewer { account } }" }),
  });
  assert.equal((await response.json()).data.viewer.account, "zhang");
  await looks(page, "people-keys");
  await dialog.getByRole("button", { name: "Revoke nightly figures" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("Revoked: nightly figures").waitFor();
  await dialog.getByText("No keys.").waitFor();

  await dialog.getByRole("tab", { name: "Standing in" }).click();
  await dialog.getByRole("combobox", { name: "Who stands in" }).fill("ljh");
  await dialog.getByRole("option", { name: /李建华/ }).waitFor();
  await page.keyboard.press("Enter");
  await dialog.getByLabel("Until").fill(`${until}T18:00`);
  await dialog.getByLabel("Reason").fill("leave");
  await looks(page, "people-standing");
  await dialog.getByRole("button", { name: "Let them stand in" }).click();
  const row = dialog.getByRole("listitem").filter({ hasText: "李建华 stands in" });
  await row.waitFor();
  assert.match(await row.innerText(), /18:00 · leave/);
  await row.getByRole("button", { name: "End: 李建华" }).click();
  await dialog.getByText("Nobody stands in, and the person stands in for nobody.").waitFor();

  await dialog.getByRole("tab", { name: "Sign-ins" }).click();
  await dialog.getByRole("listitem").first().waitFor();
  await looks(page, "people-sign-ins");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a leaver's records are handed over, object by object, and the account is closed", async () => {
  const { id: leaver, department } = await employee(`L${mark}`, "离职者甲");
  const { id: heir } = await employee(`H${mark}`, "接手者乙");
  const name = `leaver-${mark}`;
  await confirm(leaver, name);
  const leads = [];
  for (const title of ["交接线索一", "交接线索二"]) {
    const { createLead } = await data(
      "mutation($input: CreateLeadInput!) { createLead(input: $input) { record { id } userErrors { message path } } }",
      { variables: { input: { name: title, department: { id: department }, owner: { id: leaver } } } },
    );
    leads.push(createLead.record.id);
  }
  const { page, wrong, context } = await as("admin");
  await go(page, `/admin/people?account=${name}&part=leaving`);
  const dialog = page.getByRole("dialog").first();
  await dialog.getByRole("combobox", { name: "Hand over to" }).fill(`H${mark}`);
  await dialog.getByRole("option", { name: /接手者乙/ }).click();
  const line = dialog.getByRole("row", { name: /Leads/ });
  if (!(await line.getByRole("checkbox").isChecked())) await line.getByRole("checkbox").check();
  await looks(page, "people-leaving");
  await dialog.getByRole("button", { name: "Hand over 2 records" }).click();
  await dialog.getByText("2 handed over").waitFor();
  const { leads: found } = await data("query($ids: [ID!]!) { leads(filter: {id: {in: $ids}}) { nodes { owner { id } } } }", { variables: { ids: leads } });
  assert.deepEqual(found.nodes.map(({ owner }) => owner.id), [heir, heir]);
  await dialog.getByRole("button", { name: "Has left the company" }).click();
  await page.getByText("The person has left").waitFor();
  await dialog.getByRole("button", { name: "Has left the company" }).waitFor({ state: "detached" });
  await dialog.getByText("2 handed over").waitFor();
  await looks(page, "people-left");
  const { accounts } = await meta("{ accounts(first: 500) { nodes { account standing } } }");
  assert.equal(accounts.nodes.find(({ account }) => account === name).standing, "LEFT");
  for (const id of leads) await data(`mutation { deleteLead(id: "${id}") { userErrors { message } } }`);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("the audit trail: by kind, person and time, old and new in words", async () => {
  await meta(`mutation { setReach(account: "wu", dimension: "ITEM", level: ALL) clearReach(account: "wu", dimension: "ITEM") }`);
  const { role } = await meta('{ role(code: "designer") { definition } }');
  await meta("mutation($text: String!) { saveRole(definition: $text) { code } resetRole(code: \"designer\") { code } }", {
    text: `${role.definition}\n# seen by the trail\n`,
  });
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin");
  await page.getByRole("link", { name: /^Audit trail/ }).click();
  await page.getByRole("row", { name: /Signed in/ }).first().waitFor();
  await looks(page, "audit");
  await page.getByLabel("Kind").selectOption("RIGHTS");
  await page.getByLabel("Who").selectOption("admin");
  await page.waitForURL(/kind=RIGHTS&account=admin/);
  const row = page.getByRole("row", { name: /role designer/ }).first();
  await row.getByText("designer: 1 lines").click();
  await row.getByText("+ # seen by the trail").waitFor();
  await page.getByRole("row", { name: /reach taken from wu/ }).first().waitFor();
  assert.equal(await page.getByRole("row", { name: /Signed in/ }).count(), 0);
  await looks(page, "audit-rights");
  await go(page, "/admin/audit?until=2001-01-01");
  await page.getByText("Nothing was noted that meets the conditions.").waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("one's own page: password, other sign-ins, a key, letters that rest", async () => {
  const name = `self-${mark}`;
  await confirm((await employee(`S${mark}`, "自助者丙")).id, name);
  const { createSignInLink } = await meta("mutation($name: String!) { createSignInLink(account: $name) { path } assignRoles(account: $name, roles: [\"salesperson\"]) { account } }", { name });
  const first = "a heron over the harbour";
  const { page, wrong, context } = await open(browser, createSignInLink.path);
  for (const field of ["password", "again"]) await page.locator(`input[name=${field}]`).fill(first);
  await page.locator("button[type=submit]").click();
  await page.waitForURL("**/home");
  const signIn = (password) =>
    fetch(`${URL_}/auth/login`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ account: name, password }),
    });
  assert.equal((await signIn(first)).status, 200);
  await page.getByRole("button", { name: /自助者丙/ }).click();
  await page.getByRole("menuitem", { name: "My account" }).click();
  await page.waitForURL("**/me");
  await page.getByText("this one").waitFor();
  await looks(page, "me");
  await page.getByRole("region", { name: "Sign-ins" }).getByRole("button", { name: "End the sign-in of node" }).click();
  await page.getByText("The sign-in has ended.").waitFor();

  const change = async (current, next, again = next) => {
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password").fill(next);
    await page.getByLabel("Once more").fill(again);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change(first, "a lamp beside the weir", "a lamp beside the wear");
  await page.getByRole("alert").filter({ hasText: "The two are not the same." }).waitFor();
  await change(first, "a lamp beside the weir");
  await page.getByText("The password is changed").waitFor();
  assert.equal((await signIn(first)).status, 401);
  assert.equal((await signIn("a lamp beside the weir")).status, 200);

  await page.getByRole("button", { name: "New key" }).click();
  await page.getByLabel("What it is for").fill("my figures");
  const { viewer } = await meta("{ viewer { today } }");
  await page.getByLabel("Valid until").fill(new Date(Date.parse(viewer.today) + 9 * 86_400_000).toISOString().slice(0, 10));
  await page.getByRole("form", { name: "New key" }).getByRole("button", { name: "New", exact: true }).click();
  assert.match(await page.getByLabel(/shown once/).inputValue(), /^tw_/);
  await page.getByRole("button", { name: "Revoke my figures" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByText("No keys.").waitFor();

  await page.getByLabel(/^Single letters are keys/).uncheck();
  await page.getByRole("heading", { name: "My account" }).click();
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.getByLabel(/^Single letters are keys/).check();
  await page.getByRole("heading", { name: "My account" }).click();
  assert.ok(page.url().endsWith("/me"), page.url());
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.waitForURL("**/home");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("the search page: by object, more of one, from the palette, with the words in the address", async () => {
  const { page, wrong, context } = await as("admin");
  await page.keyboard.press("Control+k");
  await page.locator("[role=dialog] [role=combobox]:focus").waitFor();
  await page.keyboard.type("tj");
  await page.getByRole("option", { name: "Show all" }).click();
  await page.waitForURL("**/search?q=tj");
  const customers = page.getByRole("region", { name: "Customers" });
  await customers.getByRole("link").nth(1).waitFor();
  const before = await customers.getByRole("listitem").count();
  await looks(page, "search");
  await customers.getByRole("button", { name: "More Customers" }).click();
  await page.waitForFunction(
    (count) => document.querySelectorAll('section[aria-label="Customers"] li').length > count, before,
  );
  await page.getByRole("searchbox", { name: "What to look for" }).fill("天津安益");
  await page.waitForURL(/q=%E5%A4%A9|q=天/);
  await customers.getByRole("link", { name: /天津安益/ }).first().click();
  await page.locator("h1", { hasText: "天津安益" }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("an administrator reads as a salesperson, changes nothing, and ends it by the red bar", async () => {
  const { page, wrong, context } = await as("admin");
  const counted = async (account) => (await data("{ customers { totalCount } }", { account })).customers.totalCount;
  const theirs = await counted("zhang");
  assert.notEqual(theirs, await counted("admin"));
  const writes = [];
  page.on("request", (request) => {
    const query = request.postDataJSON?.()?.query;
    if (query?.startsWith("mutation")) writes.push(query.slice(0, 60));
  });
  await page.keyboard.press("Control+k");
  await page.locator("[role=dialog] [role=combobox]:focus").waitFor();
  await page.keyboard.type("zhang");
  await page.getByRole("option", { name: /zhang$/ }).last().click();
  const bar = page.getByRole("main").getByRole("status").filter({ hasText: "You read as" });
  await bar.filter({ hasText: "张伟强" }).waitFor();
  await page.getByRole("button", { name: "Account: 张伟强" }).waitFor();
  await looks(page, "console-view-as");
  assert.equal(await page.getByRole("button", { name: "Arrange" }).count(), 0);

  await go(page, "/o/customers");
  await page.getByRole("status").filter({ hasText: ` of ${theirs}` }).waitFor();
  assert.equal(await page.getByRole("link", { name: "New Customer" }).count(), 0);
  await page.locator("tbody a").first().click();
  await page.waitForURL(/\/o\/customers\/.+/);
  await page.locator("[data-field]").first().waitFor();
  await page.waitForLoadState("networkidle");
  assert.equal(await page.getByRole("link", { name: "Edit", exact: true }).count(), 0);
  assert.equal(await page.getByRole("button", { name: /^Edit: / }).count(), 0);
  await looks(page, "console-view-as-record");
  await page.setViewportSize({ width: 390, height: 844 });
  await looks(page, "console-view-as-390");
  await page.setViewportSize({ width: 1360, height: 860 });
  for (const path of ["/o/opportunities?face=board", "/d", "/admin/people"]) {
    await go(page, path);
    await bar.waitFor();
  }
  // What only administrators have is not there for whom they read as.
  assert.equal(await page.locator("main table").count(), 0);

  // A page that is loaded anew goes on; another tab is one's own.
  await page.reload();
  await bar.waitFor();
  const other = await context.newPage();
  await go(other, "/home");
  assert.equal(await other.getByText("You read as").count(), 0);
  await other.close();
  await bar.getByRole("button", { name: "End" }).click();
  await page.waitForURL("**/home");
  await page.getByRole("button", { name: /^Account: / }).filter({ hasNotText: "张伟强" }).waitFor();
  assert.equal(await bar.count(), 0);

  // From the page of people, too.
  await go(page, "/admin/people?account=li");
  await page.getByRole("button", { name: "View as this person" }).click();
  await bar.waitFor();
  await bar.getByRole("button", { name: "End" }).click();
  await page.waitForURL("**/home");
  const { auditTrail } = await meta('{ auditTrail(kind: VIEW_AS, first: 1) { nodes { account detail } } }');
  assert.equal(auditTrail.nodes[0].detail.as, "li");
  assert.deepEqual(writes, []);
  assert.deepEqual(wrong, []);
  await context.close();
});
