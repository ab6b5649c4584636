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
  await shown(page, "city").getByRole("button", { name: "More: City" }).click();
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
