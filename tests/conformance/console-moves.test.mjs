/** States and moves in the console: on a record's page, in forms and cells, on boards, for many records at once. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, shot, signedIn } from "./browser.mjs";
import { data, URL_ } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A draft of an order, without lines unless an item is given. */
async function order(account, lines = []) {
  const { customers } = await data("{ customers(first: 1, orderBy: [{code: ASC}]) { nodes { id } } }", { account });
  const input = { customer: { id: customers.nodes[0].id }, lines: { create: lines } };
  const { made } = await data(
    "mutation($input: CreateSalesOrderInput!) { made: createSalesOrder(input: $input) { record { id number } userErrors { message } } }",
    { account, variables: { input } },
  );
  assert.deepEqual(made.userErrors, []);
  return made.record;
}

async function aLine(account) {
  const { inventoryItems } = await data("{ inventoryItems(first: 1) { nodes { id } } }", { account });
  return { item: { id: inventoryItems.nodes[0].id }, quantity: "2", price: "10" };
}

const move = (page, name) => page.locator("main").getByRole("button", { name, exact: true });
const value = (page, field) => page.locator(`main [data-field="${field}"] dd`);

test("an order is submitted by one person, audited by another, and closed to both", async () => {
  const { id } = await order("zhang");
  const { page, wrong, context } = await signedIn(browser, "zhang");
  await page.goto(`${URL_}/o/salesOrders/${id}`);
  await move(page, "Submit").waitFor();
  await move(page, "Cancel").waitFor();
  // What leads on from elsewhere is not shown, nor is what is for others.
  assert.equal(await move(page, "Take back").count(), 0);
  assert.equal(await move(page, "Audit").count(), 0);
  // Moves alone write the state.
  assert.equal(await page.locator('main [data-field="status"]').getByRole("button", { name: "Edit: Status" }).count(), 0);
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.locator('[data-field="remark"]').waitFor();
  assert.equal(await page.locator('[data-field="status"] select').count(), 0);
  await page.goto(`${URL_}/o/salesOrders/new`);
  await page.locator('[data-field="customer"] input').waitFor();
  assert.equal(await page.locator('[data-field="status"] select').count(), 0);

  await page.goto(`${URL_}/o/salesOrders/${id}`);
  await move(page, "Submit").click();
  await page.getByRole("alert").getByText("Only a draft may be without lines").waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, "console-move-refused");
  const line = await aLine("zhang");
  await data("mutation($id: ID!, $patch: UpdateSalesOrderInput!) { updateSalesOrder(id: $id, patch: $patch) { userErrors { message } } }", {
    account: "zhang",
    variables: { id, patch: { lines: { create: [line] } } },
  });
  await page.reload();
  await move(page, "Submit").click();
  await move(page, "Take back").waitFor();
  assert.match(await value(page, "status").first().innerText(), /Submitted/);
  // Whoever uses keys goes on at what comes next.
  await page.locator("button[data-move]:focus", { hasText: "Take back" }).waitFor();
  // A move leads back, so it can be undone.
  await page.getByRole("button", { name: "Undo" }).click();
  await move(page, "Submit").click();
  await move(page, "Take back").waitFor();
  await shot(page, "console-move");

  const other = await signedIn(browser, "feng");
  await other.page.goto(`${URL_}/o/salesOrders/${id}`);
  await move(other.page, "Audit").click();
  await move(other.page, "Hand on").waitFor();
  // Nothing leads back from there.
  await other.page.getByText(/: Audited$/).waitFor();
  assert.equal(await other.page.getByRole("button", { name: "Undo" }).count(), 0);
  assert.deepEqual(await axe(other.page), []);

  await page.reload();
  await page.locator("main [data-field]").first().waitFor();
  assert.equal(await page.getByRole("link", { name: "Edit", exact: true }).count(), 0);
  assert.equal(await move(page, "Take back").count(), 0);
  await page.goto(`${URL_}/o/salesOrders/${id}/edit`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.equal(await page.locator("[data-field]").count(), 0);
  assert.deepEqual([...wrong, ...other.wrong], []);
  await other.context.close();
  await context.close();
});

