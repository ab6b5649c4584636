/**
 * Record pages and forms in a browser: fields edited where they stand, records made from pickers, what was before,
 * the look at the side.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, shot, signedIn } from "./browser.mjs";
import { data, URL_ } from "./support.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(async () => browser?.close());

/** A person's console; answers with errors count as what went wrong, too. */
async function as(account, options) {
  const { page, wrong, context } = await signedIn(browser, account, options);
  context.on("response", async (response) => {
    const path = new URL(response.url()).pathname;
    if (response.status() >= 400) wrong.push(`${response.status()} ${path}`);
    if (path !== "/graphql" && path !== "/metadata") return;
    const body = await response.json().catch(() => ({}));
    if (body.errors) wrong.push(`${JSON.stringify(body.errors).slice(0, 300)} for ${response.request().postData()?.slice(0, 300)}`);
  });
  return { page, wrong, context };
}

async function go(page, path, there = "main h1") {
  await page.goto(URL_ + path);
  await page.locator(there).first().waitFor();
}

/** A customer of zhang's that goes when the test ends. */
async function customer(code, name) {
  const { createCustomer } = await data(
    `mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { record { id } userErrors { message } } }`,
    { account: "zhang", variables: { input: { code: `${code}-${Date.now()}`, name, city: "天津" } } },
  );
  assert.deepEqual(createCustomer.userErrors, []);
  return createCustomer.record.id;
}

const remove = (object, id) => data(`mutation { delete${object}(id: "${id}") { id } }`);

const customerNow = async (id) =>
  (await data(`{ customer(id: "${id}") { version code name city level } }`)).customer;

const shown = (page, name) => page.locator(`main [data-field="${name}"]`);
const editor = (page, name) => shown(page, name).locator("input, select, textarea").first();
const toast = (page, text) => page.locator("[role=status] div", { hasText: text }).last();

/** Opens a field where it stands. */
async function edit(page, name) {
  await shown(page, name).hover();
  await shown(page, name).getByRole("button", { name: /^(Edit|编辑)/ }).click();
  await editor(page, name).waitFor();
}

test("a field is edited where it stands: shown at once, refused with its reason, taken back, joined with others'", async () => {
  const id = await customer("ZZ-PLACE", "就地修改客户");
  const { page, wrong, context } = await as("zhang");
  await go(page, `/o/customers/${id}`, "[data-field=city]");

  // Enter saves, the focus stays at the field, and the toast takes it back.
  await edit(page, "city");
  await editor(page, "city").fill("北京");
  await editor(page, "city").press("Enter");
  await shown(page, "city").locator("dd", { hasText: "北京" }).waitFor();
  await toast(page, "Saved: City").waitFor();
  assert.equal((await customerNow(id)).city, "北京");
  await shown(page, "city").locator("button:focus").waitFor();
  await shot(page, "record-in-place-saved");
  await toast(page, "Saved: City").getByRole("button", { name: "Undo" }).click();
  await shown(page, "city").locator("dd", { hasText: "天津" }).waitFor();
  assert.equal((await customerNow(id)).city, "天津");

  // F2 opens, Escape gives up; a double click opens, and what is left is saved.
  await shown(page, "city").getByRole("button", { name: /^Edit/ }).focus();
  await page.keyboard.press("F2");
  await editor(page, "city").fill("上海");
  await page.keyboard.press("Escape");
  await shown(page, "city").locator("dd", { hasText: "天津" }).waitFor();
  await shown(page, "level").locator("dd").dblclick();
  await editor(page, "level").selectOption("A");
  await page.locator("main h1").click();
  await toast(page, "Saved: Level").waitFor();
  assert.equal((await customerNow(id)).level, "A");

  // A refusal stands at the field, with what was typed.
  await edit(page, "creditDays");
  await editor(page, "creditDays").fill("400");
  await editor(page, "creditDays").press("Enter");
  await shown(page, "creditDays").getByRole("alert").waitFor();
  assert.equal(await editor(page, "creditDays").inputValue(), "400");
  await shot(page, "record-in-place-refused");
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Escape");

  // What another has saved of another field joins; of the same one, a person chooses.
  const theirs = (patch) => data(`mutation { updateCustomer(id: "${id}", patch: ${patch}) { userErrors { message } } }`);
  await edit(page, "city");
  await theirs(`{shortName: "他们的"}`);
  await editor(page, "city").fill("广州");
  await editor(page, "city").press("Enter");
  await toast(page, "Saved: City").waitFor();
  await shown(page, "shortName").locator("dd", { hasText: "他们的" }).waitFor();
  await edit(page, "city");
  await theirs(`{city: "重庆"}`);
  await editor(page, "city").fill("成都");
  await editor(page, "city").press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("重庆").waitFor();
  await shot(page, "record-in-place-conflict");
  await dialog.getByRole("button", { name: "Save" }).click();
  await shown(page, "city").locator("dd", { hasText: "成都" }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll("[role=dialog]").length === 0);
  assert.equal((await customerNow(id)).city, "成都");
  assert.deepEqual(wrong, []);
  await context.close();
  await remove("Customer", id);
});

