/** Approvals in the console: a text is published, an order submitted, approved by keys, returned; its record tells all of it. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, shot, signedIn } from "./browser.mjs";
import { data, URL_ } from "./support.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  // Other tests find the behaviour that came with the program: nothing waits, so the text can go.
  const { orders } = await data("{ orders: salesOrders(first: 50, filter: {approvalState: {eq: PENDING}}) { nodes { id } } }");
  for (const { id } of orders.nodes)
    await data("mutation($id: ID!) { withdrawSalesOrder(id: $id) { userErrors { message } } }", { variables: { id } });
  await apply(null);
  await browser?.close();
});

const ORDER_AMOUNT = `[[approval]]
code = "order_amount"
object = "SalesOrder"
label = "订单审批"
label_en = "Order approval"
moves = ["submit"]
when = "totalAmount >= 50000"
voids = ["lines", "customer"]
[[approval.steps]]
code = "head"
label = "部门经理"
label_en = "Head of department"
by = [{ role = "department_manager", reach = true }]
[[approval.steps]]
code = "director"
label = "总监"
label_en = "Director"
when = "totalAmount >= 200000"
by = [{ role = "director" }]
quorum = "all"
`;

async function apply(text, name = "order_approval") {
  const { applySchema } = await data(
    "mutation($rules: [RuleText!]!) { applySchema(sdl: \"\", rules: $rules) { diagnostics { message } } }",
    { variables: { rules: [{ name, text }] }, endpoint: "/metadata" },
  );
  assert.deepEqual(applySchema.diagnostics, []);
}

/** A draft of an order of this sum, and the customer by whom inboxes tell it. */
async function order(sum) {
  const account = "zhang";
  const { customers } = await data("{ customers(first: 1, orderBy: [{code: ASC}]) { nodes { id name } } }", { account });
  const { inventoryItems } = await data("{ inventoryItems(first: 1) { nodes { id } } }", { account });
  const [customer] = customers.nodes;
  const line = { item: { id: inventoryItems.nodes[0].id }, quantity: "1", price: String(sum) };
  const { made } = await data(
    "mutation($input: CreateSalesOrderInput!) { made: createSalesOrder(input: $input) { record { id number totalAmount } userErrors { message } } }",
    { account, variables: { input: { customer: { id: customer.id }, lines: { create: [line] } } } },
  );
  assert.deepEqual(made.userErrors, []);
  assert.equal(Number(made.record.totalAmount), sum);
  return made.record;
}

/** The same, submitted. */
async function submitted(sum) {
  const made = await order(sum);
  const { done } = await data("mutation($id: ID!) { done: submitSalesOrder(id: $id) { userErrors { message } } }", {
    account: "zhang",
    variables: { id: made.id },
  });
  assert.deepEqual(done.userErrors, []);
  return made;
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
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= room, `${name} is ${wide} px wide`);
}

const panel = (page) => page.getByRole("region", { name: "Approval", exact: true });
const station = (page, step) => panel(page).locator(`[data-step="${step}"]`);
const row = (page, { number }) => page.locator("[data-task]", { hasText: number });
const entry = (page) => page.getByRole("navigation").getByRole("link", { name: /^Approvals/ });
const dialog = (page) => page.getByRole("dialog");

/** Goes by keys to the task of a record. */
async function goTo(page, { number }) {
  const current = () => page.evaluate(() => document.activeElement?.closest("[data-task]")?.innerText ?? "");
  for (let steps = 0; steps < 20 && !(await current()).includes(number); steps += 1) await page.keyboard.press("j");
  assert.ok((await current()).includes(number));
}

