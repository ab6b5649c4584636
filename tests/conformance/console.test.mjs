/**
 * The console in a browser, as its people use it: sign-in that tabs share, finding, lists, records, forms, boards.
 *
 * An error in the browser's console, an answer with errors, a refused style or a request to elsewhere fails the test.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, open, shot, signedIn } from "./browser.mjs";
import { data, PASSWORD, URL_ } from "./support.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(async () => browser?.close());

/** Answers with errors count as what went wrong, too. */
function answersOf(context, wrong) {
  context.on("response", async (response) => {
    const path = new URL(response.url()).pathname;
    if (response.status() >= 400) wrong.push(`${response.status()} ${path}`);
    if (path !== "/graphql" && path !== "/metadata") return;
    const body = await response.json().catch(() => ({}));
    if (body.errors) wrong.push(`${JSON.stringify(body.errors).slice(0, 300)} for ${response.request().postData()?.slice(0, 200)}`);
  });
}

async function as(account, options) {
  const opened = await signedIn(browser, account, options);
  answersOf(opened.context, opened.wrong);
  return opened;
}

async function go(page, path) {
  await page.goto(URL_ + path);
  await page.locator("main h1").first().waitFor();
  await page.waitForLoadState("networkidle");
}

/** A field of a form by its API name. */
const field = (page, name) => page.locator(`[data-field="${name}"] :is(input, select, textarea)`).first();

/** The choices of an open list. */
const options = (page, by = {}) => page.locator("[role=listbox] [role=option]").filter(by);

/** Chooses a record by what is typed. */
async function pick(page, name, text, title) {
  await field(page, name).click();
  await field(page, name).fill(text);
  await options(page, { hasText: title }).first().click();
}

/** The texts of what a page shows, once two looks at it find the same. */
async function settled(page, selector) {
  await page.waitForFunction(
    (wanted) => {
      const now = [...document.querySelectorAll(wanted)].map((one) => one.textContent).join("\n");
      const same = now !== "" && now === globalThis.seenBefore;
      globalThis.seenBefore = now;
      return same;
    },
    selector,
    { polling: 200 },
  );
  return page.locator(selector).allInnerTexts();
}

