/** Named actions in the console: a lead becomes a customer, an opportunity a quote, a quote an order; many at once. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, shot, signedIn } from "./browser.mjs";
import { data, URL_ } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A lead of a salesperson's own. */
async function lead(companyName, more = {}) {
  const input = { name: `${companyName} asks`, companyName, contactName: "Ann", ...more };
  const { made } = await data("mutation($input: CreateLeadInput!) { made: createLead(input: $input) { record { id name } userErrors { message path } } }", {
    account: "li",
    variables: { input },
  });
  assert.deepEqual(made.userErrors, []);
  return made.record;
}

/** A lead that waits to be converted. */
async function waitingLead() {
  const told = { companyName: "厦门新材贸易有限公司", contactName: "林小姐" };
  return { ...told, ...(await lead(told.companyName, { contactName: told.contactName })) };
}

const button = (page, name) => page.locator("main").getByRole("button", { name, exact: true });
const field = (dialog, name) => dialog.locator(`[data-field="${name}"]`);
const notice = (page) => page.getByRole("status").filter({ has: page.locator("[data-made]") });

/** Chooses the only record that a text finds. */
async function choose(page, dialog, name, text) {
  await field(dialog, name).getByRole("combobox").fill(text);
  await page.getByRole("option", { name: text }).first().click();
}

test("a salesperson converts a lead, and is led to what was made of it", async () => {
  const { id, name, companyName, contactName } = await waitingLead();
  const { page, wrong, context } = await signedIn(browser, "li");
  await page.goto(`${URL_}/o/leads/${id}`);
  await button(page, "Convert").click();
  const dialog = page.getByRole("dialog", { name: `Convert: ${name}` });
  await field(dialog, "customer").getByText("Existing customer").waitFor();
  await choose(page, dialog, "stage", "需求确认");
  // What is wrong with a record that would be made is told under its object's name, and nothing is made.
  const { customers } = await data("{ customers(first: 1) { nodes { code } } }", { account: "li" });
  await field(dialog, "customerCode").locator("input").fill(customers.nodes[0].code);
  await dialog.getByRole("button", { name: "Convert" }).click();
  await dialog.getByRole("alert").getByText(/^Customer: /).waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, "console-action-refused");
  await field(dialog, "customerCode").locator("input").fill("");
  await dialog.getByRole("button", { name: "Convert" }).click();

  await notice(page).waitFor();
  assert.deepEqual(await notice(page).getByRole("link").allInnerTexts(), [companyName, contactName, name]);
  assert.equal(new URL(page.url()).pathname, `/o/leads/${id}`);
  assert.deepEqual(await axe(page), []);
  await shot(page, "console-action-made");
  // Whoever uses keys goes on at what was made.
  await page.locator("[data-made]:focus").waitFor();

  // Converted once, it is closed to another time, and says why.
  const closed = button(page, "Convert");
  assert.equal(await closed.getAttribute("aria-disabled"), "true");
  assert.equal(await closed.getAttribute("title"), "The lead is converted or dropped already");
  await closed.press("Enter");
  await page.getByText("Convert: The lead is converted or dropped already").waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);

  for (const title of [name, contactName, companyName]) {
    await page.goto(`${URL_}/o/leads/${id}`);
    await page.locator("main").getByRole("link", { name: title, exact: true }).first().click();
    await page.waitForURL((url) => !url.pathname.includes(id));
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
  }
  assert.deepEqual(wrong, []);
  await context.close();
});