test("an approval is published, and drawn as a text holds it and as its object has it", async () => {
  const { page, wrong, context } = await signedIn(browser, "admin");
  await go(page, "/admin/behaviour");
  await page.getByRole("button", { name: "New text" }).click();
  await dialog(page).getByLabel("Name").fill("order_approval");
  await dialog(page).getByLabel("Begin with").selectOption("nothing");
  await dialog(page).getByRole("button", { name: "Begin" }).click();
  await page.getByRole("textbox", { name: "Text of behaviour" }).fill(ORDER_AMOUNT);
  await page.getByText("Nothing is wrong.").waitFor();
  const steps = page.getByRole("list", { name: "Steps of Order approval" });
  const boxes = ["Begun by: Submit", "Head of department", "Director", "Approved"];
  const drawn = async () => {
    const told = await steps.getByRole("listitem").allInnerTexts();
    assert.equal(told.length, boxes.length);
    boxes.forEach((text, place) => assert.ok(told[place].startsWith(text), told[place]));
    assert.match(told[0], /totalAmount >= 50000/);
    assert.match(told[1], /Department manager, whose reach holds the record/);
    assert.match(told[2], /all of them must agree[^]*totalAmount >= 200000/);
  };
  await drawn();
  await page.getByText("Void after a change of: ").waitFor();
  await looks(page, "approvals-text");
  await page.getByRole("button", { name: "Publish…" }).click();
  await dialog(page).getByRole("button", { name: "Publish" }).click();
  await dialog(page).waitFor({ state: "detached" });
  await go(page, "/admin/behaviour");
  await page.getByRole("link", { name: "Order approval" }).click();
  await steps.waitFor();
  await drawn();
  await looks(page, "approvals-object");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("an order is submitted, approved from the inbox by keys, and its record tells who did what", async () => {
  await apply(ORDER_AMOUNT);
  const made = await order(60_000);
  const seller = await signedIn(browser, "zhang");
  await go(seller.page, `/o/salesOrders/${made.id}`);
  // Nothing was submitted: there is nothing to say.
  assert.equal(await panel(seller.page).count(), 0);
  await seller.page.locator("main").getByRole("button", { name: "Submit", exact: true }).click();
  await panel(seller.page).waitFor();
  await seller.page.locator("main").getByText(/^Approval: /).waitFor();
  assert.equal(await station(seller.page, "head").getAttribute("data-state"), "OPEN");
  assert.equal(await station(seller.page, "director").count(), 0);
  await panel(seller.page).getByRole("button", { name: "Withdraw" }).waitFor();
  // The submitter does not decide.
  assert.equal(await panel(seller.page).getByRole("button", { name: "Approve" }).count(), 0);
  await looks(seller.page, "approvals-pending");

  const { page, wrong, context } = await signedIn(browser, "wang");
  await entry(page).waitFor();
  assert.match(await entry(page).innerText(), /\d+ waiting for you/);
  await entry(page).click();
  await row(page, made).waitFor();
  await looks(page, "approvals-inbox");
  await goTo(page, made);
  await page.keyboard.press("a");
  await dialog(page).getByLabel("Comment").fill("A good customer");
  await looks(page, "approvals-approve");
  await page.keyboard.press("Enter");
  await row(page, made).waitFor({ state: "detached" });
  await page.getByText(`${made.number}: approved`).waitFor();
  await page.getByRole("tab", { name: "Decided" }).click();
  await row(page, made).getByText("A good customer").waitFor();
  await looks(page, "approvals-decided");
  await row(page, made).getByRole("link", { name: made.number }).click();
  await panel(page).locator('[data-entry="APPROVE"]').getByText("A good customer").waitFor();

  await seller.page.reload();
  await seller.page.locator("main").getByText(/^Approval: approved$/i).waitFor();
  assert.equal(await station(seller.page, "head").getAttribute("data-state"), "DONE");
  await looks(seller.page, "approvals-approved");
  assert.deepEqual([...wrong, ...seller.wrong], []);
  await seller.context.close();
  await context.close();
});

test("a task is returned with a reason; several that are ticked are approved at once", async () => {
  await apply(ORDER_AMOUNT);
  const [returned, one, other] = [await submitted(51_000), await submitted(52_000), await submitted(53_000)];
  const { page, wrong, context } = await signedIn(browser, "wang");
  await go(page, "/approvals");
  await row(page, returned).waitFor();
  await goTo(page, returned);
  await page.keyboard.press("t");
  await dialog(page).getByRole("button", { name: "Return" }).click();
  // Nothing is sent without a reason.
  await dialog(page).getByLabel("Comment").fill("The price is of last year");
  await page.keyboard.press("Control+Enter");
  await row(page, returned).waitFor({ state: "detached" });
  await page.getByText(`${returned.number}: returned`).waitFor();

  await row(page, one).getByRole("checkbox").check();
  await goTo(page, other);
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "Approve 2 ticked" }).waitFor();
  await page.keyboard.press("a");
  await dialog(page).getByRole("button", { name: "Approve" }).click();
  await page.getByText("2 tasks: approved").waitFor();
  for (const made of [one, other]) await row(page, made).waitFor({ state: "detached" });

  await go(page, `/o/salesOrders/${returned.id}`);
  await panel(page).getByText("The price is of last year").waitFor();
  await page.locator("main").getByText(/^Approval: returned$/i).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a large order comes to the director, who decides on its page", async () => {
  await apply(ORDER_AMOUNT);
  const made = await submitted(250_000);
  const first = await signedIn(browser, "wang");
  await go(first.page, `/o/salesOrders/${made.id}`);
  assert.equal(await station(first.page, "director").getAttribute("data-state"), "LATER");
  await panel(first.page).getByRole("button", { name: "Approve" }).click();
  await dialog(first.page).getByRole("button", { name: "Approve" }).click();
  await panel(first.page).locator('[data-step="director"][data-state="OPEN"]').waitFor();
  assert.equal(await station(first.page, "head").getAttribute("data-state"), "DONE");
  assert.deepEqual(first.wrong, []);
  await first.context.close();

  const { page, wrong, context } = await signedIn(browser, "zhao");
  await go(page, "/approvals");
  await goTo(page, made);
  await page.keyboard.press("Enter");
  await panel(page).getByRole("button", { name: "Reject" }).click();
  await dialog(page).getByLabel("Comment").fill("Beyond the limit");
  await dialog(page).getByRole("button", { name: "Reject" }).click();
  await page.locator("main").getByText(/^Approval: rejected$/i).waitFor();
  await panel(page).locator('[data-entry="REJECT"]').getByText("Beyond the limit").waitFor();
  assert.equal(await station(page, "head").getAttribute("data-state"), "DONE");
  assert.equal(await station(page, "director").getAttribute("data-state"), "REFUSED");
  await looks(page, "approvals-rejected");
  assert.deepEqual(wrong, []);
  await context.close();
});