test("what a field was before, and a record as it was: in the address, read only", async () => {
  const id = await customer("ZZ-PAST", "从前的客户");
  const { page, wrong, context } = await as("zhang");
  await go(page, `/o/customers/${id}`, "[data-field=city]");
  await edit(page, "city");
  await editor(page, "city").fill("北京");
  await editor(page, "city").press("Enter");
  await toast(page, "Saved: City").waitFor();
  await shown(page, "city").hover();
  await shown(page, "city").getByRole("button", { name: "Actions: City" }).click();
  await page.getByRole("menuitem", { name: "History of this field" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("li").nth(1).waitFor();
  assert.match(await dialog.locator("li").first().innerText(), /天津\s*→\s*北京[\s\S]*张伟强/);
  assert.deepEqual(await axe(page), []);
  await shot(page, "record-history");
  // The first entry is what the record began as.
  await dialog.locator("li").nth(1).getByRole("link").click();
  await page.waitForURL(/asOf=/);
  await shown(page, "city").locator("dd", { hasText: "天津" }).waitFor();
  await page.getByText(/As it was on .*Read only/).waitFor();
  assert.equal(await page.getByRole("link", { name: "Edit" }).count(), 0);
  assert.equal(await shown(page, "city").getByRole("button").count(), 0);
  await shot(page, "record-past");
  assert.deepEqual(await axe(page), []);
  // Before there was any: no page of a fault, and the way back.
  await page.getByRole("button", { name: "Another time" }).click();
  await dialog.locator("input").fill("2020-01-31T08:00");
  await dialog.getByRole("button", { name: "Show" }).click();
  await page.getByText("There was no such record at that time").waitFor();
  await page.getByRole("button", { name: "Back to today" }).click();
  await shown(page, "city").locator("dd", { hasText: "北京" }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
  await remove("Customer", id);
});

test("a record that a picker does not find is created by the save of the one that refers to it", async () => {
  const { page, wrong, context } = await as("zhang");
  const code = `ZZ-PICK-${Date.now()}`;
  await go(page, "/o/contacts/new", "[data-field=name]");
  const field = (name, within = page.locator("main")) => within.locator(`[data-field="${name}"] :is(input, select, textarea)`).first();
  await field("name").fill("新联系人");
  await field("customer").click();
  await field("customer").fill("还没有的客户");
  await page.getByRole("option", { name: "Create “还没有的客户”" }).click();
  const dialog = page.getByRole("dialog");
  assert.equal(await field("name", dialog).inputValue(), "还没有的客户");
  await field("code", dialog).waitFor();
  await shot(page, "picker-create");
  assert.deepEqual(await axe(page), []);
  // What is wrong is told in the small form, at its field.
  await dialog.getByRole("button", { name: "Use it" }).click();
  await dialog.locator("[data-field=code]", { hasText: "required" }).waitFor();
  await field("code", dialog).fill(code);
  await field("code", dialog).press("Control+Enter");
  await dialog.waitFor({ state: "detached" });
  assert.equal(await field("customer").inputValue(), "还没有的客户 (new)");
  const before = await data(`{ customers(filter: {code: {eq: "${code}"}}) { totalCount } }`);
  assert.equal(before.customers.totalCount, 0);
  await page.keyboard.press("Control+s");
  await page.waitForURL(/\/o\/contacts\/(?!new)/);
  await page.locator("main a", { hasText: "还没有的客户" }).first().waitFor();
  const made = await data(`{ customers(filter: {code: {eq: "${code}"}}) { nodes { id contacts { nodes { id name } } } } }`);
  assert.deepEqual(made.customers.nodes[0].contacts.nodes.map(({ name }) => name), ["新联系人"]);
  assert.deepEqual(wrong, []);
  await context.close();
  await remove("Contact", made.customers.nodes[0].contacts.nodes[0].id);
  await remove("Customer", made.customers.nodes[0].id);
});

test("space looks at a record at the side; the next ones follow as the list has them, on its page too", async () => {
  const { page, wrong, context } = await as("zhang");
  await go(page, "/o/opportunities", "tbody a");
  const titles = await page.locator("tbody tr[data-place] a[data-record]").evaluateAll((links) => links.slice(0, 3).map((link) => link.dataset.record));
  const at = (id) => page.locator(`tbody a[data-record="${id}"]`);
  await at(titles[0]).focus();
  await page.keyboard.press("Space");
  const side = page.getByRole("dialog");
  await side.locator("[data-field=name]").waitFor();
  const first = await side.locator("h2").first().innerText();
  await shot(page, "record-peek");
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("]");
  await page.waitForFunction((text) => document.querySelector("[role=dialog] h2")?.textContent !== text, first);
  await side.locator("[data-field=name]").waitFor();
  // A field is edited there, too; Escape gives up the field, then the look.
  await side.locator("[data-field=name]").hover();
  await side.locator("[data-field=name]").getByRole("button", { name: /^Edit/ }).click();
  await page.keyboard.press("Escape");
  await side.locator("[data-field=name] button:focus").waitFor();
  await page.keyboard.press("Escape");
  await side.waitFor({ state: "detached" });
  await page.locator(`a[data-record="${titles[0]}"]:focus`).waitFor();
  // The pointer has a button for it.
  await at(titles[1]).hover();
  await page.locator(`tr:has(a[data-record="${titles[1]}"])`).getByRole("button", { name: /at the side/ }).click();
  await side.getByRole("link", { name: "Open" }).click();
  await page.waitForURL(`**/o/opportunities/${titles[1]}`);
  await shown(page, "name").waitFor();
  await page.keyboard.press("]");
  await page.waitForURL(`**/o/opportunities/${titles[2]}`);
  await shown(page, "name").waitFor();
  await page.keyboard.press("[");
  await page.waitForURL(`**/o/opportunities/${titles[1]}`);
  await page.goBack();
  await page.waitForURL("**/o/opportunities");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("on a phone the look is a sheet", async () => {
  const { page, wrong, context } = await as("zhang", { width: 390, height: 844, locale: "zh-CN", scheme: "dark" });
  await go(page, "/o/customers", "main strong");
  await page.getByRole("button", { name: /在侧边查看/ }).first().click();
  await page.getByRole("dialog").locator("[data-field]").first().waitFor();
  await shot(page, "record-peek-phone");
  assert.deepEqual(await axe(page), []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await page.getByRole("button", { name: "关闭" }).click();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("new rows are moved by keys, and a row is opened whole", async () => {
  const { page, wrong, context } = await as("zhang");
  await go(page, "/o/salesOrders/new", "[data-field=customer]");
  await page.getByRole("button", { name: "Add a row" }).first().click();
  const quantities = page.getByRole("textbox", { name: /^Quantity \d/ });
  await quantities.first().fill("11");
  await quantities.first().press("Enter");
  await quantities.nth(1).fill("22");
  await quantities.nth(1).press("Alt+ArrowUp");
  await page.locator("input:focus[aria-label='Quantity 1']").waitFor();
  assert.deepEqual(await quantities.evaluateAll((all) => all.map(({ value }) => value)), ["22", "11"]);
  await page.keyboard.press("Alt+Enter");
  const row = page.getByRole("dialog");
  const quantity = row.locator("[data-field=quantity] input");
  assert.equal(await quantity.inputValue(), "22");
  await shot(page, "form-row");
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("PageDown");
  await row.getByText("2 of 2").waitFor();
  await quantity.fill("33");
  await row.getByRole("button", { name: "Done" }).click();
  await row.waitFor({ state: "detached" });
  assert.deepEqual(await quantities.evaluateAll((all) => all.map(({ value }) => value)), ["22", "33"]);
  // Nothing is left behind.
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
  await page.waitForURL("**/o/salesOrders");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a draft that another tab has dropped is kept anew, as one of a new record", async () => {
  const drafts = async () => (await data("{ formDrafts { id object record } }", { account: "li", endpoint: "/metadata" })).formDrafts.filter(({ object }) => object === "Lead");
  const drop = (id) => data(`mutation { dropDraft(id: "${id}") }`, { account: "li", endpoint: "/metadata" });
  const { page, wrong, context } = await as("li");
  await go(page, "/o/leads/new", "[data-field] input");
  const input = page.locator('main [data-field="name"] input').first();
  const kept = () => page.waitForResponse((response) => response.request().postData()?.includes("keepDraft") === true);
  await Promise.all([kept(), input.fill("线索一")]);
  const [first] = await drafts();
  await drop(first.id);
  await Promise.all([page.waitForResponse((response) => response.request().postData()?.includes("dropDraft") === true).then(kept), input.fill("线索二")]);
  const now = await drafts();
  assert.deepEqual(now.map(({ record }) => record), [null]);
  assert.notEqual(now[0].id, first.id);
  await drop(now[0].id);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("fields whose rule hides them are not on the page, and come when the rule lets them", async () => {
  const { applySchema } = await data(
    `mutation($sdl: String!) { applySchema(sdl: $sdl, acceptLayouts: true) { diagnostics { message } } }`,
    {
      endpoint: "/metadata",
      variables: {
        sdl: `type Crate @object(kind: MASTER, label: "木箱", labelEn: "Crate", plural: "crates", systems: [SALES]) {
  name: String! @field(label: "名称", labelEn: "Name")
  kind: CrateKind @field(label: "种类", labelEn: "Kind")
  claim: String @field(label: "索赔", labelEn: "Claim", visibleWhen: "kind == BROKEN")
}
enum CrateKind { WHOLE @label(zh: "完好", en: "Whole") BROKEN @label(zh: "破损", en: "Broken") }`,
      },
    },
  );
  assert.deepEqual(applySchema.diagnostics, []);
  const { createCrate } = await data(
    `mutation { createCrate(input: {name: "Box", kind: WHOLE}) { record { id } userErrors { message } } }`,
  );
  const { page, wrong, context } = await as("admin");
  const asked = [];
  page.on("request", (request) => {
    const query = request.postDataJSON?.()?.query ?? "";
    if (query.includes("draftCrate")) asked.push(query.slice(0, 12));
  });
  await go(page, `/o/crates/${createCrate.record.id}`, 'main [data-field="kind"]');
  assert.equal(await shown(page, "claim").count(), 0);
  assert.deepEqual(asked, ["query Record"]);
  await edit(page, "kind");
  await editor(page, "kind").selectOption("BROKEN");
  await page.keyboard.press("Enter");
  await shown(page, "claim").waitFor();
  await toast(page, "Kind").getByRole("button", { name: "Undo" }).click();
  await shown(page, "claim").waitFor({ state: "detached" });
  await remove("Crate", createCrate.record.id);
  assert.deepEqual(wrong, []);
  await context.close();
});