const REPAIRS = `
type Repair @object(kind: DOCUMENT, label: "维修单", labelEn: "Repair", plural: "repairs", systems: [SALES], workflow: true, stateField: "status", display: "name") {
  name: String! @field(label: "名称", labelEn: "Name")
  status: RepairStatus! @field(label: "状态", labelEn: "Status", default: "OPEN")
  hours: Int @field(label: "工时", labelEn: "Hours")
  reason: String @field(label: "原因", labelEn: "Reason")
}
enum RepairStatus { OPEN @label(zh: "待修", en: "Open") WORK @label(zh: "在修", en: "At work") DONE @label(zh: "完成", en: "Done") REFUSED @label(zh: "拒绝", en: "Turned down") }
`;
const FLOW = `
[[flow]]
object = "Repair"
field = "status"
start = ["OPEN"]
edit = ["OPEN", "WORK"]
moves = [
  { code = "begin", label = "开工", label_en = "Begin", from = ["OPEN"], to = "WORK" },
  { code = "pause", label = "暂停", label_en = "Pause", from = ["WORK"], to = "OPEN" },
  { code = "finish", label = "完工", label_en = "Finish", from = ["WORK"], to = "DONE" },
  { code = "refuse", label = "拒绝", label_en = "Turn down", from = ["OPEN"], to = "REFUSED", input = ["reason!"] } ]
gates = [ { to = "DONE", require = ["hours"] } ]
`;

/** The object, its flow and some records. */
async function repairs(...names) {
  const { applySchema } = await data(
    "mutation($sdl: String!, $rules: [RuleText!]!) { applySchema(sdl: $sdl, rules: $rules) { diagnostics { message line } } }",
    { endpoint: "/metadata", variables: { sdl: REPAIRS, rules: [{ name: "repairs", text: FLOW }] } },
  );
  assert.deepEqual(applySchema.diagnostics, []);
  const made = [];
  for (const name of names) {
    const told = await data("mutation($input: CreateRepairInput!) { made: createRepair(input: $input) { record { id } userErrors { message } } }", {
      variables: { input: { name } },
    });
    assert.deepEqual(told.made.userErrors, []);
    made.push(told.made.record.id);
  }
  return made;
}

const repair = async (id) => (await data("query($id: ID!) { repair(id: $id) { status hours reason } }", { variables: { id } })).repair;

test("a move asks for its fields, and for those that its state needs", async () => {
  const [id, second] = await repairs("Pump", "Valve");
  const { page, wrong, context } = await signedIn(browser, "admin");
  await page.goto(`${URL_}/o/repairs/${id}`);
  await move(page, "Begin").click();
  await move(page, "Finish").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Hours is required").waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, "console-move-lacks");
  await dialog.locator('[data-field="hours"] input').fill("3");
  await dialog.getByRole("button", { name: "Finish" }).click();
  await page.getByText("Pump: Done").waitFor();
  assert.deepEqual(await repair(id), { status: "DONE", hours: 3, reason: null });
  assert.equal(await page.getByRole("link", { name: "Edit", exact: true }).count(), 0);

  await page.setViewportSize({ width: 390, height: 780 });
  await page.goto(`${URL_}/o/repairs/${second}`);
  await move(page, "Begin").waitFor();
  assert.deepEqual(await axe(page), []);
  // On a phone one is a button, the others are in the menu.
  await move(page, "More").click();
  await page.getByRole("menuitem", { name: "Turn down" }).click();
  await dialog.getByRole("button", { name: "Turn down" }).click();
  await dialog.getByText("Reason is required").waitFor();
  await shot(page, "console-move-390");
  await dialog.locator('[data-field="reason"] input').fill("too old");
  await dialog.getByRole("button", { name: "Turn down" }).click();
  await page.getByText("Valve: Turned down").waitFor();
  assert.deepEqual(await repair(second), { status: "REFUSED", hours: null, reason: "too old" });
  assert.deepEqual(wrong, []);
  await context.close();
});

const column = (page, state) => page.locator(`[data-state="${state}"]`);
const card = (page, id) => page.locator(`[data-card="${id}"]`);