const QUOTES = `[[approval]]
code = "quotes"
object = "Quote"
label_en = "Quote approval"
[[approval.steps]]
code = "head"
label_en = "Head of department"
by = [{ role = "department_manager", reach = true }]
`;

test("a quote has no moves: it is submitted by itself, taken back, and its task given to another", async () => {
  await apply(QUOTES, "quote_approval");
  const account = "zhang";
  const { customers } = await data("{ customers(first: 1, orderBy: [{code: ASC}]) { nodes { id } } }", { account });
  const { made } = await data(
    "mutation($input: CreateQuoteInput!) { made: createQuote(input: $input) { record { id number } userErrors { message } } }",
    { account, variables: { input: { customer: { id: customers.nodes[0].id } } } },
  );
  assert.deepEqual(made.userErrors, []);
  const seller = await signedIn(browser, account);
  await go(seller.page, `/o/quotes/${made.record.id}`);
  await panel(seller.page).getByText("Not submitted yet.").waitFor();
  const deed = async (name) => {
    await panel(seller.page).getByRole("button", { name }).click();
    await dialog(seller.page).getByRole("button", { name }).click();
    await dialog(seller.page).waitFor({ state: "detached" });
  };
  await deed("Submit for approval");
  await panel(seller.page).getByText("waiting", { exact: true }).waitFor();
  await deed("Withdraw");
  await panel(seller.page).getByText("withdrawn", { exact: true }).waitFor();
  assert.equal(await station(seller.page, "head").getAttribute("data-state"), "ENDED");
  await deed("Submit for approval");
  await panel(seller.page).getByText("round 2", { exact: true }).waitFor();

  const { page, wrong, context } = await signedIn(browser, "wang");
  await go(page, "/approvals");
  await row(page, made.record).getByRole("button", { name: /^More/ }).click();
  await page.getByRole("menuitem", { name: /^Delegate/ }).click();
  await dialog(page).getByRole("combobox", { name: "To whom" }).fill("赵");
  await dialog(page).getByRole("option").first().click();
  await looks(page, "approvals-delegate");
  await dialog(page).getByRole("button", { name: "Delegate" }).click();
  await row(page, made.record).waitFor({ state: "detached" });
  await context.close();

  const other = await signedIn(browser, "zhao");
  await go(other.page, "/approvals");
  await goTo(other.page, made.record);
  await other.page.keyboard.press("a");
  await dialog(other.page).getByRole("button", { name: "Approve" }).click();
  await row(other.page, made.record).waitFor({ state: "detached" });
  assert.deepEqual([...seller.wrong, ...wrong, ...other.wrong], []);
  await seller.context.close();
  await other.context.close();
  await apply(null, "quote_approval");
});

for (const [width, scheme, locale] of [[1280, "dark", "zh-CN"], [390, "light", "zh-CN"], [390, "dark", "en-GB"]]) {
  test(`approvals at ${width} px, ${scheme}, ${locale}`, async () => {
    await apply(ORDER_AMOUNT);
    const made = await submitted(210_000);
    const { page, wrong, context } = await signedIn(browser, "wang", { width, height: 844, scheme, locale });
    for (const path of ["/approvals", "/approvals?list=decided", `/o/salesOrders/${made.id}`]) {
      await go(page, path);
      if (path === "/approvals") await row(page, made).waitFor();
      await looks(page, `approvals-${width}-${scheme}${path.replace(/\W+/g, "-").replace(made.id, "one")}`);
    }
    assert.deepEqual(wrong, []);
    await context.close();
  });
}