test("a sign-in is shared by tabs, read by no script, and over for all of them at once", async () => {
  const { page, wrong, context } = await open(browser, "/");
  await page.waitForURL("**/signin**");
  await page.locator("input[name=account]").fill("zhang");
  await page.locator("input[name=password]").fill("not the password");
  await page.locator("button[type=submit]").click();
  await page.getByRole("alert").waitFor();
  await shot(page, "console-signin-refused");
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator("button[type=submit]").click();
  await page.waitForURL("**/home");
  // The browser tells of the one refusal.
  wrong.length = 0;
  answersOf(context, wrong);
  const kept = await page.evaluate(() => [document.cookie, ...Object.entries(localStorage).flat(), ...Object.entries(sessionStorage).flat()].join(" "));
  assert.doesNotMatch(kept, /eyJ|tw_refresh|s\./);
  const [cookie] = (await context.cookies()).filter(({ name }) => name === "tw_refresh");
  assert.ok(cookie.httpOnly && cookie.sameSite === "Strict" && cookie.path === "/auth", JSON.stringify(cookie));

  await page.reload();
  await page.getByRole("button", { name: /张伟强/ }).waitFor();
  const other = await context.newPage();
  await go(other, "/o/customers");
  await other.locator("tbody a").first().waitFor();
  await page.getByRole("button", { name: /张伟强/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("**/signin");
  await other.waitForURL("**/signin**");
  assert.equal(await other.locator("tbody").count(), 0);
  assert.deepEqual((await context.cookies()).filter(({ name }) => name === "tw_refresh"), []);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a new colleague's link: a password of their own, typed twice, and they are in", async () => {
  const { departments } = await data("{ departments(first: 1) { nodes { id } } }");
  const { createEmployee } = await data(
    `mutation($department: ID!) { createEmployee(input: {code: "linked", name: "新来的", department: {id: $department}}) { record { id } userErrors { message } } }`,
    { variables: { department: departments.nodes[0].id } },
  );
  assert.deepEqual(createEmployee.userErrors, []);
  const { createSignInLink } = await data(
    `mutation($employee: ID!) {
      confirmEmployee(employee: $employee, account: "linked", systems: ["SALES"]) { account }
      assignRoles(account: "linked", roles: ["salesperson"]) { roles }
      createSignInLink(account: "linked") { path }
    }`,
    { variables: { employee: createEmployee.record.id }, endpoint: "/metadata" },
  );
  const { page, wrong, context } = await open(browser, createSignInLink.path);
  const set = async (password, again) => {
    await page.locator("input[name=password]").fill(password);
    await page.locator("input[name=again]").fill(again);
    await page.locator("button[type=submit]").click();
  };
  await set("a heron over the harbour", "a heron over the harbor");
  await page.getByRole("alert").waitFor();
  await set("linked1234", "linked1234");
  await page.getByRole("alert").filter({ hasNotText: "same" }).waitFor();
  await shot(page, "console-password-weak");
  assert.deepEqual(await axe(page), []);
  await set("a heron over the harbour", "a heron over the harbour");
  await page.waitForURL("**/home");
  assert.equal(new URL(page.url()).hash, "");
  await page.getByRole("button", { name: /新来的/ }).waitFor();
  // A password that was refused is an answer of the server's that the browser tells of.
  assert.deepEqual(wrong.filter((line) => !line.includes("status of 422") && !line.includes("status of 400")), []);
  await context.close();
});

test("Ctrl+K, pinyin, Enter: a customer is open", async () => {
  const { page, wrong, context } = await as("zhang", { locale: "zh-CN" });
  await page.keyboard.press("Control+k");
  await page.locator("[role=dialog] [role=combobox]:focus").waitFor();
  await page.keyboard.type("tjay");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/o\/customers\/.+/);
  await page.locator("h1", { hasText: "天津安益" }).waitFor();
  // What was opened is offered first the next time, and at home.
  await page.waitForLoadState("networkidle");
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.waitForURL("**/home");
  await page.locator("main a", { hasText: "天津安益" }).first().waitFor();
  await shot(page, "console-home");
  assert.deepEqual(wrong, []);
  await context.close();
});

/** How many customers there are: other tests convert leads to some. */
const customerCount = async () => (await data("{ customers { totalCount } }")).customers.totalCount;

test("a list: search, conditions, order, all of it in the address; three hundred rows scroll", async () => {
  const count = await customerCount();
  const { page, wrong, context } = await as("admin");
  await go(page, "/o/customers");
  await page.getByRole("status").filter({ hasText: `50 of ${count}` }).waitFor();
  const grid = page.getByRole("region", { name: "Customers" });
  for (let round = 0; round < 40 && !(await page.getByText(`${count} of ${count}`).isVisible()); round += 1) {
    await grid.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.waitForTimeout(100);
  }
  await page.getByText(`${count} of ${count}`).waitFor();
  assert.ok((await grid.locator("tbody tr").count()) < 80);
  await page.getByRole("searchbox").fill("tj");
  await page.waitForURL(/q=tj/);
  await page.getByRole("button", { name: /^Add a condition/ }).click();
  await page.getByRole("menuitem", { name: "Level", exact: true }).click();
  await page.getByRole("checkbox", { name: /^A/ }).check();
  await page.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/f\.level=in/);
  await Promise.all([
    page.waitForResponse((response) => response.request().postData()?.includes('"orderBy":[{"name":"ASC"}]')),
    page.getByRole("button", { name: "Name", exact: true }).click(),
  ]);
  await page.waitForURL(/s=name/);
  await page.waitForLoadState("networkidle");
  const asked = new URL(page.url()).search;
  const shown = await settled(page, "tbody a");
  assert.ok(shown.length > 0);
  await shot(page, "console-list");
  await page.reload();
  await page.locator("tbody a").first().waitFor();
  assert.equal(new URL(page.url()).search, asked);
  assert.deepEqual((await settled(page, "tbody a")).slice(0, 10), shown.slice(0, 10));
  await page.getByRole("button", { name: /^Remove: Level/ }).click();
  await page.waitForFunction(() => !location.search.includes("level"));

  await page.getByRole("button", { name: /^View:/ }).click();
  await page.getByRole("menuitem", { name: /Save as a view/ }).click();
  await page.locator("input[name=name]").fill("Tianjin by name");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL(/view=/);
  await page.getByRole("button", { name: /^View:/ }).filter({ hasText: "Tianjin by name" }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("an order: lines pasted from a spreadsheet, priced and added up by the server, saved once", async () => {
  const { page, wrong, context } = await as("zhang", { locale: "zh-CN" });
  await go(page, "/o/salesOrders/new");
  await pick(page, "customer", "tjay", /天津安益/);
  const { inventoryItems } = await data("{ inventoryItems(first: 3, orderBy: [{code: ASC}]) { nodes { name } } }", { account: "zhang" });
  await page.getByRole("button", { name: "添加一行" }).first().click();
  const rows = inventoryItems.nodes.map(({ name }, place) => `${name}\t${(place + 1) * 100}`).join("\n");
  await page.locator("td[data-label] input").first().evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, rows);
  const table = page.locator("table").first();
  await table.locator("tbody tr").nth(2).waitFor();
  for (const place of [0, 1, 2]) {
    await table.locator("tbody tr").nth(place).locator("td[data-label=单价] input").fill("1.5万");
  }
  await table.locator("tbody tr").nth(2).getByText("4,500,000.00").waitFor();
  await shot(page, "console-order-form");
  await page.keyboard.press("Control+s");
  await page.waitForURL(/\/o\/salesOrders\/[0-9a-f-]{30,}$/);
  await page.locator("main").getByText("9,000,000.00").first().waitFor();
  await shot(page, "console-order");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("what is wrong stands at its field; what was typed is kept when the page is left", async () => {
  const { page, wrong, context } = await as("zhang");
  await go(page, "/o/customers/new");
  await field(page, "shortName").fill("Half a customer");
  await page.keyboard.press("Control+Enter");
  await page.locator('[data-field="name"] [id$="-fault"]').waitFor();
  assert.equal(await field(page, "name").getAttribute("aria-invalid"), "true");
  await shot(page, "console-form-faults");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: /Leave/ }).click();
  await page.waitForURL("**/o/customers");
  await go(page, "/home");
  await page.getByRole("link", { name: "New Customer" }).click();
  await page.waitForURL(/draft=/);
  await page.waitForFunction(() => document.querySelector('[data-field="shortName"] input')?.value === "Half a customer");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.waitForURL("**/home");
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("link", { name: "New Customer" }).waitFor({ state: "detached" });
  assert.deepEqual(wrong, []);
  await context.close();
});

test("two people change one record: what only one has touched joins, for the rest one chooses", async () => {
  const { page, wrong, context } = await as("admin");
  const { customer } = await data('{ customer(code: "KH0009") { id remark address } }');
  await go(page, `/o/customers/${customer.id}/edit`);
  await field(page, "remark").fill("mine");
  await field(page, "city").fill("Mine");
  await data('mutation($id: ID!) { updateCustomer(id: $id, patch: {remark: "theirs", address: "Theirs 1"}) { userErrors { code } } }', { variables: { id: customer.id } });
  await page.keyboard.press("Control+s");
  await page.getByRole("dialog").getByText("theirs").waitFor();
  await shot(page, "console-conflict");
  await page.getByRole("dialog").getByRole("radio", { name: /Theirs/ }).check();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.waitForURL(new RegExp(`${customer.id}$`));
  const after = await data('{ customer(code: "KH0009") { remark address city } }');
  assert.deepEqual(after.customer, { remark: "theirs", address: "Theirs 1", city: "Mine" });
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a card is moved by a key, and back by undo; a record is removed, and put back", async () => {
  const { page, wrong, context } = await as("admin");
  await go(page, "/o/leads?face=board");
  const columns = page.locator("section[aria-label]");
  await columns.nth(1).waitFor();
  const counts = async () => (await columns.locator("h2 span").allInnerTexts()).map(Number);
  const before = await counts();
  const from = before.findIndex((count, place) => count > 0 && place + 1 < before.length);
  await columns.nth(from).locator("a").first().focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await page.waitForLoadState("networkidle");
  const moved = await counts();
  assert.deepEqual([moved[from], moved[from + 1]], [before[from] - 1, before[from + 1] + 1]);
  await shot(page, "console-board");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.waitForFunction((wanted) => [...document.querySelectorAll("section[aria-label] h2 span")].map((one) => Number(one.textContent)).join() === wanted, before.join());

  await go(page, "/o/regions");
  await page.locator("tbody a").last().click();
  await page.getByRole("button", { name: "More", exact: true }).waitFor();
  const record = page.url();
  const title = await page.locator("h1").innerText();
  const { createRegion } = await data('mutation { createRegion(input: {code: "CONSOLE", name: "要删的"}) { record { id } userErrors { code } } }');
  assert.ok(record !== "" && title !== "");
  await go(page, `/o/regions/${createRegion.record.id}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: /Delete/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.waitForURL("**/o/regions");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.waitForURL(/regions\/.+/);
  await page.locator("h1", { hasText: "要删的" }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("an object defined while the console is open is in its menu, with list, form and record", async () => {
  const { page, wrong, context } = await as("admin");
  await go(page, "/home");
  const { applySchema } = await data(
    `mutation($sdl: String!) { applySchema(sdl: $sdl, acceptLayouts: true) { version diagnostics { message } } }`,
    {
      endpoint: "/metadata",
      variables: {
        sdl: `type Pallet @object(kind: MASTER, label: "托盘", labelEn: "Pallet", plural: "pallets", systems: [SALES]) {
  name: String! @field(label: "名称", labelEn: "Name", search: true)
  size: PalletSize @field(label: "规格", labelEn: "Size")
  customer: Customer @field(label: "客户", labelEn: "Customer") @relation(inverse: "pallets")
  weight: Decimal @field(label: "重量", labelEn: "Weight", scale: 2)
}
enum PalletSize { SMALL @label(zh: "小", en: "Small") LARGE @label(zh: "大", en: "Large") }`,
      },
    },
  );
  assert.deepEqual(applySchema.diagnostics, []);
  await page.getByRole("navigation", { name: "Sales" }).getByRole("link", { name: "Pallet" }).click();
  await page.getByText("No Pallets yet.").waitFor();
  await page.getByRole("link", { name: "New Pallet" }).click();
  await field(page, "name").fill("Euro pallet");
  await field(page, "size").selectOption("LARGE");
  await field(page, "weight").fill("1,234.5");
  await pick(page, "customer", "KH0001", /./);
  await page.keyboard.press("Control+s");
  await page.locator("h1", { hasText: "Euro pallet" }).waitFor();
  await page.locator("main").getByText("1,234.50").waitFor();
  await shot(page, "console-custom-object");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a field is designed, foreseen and published, and stands on the form at once", async () => {
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin/objects/Competitor");
  await page.getByRole("button", { name: "New field" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Label in Chinese").fill("保质期");
  await dialog.getByLabel("Label in English").fill("Shelf life");
  assert.equal(await dialog.getByLabel("API name").inputValue(), "shelfLife");
  await dialog.getByLabel("Type").selectOption("PICKLIST");
  await dialog.getByLabel("Values").fill("short 短\nlong 长");
  await dialog.getByRole("button", { name: "Put into the draft" }).click();
  const draft = page.getByRole("region", { name: "Draft" });
  await draft.getByText("Competitor.shelfLife").waitFor();
  await shot(page, "console-designer");
  await draft.getByRole("button", { name: "Publish" }).click();
  await dialog.getByLabel("Note").fill("how long it keeps");
  await dialog.getByRole("button", { name: "Publish" }).click();
  await page.getByText(/^Published: version/).waitFor();
  await page.getByRole("cell", { name: "shelfLife" }).waitFor();
  await go(page, "/o/competitors/new");
  await field(page, "shelfLife").selectOption({ label: "长" });
  const { versions } = await data("{ versions(first: 1) { nodes { note publishedByAccount } } }", { endpoint: "/metadata" });
  assert.deepEqual(versions.nodes, [{ note: "how long it keeps", publishedByAccount: "admin" }]);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a right is tried on everyone before it is saved; why someone sees a record, and who does", async () => {
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin/roles?role=salesperson");
  await page.getByRole("combobox", { name: "Customer: Export", exact: true }).focus();
  await page.keyboard.press("r");
  await page.getByRole("button", { name: "Try 1 changes" }).click();
  const dialog = page.getByRole("dialog");
  const row = dialog.getByRole("row", { name: /zhang/ });
  await row.waitFor();
  assert.match(await row.innerText(), /Customer\s+Export\s+\+\d+/);
  await shot(page, "console-rights");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText(/^Saved:/).waitFor();
  const { rightsMatrix } = await data(
    '{ rightsMatrix(roles: ["salesperson"], objects: ["Customer"]) { cells { action level } } }', { endpoint: "/metadata" },
  );
  assert.equal(rightsMatrix[0].cells.find(({ action }) => action === "EXPORT").level, "RELATED");

  const { customers } = await data("{ customers(first: 1) { nodes { id name } } }", { account: "li" });
  const [{ id, name }] = customers.nodes;
  await go(page, `/o/customers/${id}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Who may see what" }).click();
  await page.getByLabel("Account").selectOption("zhang");
  await page.getByText("Refused:").waitFor();
  await page.getByRole("heading", { name: /^Who can see it/ }).waitFor();
  await page.locator("main li", { hasText: "李建华" }).waitFor();
  await page.getByLabel("Account").selectOption("li");
  await page.getByText("Allowed:").waitFor();
  await shot(page, "console-access");
  assert.ok(name !== "");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a new colleague is let in by the page: account, role, link", async () => {
  const { departments } = await data("{ departments(first: 1) { nodes { id } } }");
  await data(
    `mutation($department: ID!) { createEmployee(input: {code: "invited", name: "欧阳受邀", department: {id: $department}}) { userErrors { message } } }`,
    { variables: { department: departments.nodes[0].id } },
  );
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin/people");
  await page.getByRole("button", { name: "New account" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Employee").fill("oysy");
  await dialog.getByRole("button", { name: "欧阳受邀" }).click();
  await dialog.getByLabel("Account").fill("invited");
  await dialog.getByRole("checkbox", { name: "Salesperson" }).check();
  await shot(page, "console-new-account");
  await dialog.getByRole("button", { name: "New", exact: true }).click();
  await dialog.getByRole("button", { name: "Link to set a password" }).click();
  const link = await dialog.locator("input[readonly]").inputValue();
  assert.ok(link.startsWith(`${URL_}/#link=`), link);
  assert.deepEqual(wrong, []);
  await context.close();

  const theirs = await open(browser, link.slice(URL_.length));
  for (const name of ["password", "again"]) await theirs.page.locator(`input[name=${name}]`).fill("a lantern on the quay");
  await theirs.page.locator("button[type=submit]").click();
  await theirs.page.waitForURL("**/home");
  await theirs.page.getByRole("button", { name: /欧阳受邀/ }).waitFor();
  assert.deepEqual(theirs.wrong, []);
  await theirs.context.close();
});

test("what others do is seen while a list is open, and nothing moves", async () => {
  const { page, wrong, context } = await as("admin");
  const { createRegion } = await data('mutation { createRegion(input: {code: "LIVE1", name: "现场一"}) { record { id } userErrors { code } } }');
  await go(page, "/o/regions");
  await page.getByRole("link", { name: "LIVE1" }).waitFor();
  const rename = (name) =>
    data("mutation($id: ID!, $name: String!) { updateRegion(id: $id, patch: {name: $name}) { userErrors { code } } }", { variables: { id: createRegion.record.id, name } });
  // The socket may open after the first change.
  for (let round = 0; round < 20 && (await page.getByText(/^现场改/).count()) === 0; round += 1) {
    await rename(`现场改${round}`);
    await page.waitForTimeout(400);
  }
  await page.getByText(/^现场改/).first().waitFor();
  await data('mutation { createRegion(input: {code: "LIVE2", name: "现场二"}) { userErrors { code } } }');
  await page.getByRole("button", { name: /change.*load again/ }).click();
  await page.getByRole("link", { name: "LIVE2" }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("one field of several records, and several to the recycle bin", async () => {
  const { page, wrong, context } = await as("admin");
  await go(page, "/o/customers?s=code");
  for (const place of [0, 1, 2]) await page.locator("tbody input[type=checkbox]").nth(place).check();
  const bar = page.getByRole("region", { name: "Chosen records" });
  await bar.getByText(`3 of ${await customerCount()}`).waitFor();
  await shot(page, "console-chosen");
  await bar.getByRole("button", { name: /Change a field/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Fields").selectOption("remark");
  await dialog.locator("textarea").fill("asked in autumn");
  await dialog.getByRole("button", { name: "Change 3 records" }).click();
  await page.getByText("3 records changed.").waitFor();
  const { customers } = await data('{ customers(filter: {remark: {eq: "asked in autumn"}}, orderBy: [{code: ASC}]) { nodes { code } } }');
  assert.deepEqual(customers.nodes.map(({ code }) => code), ["KH0001", "KH0002", "KH0003"]);

  await data('mutation { createRegions(inputs: [{code: "MANY1", name: "多一"}, {code: "MANY2", name: "多二"}]) { userErrors { code } } }');
  await go(page, "/o/regions?q=%E5%A4%9A");
  await page.locator("thead input[type=checkbox]").check();
  await bar.getByRole("button", { name: /Delete/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("2 records are in the recycle bin.").waitFor();
  await page.getByText("Nothing meets the conditions.").waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a list as a chart, whose bars open their records, kept as a view; and as a calendar", async () => {
  const { page, wrong, context } = await as("admin");
  const { opportunityAggregate: groups } = await data(
    "{ opportunityAggregate(groupBy: [{stage: {id: true}}, {stage: {name: true}}], orderBy: [{sum: {amount: DESC}}]) { key { stage { name } } count sum { amount } } }",
  );
  await go(page, "/o/opportunities?face=chart&g=stage&m=amount");
  const rows = page.locator("tbody tr");
  await rows.first().waitFor();
  assert.equal(await rows.count(), groups.length);
  // States stand in their own order; what each says is exact.
  const shown = (await rows.allInnerTexts()).map((row) => row.split(/\s*\t\s*|\n/).map((cell) => cell.replaceAll(",", "")));
  assert.deepEqual(
    shown.toSorted(),
    groups.map(({ key, count, sum }) => [key.stage.name, sum.amount, String(count)]).toSorted(),
  );
  await shot(page, "console-chart");
  await page.getByLabel("Grouped by").selectOption("expectedCloseOn");
  await page.getByLabel("Period").selectOption("QUARTER");
  await page.waitForURL(/g=expectedCloseOn%3AQUARTER/);
  await page.getByRole("button", { name: /^View:/ }).click();
  await page.getByRole("menuitem", { name: /Save as a view/ }).click();
  await page.locator("input[name=name]").fill("By quarter");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL(/view=/);
  await page.waitForFunction(() => document.querySelectorAll("main select")[2]?.value === "QUARTER");
  await rows.first().getByRole("link", { name: /^\d{4} Q[1-4]$/ }).waitFor();
  const count = Number((await rows.first().locator("td").nth(1).innerText()).replaceAll(",", ""));
  await rows.first().getByRole("link").click();
  await page.getByRole("status").filter({ hasText: ` of ${count}` }).waitFor();

  const { schedules } = await data("{ schedules(first: 1, orderBy: [{startsAt: DESC}]) { nodes { subject startsAt } } }");
  const [{ subject, startsAt }] = schedules.nodes;
  const month = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit" }).format(new Date(startsAt));
  await go(page, `/o/schedules?face=calendar&at=${month}`);
  await page.getByRole("cell").getByRole("link", { name: subject }).first().waitFor();
  await shot(page, "console-calendar");
  await page.getByRole("button", { name: "Next" }).click();
  await page.waitForURL((url) => url.searchParams.get("at") !== month);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("administration is not there for whoever may not administer", async () => {
  const { page, wrong, context } = await as("zhang");
  for (const path of ["/admin", "/admin/objects", "/admin/objects/Customer", "/admin/roles", "/admin/people", "/admin/versions", "/admin/access", "/admin/audit", "/admin/behaviour", "/admin/behaviour/sales.rules.toml"]) {
    await go(page, path);
    await page.getByRole("heading", { name: "There is no such page here" }).waitFor();
  }
  assert.deepEqual(wrong, []);
  await context.close();
});

test("another's customer is not there for a salesperson: not by address, search, list or picker", async () => {
  const names = async (account) => (await data("{ customers(first: 400) { nodes { id name } } }", { account })).customers.nodes;
  const own = new Set((await names("zhang")).map(({ id }) => id));
  const others = (await names("li")).filter(({ id }) => !own.has(id));
  assert.ok(others.length > 5);
  const { page, wrong, context } = await as("zhang");
  const leaked = [];
  context.on("response", async (response) => {
    const text = await response.text().catch(() => "");
    for (const { name } of others) if (text.includes(name)) leaked.push(`${name} in ${response.url()}`);
  });
  const seen = async () => {
    const text = await page.evaluate(() => document.documentElement.outerHTML + document.title);
    for (const { name } of others) if (text.includes(name)) leaked.push(`${name} at ${page.url()}`);
  };
  await page.goto(`${URL_}/o/customers/${others[0].id}`);
  await page.locator("h1", { hasText: "There is no such page here" }).waitFor();
  for (const path of ["/home", "/o/customers", "/o/customers?face=board", "/o/contacts", "/o/opportunities?face=board", "/o/salesOrders", "/o/activities", "/o/customers/new"]) {
    await go(page, path);
    await seen();
  }
  await page.keyboard.press("Control+k");
  await page.keyboard.type(others[0].name.slice(0, 4));
  await page.waitForLoadState("networkidle");
  const shown = await options(page).allInnerTexts();
  assert.ok(!shown.some((text) => others.some(({ name }) => text.includes(name))), shown.join());
  await page.keyboard.press("Escape");
  await go(page, "/o/salesOrders/new");
  await field(page, "customer").fill(others[1].name);
  await options(page).first().waitFor();
  await page.waitForLoadState("networkidle");
  // The last row would create one of that name, which tells nothing.
  const found = await options(page, { hasNotText: /^Create/ }).allInnerTexts();
  assert.ok(!found.some((text) => text.includes(others[1].name)), found.join());
  assert.deepEqual(leaked, []);
  assert.deepEqual(wrong, []);
  await context.close();
});

for (const [width, scheme, locale] of [[1280, "light", "en-GB"], [1280, "dark", "zh-CN"], [390, "light", "zh-CN"], [390, "dark", "en-GB"]]) {
  test(`every kind of page at ${width} px, ${scheme}, ${locale}: axe finds nothing, nothing scrolls sideways`, async () => {
    const { customers, salesOrders } = await data("{ customers(first: 1) { nodes { id } } salesOrders(first: 1) { nodes { id } } }", { account: "zhang" });
    const of = {
      zhang: [
        "/home", "/o/customers", "/o/opportunities?face=board", "/o/opportunities?face=chart", "/o/schedules?face=calendar", `/o/customers/${customers.nodes[0].id}`,
        `/o/customers/${customers.nodes[0].id}?tab=3`, `/o/salesOrders/${salesOrders.nodes[0].id}`, "/o/customers/new",
        `/o/salesOrders/${salesOrders.nodes[0].id}/edit`, "/o/nothing", "/me", "/search?q=tj",
      ],
      admin: ["/admin", "/admin/objects", "/admin/objects/Customer", "/admin/objects/SalesOrder", "/admin/behaviour", "/admin/roles", "/admin/people", "/admin/versions", "/admin/access", "/admin/audit"],
    };
    const found = [];
    const look = async ([account, paths]) => {
      const { page, wrong, context } = await as(account, { width, height: 844, scheme, locale });
      for (const path of paths) {
        await go(page, path);
        for (const line of await axe(page)) found.push(`${path} ${line}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        if (wide > width) found.push(`${path} is ${wide} px wide`);
        await shot(page, `console-${width}-${scheme}-${path.replace(/\W+/g, "-").slice(1, 40)}`);
      }
      assert.deepEqual(wrong, []);
      await context.close();
    };
    await Promise.all(Object.entries(of).map(look));
    assert.deepEqual(found, []);
  });
}

test("every page of every object opens, for an administrator and a salesperson", async () => {
  const walk = async (account) => {
    const { objects } = await data("{ objects { plural may stateField } }", { account, endpoint: "/metadata" });
    const { page, wrong, context } = await as(account);
    const failed = [];
    /** The page is there: its heading, and nothing that is still being waited for. */
    const settled = () =>
      page.waitForFunction(() => {
        const main = document.querySelector("main");
        return main?.querySelector("h1, [role=alert]") && main.querySelector("[role=status][aria-label=Loading]") === null;
      });
    for (const { plural, may, stateField } of objects) {
      if (plural === null) continue;
      await page.goto(`${URL_}/o/${plural}`);
      await settled();
      const first = page.locator("tbody a").first();
      await first.or(page.getByText(/^No .* yet\.$/)).first().waitFor();
      if (may.includes("CREATE")) {
        await page.locator(`main a[href="/o/${plural}/new"]`).click();
        await page.locator("form").waitFor();
        await page.goBack();
        await settled();
      }
      if (await first.count()) {
        await first.click();
        await page.waitForURL(new RegExp(`/o/${plural}/.`));
        await settled();
        const edit = page.locator('main a[href$="/edit"]');
        await page.locator("main h1, main [role=alert]").first().waitFor();
        if (account === "admin" && (await edit.count())) {
          await edit.click();
          await page.locator("form").or(page.locator("main [role=alert]")).first().waitFor();
        }
      }
      if (account === "admin" && stateField !== null) {
        await page.goto(`${URL_}/o/${plural}?face=board`);
        await page.locator("main section[aria-label]").first().waitFor();
      }
      if (wrong.length > 0) failed.push(`${plural}: ${wrong.splice(0).join(" | ")}`);
    }
    await context.close();
    return failed;
  };
  const failed = await Promise.all(["admin", "zhang"].map(walk));
  assert.deepEqual(failed.flat(), []);
});