test("cards go where moves lead, by drag, by keys and by their menu", async () => {
  const [id, second] = await repairs("Board one", "Board two");
  const { page, wrong, context } = await signedIn(browser, "admin");
  await page.goto(`${URL_}/o/repairs?face=board`);
  const inColumn = (state, which) => column(page, state).locator(`[data-card="${which}"]`).waitFor();
  await inColumn("OPEN", id);
  // Only the columns to which a move leads take the card.
  const box = async (place) => place.boundingBox();
  const from = await box(card(page, id));
  await page.mouse.move(from.x + 20, from.y + from.height - 6);
  await page.mouse.down();
  const done = await box(column(page, "DONE"));
  await page.mouse.move(done.x + 40, done.y + 60, { steps: 8 });
  const outline = (state) => column(page, state).evaluate((element) => getComputedStyle(element).outlineStyle);
  assert.deepEqual(await Promise.all(["WORK", "REFUSED", "DONE", "OPEN"].map(outline)), ["dashed", "dashed", "none", "none"]);
  await shot(page, "console-move-board");
  await page.mouse.up();
  await inColumn("OPEN", id);
  await card(page, id).dragTo(column(page, "WORK"));
  await inColumn("WORK", id);
  await page.getByText("Board one: At work").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await inColumn("OPEN", id);
  assert.equal((await repair(id)).status, "OPEN");

  // By keys, to the nearest column on that side to which a move leads.
  await card(page, id).locator("a").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await inColumn("WORK", id);
  await page.locator(`[data-state="WORK"] [data-card="${id}"] a:focus`).waitFor();
  await page.waitForLoadState("networkidle");
  // The gate asks; given up, the card goes back.
  await page.keyboard.press("Shift+ArrowRight");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Hours is required").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await inColumn("WORK", id);
  assert.equal((await repair(id)).status, "WORK");
  await card(page, id).dragTo(column(page, "DONE"));
  await dialog.locator('[data-field="hours"] input').fill("2");
  await dialog.getByRole("button", { name: "Finish" }).click();
  await inColumn("DONE", id);
  assert.deepEqual(await repair(id), { status: "DONE", hours: 2, reason: null });

  // By the menu; what asks, asks.
  await card(page, second).getByRole("button", { name: "Move to: Board two" }).click();
  await page.getByRole("menuitem", { name: "Begin" }).waitFor();
  assert.deepEqual(await axe(page), []);
  await page.getByRole("menuitem", { name: "Turn down" }).click();
  await dialog.locator('[data-field="reason"] input').fill("no parts");
  await dialog.getByRole("button", { name: "Turn down" }).click();
  await inColumn("REFUSED", second);
  // Nothing leads on from there.
  assert.equal(await card(page, second).getByRole("button", { name: "Move to: Board two" }).count(), 0);

  // Somebody was faster: the card goes where it is, and the reason is told.
  const [third] = await repairs("Board three");
  await page.reload();
  await inColumn("OPEN", third);
  let late = false;
  await page.route("**/graphql", async (route) => {
    if (!late && route.request().postData()?.includes("mutation Move")) {
      late = true;
      await data('mutation($id: ID!) { refuseRepair(id: $id, input: { reason: "late" }) { userErrors { message } } }', { variables: { id: third } });
    }
    await route.continue();
  });
  await card(page, third).dragTo(column(page, "WORK"));
  await inColumn("REFUSED", third);
  await page.getByRole("status").getByText(/Turned down|changed/).first().waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

const DEALS = `
type DealStep @object(kind: SETUP, label: "交易阶段", labelEn: "Deal step", plural: "dealSteps", systems: [SALES], display: "name") @unique(fields: ["code"]) {
  code: String! @field(label: "编码", labelEn: "Code")
  name: String! @field(label: "名称", labelEn: "Name")
  sequence: Int! @field(label: "顺序", labelEn: "Sequence")
}
type Deal @object(kind: DOCUMENT, label: "交易", labelEn: "Deal", plural: "deals", systems: [SALES], workflow: true, stateField: "step", display: "name") {
  name: String! @field(label: "名称", labelEn: "Name")
  step: DealStep! @field(label: "阶段", labelEn: "Step")
}
`;
const STEPS = `
[[flow]]
object = "Deal"
field = "step"
key = "code"
start = ["A"]
moves = [
  { code = "advance", label = "推进", label_en = "Advance", from = ["A", "B"], to = "next:sequence" },
  { code = "again", label = "重来", label_en = "Start again", from = ["B", "C"], to = "A" } ]
`;

test("states may be records: a move leads to the next column, another to the one that it names", async () => {
  const { applySchema } = await data(
    "mutation($sdl: String!, $rules: [RuleText!]!) { applySchema(sdl: $sdl, rules: $rules) { diagnostics { message line } } }",
    { endpoint: "/metadata", variables: { sdl: DEALS, rules: [{ name: "deals", text: STEPS }] } },
  );
  assert.deepEqual(applySchema.diagnostics, []);
  for (const [place, code] of ["A", "B", "C"].entries()) {
    await data("mutation($input: CreateDealStepInput!) { createDealStep(input: $input) { userErrors { message } } }", {
      variables: { input: { code, name: `Step ${code}`, sequence: place } },
    });
  }
  const { createDeal } = await data('mutation { createDeal(input: { name: "Paint" }) { record { id } userErrors { message } } }');
  assert.deepEqual(createDeal.userErrors, []);
  const { id } = createDeal.record;
  const { page, wrong, context } = await signedIn(browser, "admin");
  await page.goto(`${URL_}/o/deals?face=board`);
  const within = (label) => page.getByRole("region", { name: new RegExp(`^${label}:`) }).locator(`[data-card="${id}"]`);
  await within("Step A").waitFor();
  await card(page, id).locator("a").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await within("Step B").waitFor();
  await page.getByText("Paint: Step B").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await within("Step A").waitFor();
  await page.waitForLoadState("networkidle");
  await card(page, id).locator("a").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await within("Step B").waitFor();
  await page.goto(`${URL_}/o/deals/${id}`);
  await move(page, "Advance").click();
  await page.getByText("Paint: Step C").waitFor();
  await move(page, "Start again").waitFor();
  assert.equal(await move(page, "Advance").count(), 0);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("chosen records are moved together, all or none", async () => {
  const ids = await repairs("Many one", "Many two", "Many three");
  await data("mutation($id: ID!) { beginRepair(id: $id) { userErrors { message } } }", { variables: { id: ids[2] } });
  const { page, wrong, context } = await signedIn(browser, "admin");
  await page.goto(`${URL_}/o/repairs`);
  const choose = (name) => page.getByRole("row", { name: new RegExp(name) }).getByRole("checkbox").click();
  const bar = page.getByRole("region", { name: "Chosen records" });
  await choose("Many one");
  await choose("Many three");
  await bar.getByRole("button", { name: "Change a field" }).waitFor();
  // One is open, one at work: no move fits both.
  assert.equal(await bar.getByRole("button", { name: "Move on" }).count(), 0);
  await choose("Many three");
  await choose("Many two");
  await bar.getByRole("button", { name: "Change a field" }).click();
  // Moves alone write the state.
  assert.ok(!(await page.getByRole("dialog").getByLabel("Fields").innerText()).includes("Status"));
  await page.keyboard.press("Escape");
  await bar.getByRole("button", { name: "Move on" }).click();
  await page.getByRole("menuitem", { name: "Turn down" }).click();
  const dialog = page.getByRole("dialog", { name: "Turn down: 2 records" });
  await dialog.getByRole("button", { name: "Turn down" }).click();
  await dialog.getByText("Reason is required").waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, "console-move-many");
  await dialog.locator('[data-field="reason"] input').fill("too many");
  await dialog.getByRole("button", { name: "Turn down" }).click();
  await page.getByText("Turn down: done for 2 records.").waitFor();
  assert.equal((await repair(ids[0])).status, "REFUSED");
  assert.equal((await repair(ids[1])).reason, "too many");
  // What a gate lacks is told once for all.
  await choose("Many three");
  await bar.getByRole("button", { name: "Move on" }).click();
  await page.getByRole("menuitem", { name: "Finish" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Finish" }).click();
  await page.getByRole("alert").getByText("Hours is required").waitFor();
  assert.equal((await repair(ids[2])).status, "WORK");
  assert.deepEqual(wrong, []);
  await context.close();
});