test("what would look like another record is made all the same where that is said", async () => {
  const { duplicateRules: [before] } = await data('{ duplicateRules(object: "Customer") { definition } }', { endpoint: "/metadata" });
  const set = (text) =>
    data("mutation($text: String!) { set: setDuplicateRules(object: \"Customer\", definition: $text) { diagnostics { message } } }", {
      endpoint: "/metadata",
      variables: { text },
    });
  const strict = `object = "Customer"
[[duplicate]]
name = "company"
label = "公司"
label_en = "Company"
fields = { name = ["COMPANY_NAME"] }
action = "refuse"
override = true
`;
  assert.deepEqual((await set(strict)).set.diagnostics, []);
  const { customers } = await data("{ customers(first: 1) { nodes { name } } }", { account: "li" });
  const { id } = await lead(customers.nodes[0].name);
  const { page, wrong, context } = await signedIn(browser, "li", { width: 390, height: 780, locale: "zh-CN" });
  await page.goto(`${URL_}/o/leads/${id}`);
  await button(page, "转化").click();
  const dialog = page.getByRole("dialog");
  await shot(page, "console-action-390-zh");
  await dialog.getByRole("button", { name: "转化" }).click();
  const alike = dialog.getByRole("alert").filter({ has: page.getByRole("link", { name: customers.nodes[0].name }) });
  await alike.waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, "console-action-alike-390-zh");
  await alike.getByRole("button", { name: "仍然创建" }).click();
  await notice(page).waitFor();
  assert.deepEqual(await notice(page).getByRole("link").allInnerTexts(), [customers.nodes[0].name, "Ann"]);
  assert.deepEqual(await axe(page), []);
  await shot(page, "console-action-made-390-zh");
  assert.deepEqual((await set(before.definition)).set.diagnostics, []);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a quote is made of an opportunity, seen at the side, and an order of the quote", async () => {
  const { opportunities, inventoryItems } = await data(
    "{ opportunities(first: 1) { nodes { id name } } inventoryItems(first: 1) { nodes { id } } }",
    { account: "li" },
  );
  const [{ id, name }] = opportunities.nodes;
  const line = { item: { id: inventoryItems.nodes[0].id }, quantity: "2", price: "10" };
  const { wanted } = await data(
    "mutation($id: ID!, $patch: UpdateOpportunityInput!) { wanted: updateOpportunity(id: $id, patch: $patch) { userErrors { message } } }",
    { account: "li", variables: { id, patch: { lines: { create: [line] } } } },
  );
  assert.deepEqual(wanted.userErrors, []);
  const { page, wrong, context } = await signedIn(browser, "li");
  await page.goto(`${URL_}/o/opportunities?q=${encodeURIComponent(name)}`);
  await page.locator(`main a[href$="/o/opportunities/${id}"]`).first().focus();
  await page.keyboard.press("Space");
  const side = page.getByRole("dialog", { name });
  await side.getByRole("button", { name: "Quote", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: `Quote: ${name}` });
  await field(dialog, "validUntil").locator("input").fill("2099-01-31");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Quote" }).click();
  await side.locator("[data-made]").waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, "console-action-peek");
  // One record was made, and nobody is taken to it unasked.
  assert.equal(new URL(page.url()).pathname, "/o/opportunities");
  await side.getByRole("link", { name: "Open: Quote" }).click();
  await page.waitForURL("**/o/quotes/*");

  await button(page, "Order").click();
  const order = page.getByRole("dialog");
  await field(order, "customerOrderNumber").locator("input").fill("PO-77");
  await order.getByRole("button", { name: "Order" }).click();
  await notice(page).waitFor();
  await page.locator('main [data-field="status"]').getByText("Accepted").first().waitFor();
  await page.getByRole("link", { name: "Open: Sales order" }).click();
  await page.waitForURL("**/o/salesOrders/*");
  // Moves and actions stand together; what is required is marked and asked for.
  await button(page, "Submit").waitFor();
  await button(page, "Contract").click();
  await order.getByRole("button", { name: "Contract" }).click();
  await order.getByText("Name is required").waitFor();
  await shot(page, "console-action-required");
  await order.getByRole("button", { name: "Cancel" }).click();
  await page.locator("main button[data-move]:focus", { hasText: "Contract" }).waitFor();
  const { opportunity } = await data("query($id: ID!) { opportunity(id: $id) { quotes(first: 1) { nodes { status } } } }", {
    account: "li",
    variables: { id },
  });
  assert.equal(opportunity.quotes.nodes[0].status, "ACCEPTED");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("chosen records are acted on together, after it was tried", async () => {
  const made = [await lead("Pine Works"), await lead("Oak Works"), await lead("Elm Works")];
  const statuses = async () =>
    (await data("query($ids: [ID!]!) { leads(filter: { id: { in: $ids } }) { nodes { status } } }", { account: "li", variables: { ids: made.map(({ id }) => id) } }))
      .leads.nodes.map(({ status }) => status).sort();
  await data('mutation($id: ID!) { updateLead(id: $id, patch: { status: DROPPED }) { userErrors { message } } }', {
    account: "li",
    variables: { id: made[2].id },
  });
  const { page, wrong, context } = await signedIn(browser, "li");
  await page.goto(`${URL_}/o/leads`);
  const pick = (name) => page.getByRole("row", { name: new RegExp(name) }).getByRole("checkbox").click();
  for (const name of ["Pine Works", "Oak Works", "Elm Works"]) await pick(name);
  const bar = page.getByRole("region", { name: "Chosen records" });
  const begin = async (count) => {
    await bar.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: "Convert" }).click();
    return page.getByRole("dialog", { name: `Convert: ${count} records` });
  };
  let dialog = await begin(3);
  await dialog.getByRole("button", { name: "Check" }).click();
  await dialog.getByRole("alert").getByText("converted or dropped already").waitFor();
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await pick("Elm Works");
  dialog = await begin(2);
  await dialog.getByRole("button", { name: "Check" }).click();
  await dialog.getByText("Nothing stands against it for 2 records.").waitFor();
  assert.deepEqual(await statuses(), ["DROPPED", "OPEN", "OPEN"]);
  assert.deepEqual(await axe(page), []);
  await shot(page, "console-action-many");
  await dialog.getByRole("button", { name: "Convert" }).click();
  await page.getByText("Convert: done for 2 records.").waitFor();
  assert.deepEqual(await statuses(), ["CONVERTED", "CONVERTED", "DROPPED"]);
  assert.deepEqual(wrong, []);
  await context.close();
});
