/**
 * What people do all day, with how many clicks and keys it takes: a task that needs more than it may is a failure. What
 * everyone must type, names and amounts, is not counted; a choice of a list is a click and a key.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, signedIn } from "./browser.mjs";
import { data, URL_ } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A person's hand: every click and key is counted. */
function hand(page) {
  let count = 0;
  const counted = (run) => async (...given) => {
    count += 1;
    return run(...given);
  };
  return {
    click: counted((place) => place.click()),
    press: counted((key) => page.keyboard.press(key)),
    /** Keys that only find something. */
    async keys(text) {
      count += text.length;
      await page.keyboard.type(text);
    },
    /** A choice of a list. */
    async choose(place, option) {
      count += 2;
      await place.selectOption(option);
    },
    get count() {
      return count;
    },
  };
}

/** Does a task as someone, from a page on which they are. */
function task(name, { most, as = "admin", from = "/home" }, run) {
  test(`${name}: at most ${most}`, async () => {
    const { page, wrong, context } = await signedIn(browser, as);
    await page.goto(URL_ + from);
    await page.locator("main h1").first().waitFor();
    const by = hand(page);
    await run(page, by);
    console.log(`# ${name}: ${by.count} of ${most}`);
    assert.ok(by.count <= most, `${by.count} clicks and keys`);
    assert.deepEqual(wrong, []);
    await context.close();
  });
}

task("open a customer from anywhere", { most: 6, as: "zhang", from: "/o/salesOrders" }, async (page, by) => {
  await by.press("Control+k");
  await page.locator("[role=dialog] [role=combobox]:focus").waitFor();
  await by.keys("tjay");
  await by.press("Enter");
  await page.locator("h1", { hasText: "天津安益" }).waitFor();
});

task("an order of five lines, pasted", { most: 4, as: "zhang", from: "/o/salesOrders/new" }, async (page, by) => {
  const { inventoryItems } = await data("{ inventoryItems(first: 5, orderBy: [{code: ASC}]) { nodes { name } } }", { account: "zhang" });
  await page.locator('[data-field="customer"] input').fill("tjay");
  await page.getByRole("option", { name: /天津安益/ }).first().waitFor();
  await by.press("Enter");
  await page.waitForFunction(() => document.querySelector('[data-field="customer"] input')?.value.includes("天津安益"));
  await by.click(page.getByRole("button", { name: "Add a row" }).first());
  const rows = inventoryItems.nodes.map(({ name }, place) => `${name}\t${(place + 1) * 100}\t15000`).join("\n");
  await page.locator("td[data-label] input").first().waitFor();
  // Ctrl+V, as a browser does it.
  by.click({ click: async () => undefined });
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, rows);
  await page.locator("table").first().locator("tbody tr").nth(4).waitFor();
  await by.press("Control+s");
  await page.waitForURL(/\/o\/salesOrders\/[0-9a-f-]{30,}$/);
});

task("an order of five lines, typed line by line", { most: 12, as: "zhang", from: "/o/salesOrders/new" }, async (page, by) => {
  const { inventoryItems } = await data("{ inventoryItems(first: 5, orderBy: [{code: ASC}]) { nodes { code } } }", { account: "zhang" });
  await page.locator('[data-field="customer"] input').fill("tjay");
  await page.getByRole("option", { name: /天津安益/ }).first().waitFor();
  await by.press("Enter");
  await page.waitForFunction(() => document.querySelector('[data-field="customer"] input')?.value.includes("天津安益"));
  await by.click(page.getByRole("button", { name: "Add a row" }).first());
  for (const [place, { code }] of inventoryItems.nodes.entries()) {
    const row = page.locator("table").first().locator("tbody tr").nth(place);
    await row.locator("td[data-label] input:focus").waitFor();
    await page.keyboard.type(code);
    await row.getByRole("option").first().waitFor();
    await by.press("Enter");
    // Whoever has chosen goes on with how many.
    await row.locator('td[data-label="Quantity"] input:focus').waitFor();
    await page.keyboard.type(`${place + 1}00`);
    if (place + 1 < inventoryItems.nodes.length) await by.press("Enter");
  }
  await by.press("Control+s");
  await page.waitForURL(/\/o\/salesOrders\/[0-9a-f-]{30,}$/);
  const id = page.url().split("/").at(-1);
  const { salesOrder } = await data("query($id: ID!) { salesOrder(id: $id) { lines { item { code } quantity } } }", { account: "zhang", variables: { id } });
  assert.deepEqual(
    salesOrder.lines.map(({ item, quantity }) => [item.code, Number(quantity)]),
    inventoryItems.nodes.map(({ code }, place) => [code, (place + 1) * 100]),
  );
});

task("a visit with its next step", { most: 3, as: "zhang" }, async (page, by) => {
  const { customers } = await data("{ customers(first: 1) { nodes { id name } } }", { account: "zhang" });
  await page.goto(`${URL_}/o/customers/${customers.nodes[0].id}`);
  await page.locator("main [data-field]").first().waitFor();
  await by.press("a");
  await page.waitForURL(/\/o\/activities\/new/);
  await page.locator('[data-field="subject"] input:focus').waitFor();
  await page.keyboard.type("Counted visit");
  await by.click(page.locator('[data-field="nextStep"] input'));
  await page.keyboard.type("Call again in three days");
  await by.press("Control+s");
  await page.waitForURL(/\/o\/activities\/[0-9a-f-]{30,}$/);
  const id = page.url().split("/").at(-1);
  const { activity } = await data("query($id: ID!) { activity(id: $id) { subject nextStep customer { id } } }", { account: "zhang", variables: { id } });
  assert.deepEqual(activity, {
    subject: "Counted visit",
    nextStep: "Call again in three days",
    customer: { id: customers.nodes[0].id },
  });
  await data("mutation($id: ID!) { deleteActivity(id: $id) { id } }", { variables: { id } });
});

task("an opportunity to the next state by a key", { most: 1, from: "/o/leads?face=board" }, async (page, by) => {
  const columns = page.locator("section[aria-label]");
  await columns.nth(1).waitFor();
  const counts = (await columns.locator("h2 span").allInnerTexts()).map(Number);
  const at = counts.findIndex((count, place) => count > 0 && place + 1 < counts.length);
  await columns.nth(at).locator("a").first().focus();
  await by.press("Shift+ArrowRight");
  await page.getByRole("button", { name: "Undo" }).click();
  await page.waitForFunction(
    (wanted) => [...document.querySelectorAll("section[aria-label] h2 span")].map((one) => Number(one.textContent)).join() === wanted,
    counts.join(),
  );
});

task("one field of forty records that a filter finds", { most: 5, from: "/o/regions?s=code" }, async (page, by) => {
  await page.locator("tbody tr[data-place]").first().waitFor();
  const inputs = Array.from({ length: 40 }, (_, place) => ({ code: `TASK${place}`, name: `格${place}` }));
  const { createRegions } = await data(
    "mutation($inputs: [CreateRegionInput!]!) { createRegions(inputs: $inputs) { records { id } userErrors { message } } }",
    { variables: { inputs } },
  );
  assert.deepEqual(createRegions.userErrors, []);
  await page.goto(`${URL_}/o/regions?f.code=startsWith:TASK&s=code`);
  await page.locator("tbody tr[data-place]").nth(10).waitFor();
  const headings = await page.locator("thead th").allInnerTexts();
  const column = headings.findIndex((text) => text.trim() === "Name");
  await by.click(page.locator(`tr[data-place="0"] > td[data-column="${column}"]`));
  await by.press("Control+Shift+ArrowDown");
  await page.keyboard.type("Forty at once");
  await by.press("Control+Enter");
  await page.getByText("40 values changed.").waitFor();
  const { regions } = await data('{ regions(filter: {name: {eq: "Forty at once"}}) { totalCount } }');
  assert.equal(regions.totalCount, 40);
  await data('mutation { deleteRegions(filter: {code: {startsWith: "TASK"}}, atMost: 40) { count userErrors { message } } }');
});

task("closing this month, by person, with sums, kept", { most: 10, from: "/o/opportunities" }, async (page, by) => {
  await by.click(page.getByRole("button", { name: "Filter" }));
  await by.click(page.getByRole("menuitem", { name: "Expected close", exact: true }));
  await by.choose(page.getByRole("dialog").getByRole("combobox").last(), "thisMonth");
  await by.click(page.getByRole("dialog").getByRole("button", { name: "Apply" }));
  await page.waitForURL(/thisMonth/);
  await by.click(page.getByRole("button", { name: /^Grouped by/ }));
  await by.click(page.getByRole("menuitem", { name: "Salesperson", exact: true }));
  await page.locator("tbody button[aria-expanded]").first().waitFor();
  await by.click(page.getByRole("button", { name: /^View:/ }));
  await by.click(page.getByRole("menuitem", { name: /Save as a view/ }));
  await page.getByRole("dialog").getByLabel(/Name/).fill("Closing by person");
  await by.press("Enter");
  await page.waitForURL(/view=/);
  await page.getByRole("button", { name: /^View:/ }).click();
  await page.getByRole("menuitem", { name: /^Delete/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
});

task("a new field on form and list", { most: 5, from: "/admin/objects/Competitor" }, async (page, by) => {
  await by.click(page.getByRole("button", { name: "New field" }));
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Label in Chinese").fill("任务");
  await dialog.getByLabel("Label in English").fill("Counted task");
  await by.click(dialog.getByRole("button", { name: "Put into the draft" }));
  const draft = page.getByRole("region", { name: "Draft" });
  await by.click(draft.getByRole("button", { name: "Publish" }));
  await by.click(dialog.getByRole("button", { name: "Publish" }));
  await page.getByText(/^Published: version/).waitFor();
});

task("why someone cannot see a record", { most: 4 }, async (page, by) => {
  const { customers } = await data("{ customers(first: 1) { nodes { id } } }", { account: "li" });
  await page.goto(`${URL_}/o/customers/${customers.nodes[0].id}`);
  await by.click(page.getByRole("button", { name: "More", exact: true }));
  await by.click(page.getByRole("menuitem", { name: "Who may see what" }));
  await by.choose(page.getByLabel("Account"), "zhang");
  await page.getByText("Refused:").waitFor();
});

task("orders by month and department, pinned and drilled", { most: 12 }, async (page, by) => {
  await by.click(page.getByRole("link", { name: "Sales orders" }));
  await by.click(page.getByRole("button", { name: /^Shown as|^Face/ }).first());
  await by.click(page.getByRole("menuitem", { name: "Chart" }));
  await by.choose(page.getByLabel("Grouped by"), "orderDate");
  await by.choose(page.getByLabel("And by"), "department");
  await by.click(page.getByRole("button", { name: "Pin to dashboard" }));
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill("Orders");
  await by.press("Enter");
  await by.click(page.getByRole("status").getByRole("button", { name: "Dashboard" }));
  await page.waitForURL("**/d/*");
  await page.locator("canvas").waitFor();
  const box = await page.locator("canvas").boundingBox();
  await by.click({ click: () => page.mouse.click(box.x + box.width - 60, box.y + box.height - 70) });
  await page.waitForURL(/\/o\/salesOrders\?.*f\.orderDate/);
  await page.goBack();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete dashboard" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await page.waitForURL("**/d");
});

task("a leaver's customers handed over", { most: 8, from: "/admin/people" }, async (page, by) => {
  const { departments } = await data("{ departments(first: 1) { nodes { id } } }");
  const department = { id: departments.nodes[0].id };
  const mark = Date.now().toString(36);
  const people = [];
  for (const [code, name] of [[`TL${mark}`, "任务离职"], [`TH${mark}`, "任务接手"]]) {
    const { createEmployee } = await data(
      "mutation($input: CreateEmployeeInput!) { createEmployee(input: $input) { record { id } userErrors { message } } }",
      { variables: { input: { code, name, department, isSalesperson: true } } },
    );
    people.push(createEmployee.record.id);
  }
  const inputs = Array.from({ length: 60 }, (_, place) => ({
    code: `TK${mark}${place}`,
    name: `任务客户${place}号 ${mark}`,
    owner: { id: people[0] },
    department,
  }));
  const { createCustomers } = await data(
    "mutation($inputs: [CreateCustomerInput!]!) { createCustomers(inputs: $inputs) { records { id } userErrors { message } } }",
    { variables: { inputs } },
  );
  assert.deepEqual(createCustomers.userErrors, []);
  await data(
    "mutation($id: ID!, $name: String!) { confirmEmployee(employee: $id, account: $name, systems: [SALES]) { account } }",
    { endpoint: "/metadata", variables: { id: people[0], name: `task-${mark}` } },
  );
  await page.reload();
  await page.locator("main tbody tr").first().waitFor();
  await page.getByRole("searchbox").fill(mark);
  await by.click(page.getByRole("button", { name: `task-${mark}` }));
  const dialog = page.getByRole("dialog").first();
  await by.click(dialog.getByRole("tab", { name: "Leaving" }));
  await by.click(dialog.getByRole("combobox", { name: "Hand over to" }));
  await page.keyboard.type(`TH${mark}`);
  await dialog.getByRole("option", { name: /任务接手/ }).waitFor();
  await by.press("Enter");
  await by.click(dialog.getByRole("button", { name: "Hand over 60 records" }));
  await dialog.getByText("60 handed over").waitFor();
  await by.click(dialog.getByRole("button", { name: "Has left the company" }));
  await page.getByText("The person has left").waitFor();
  const { customers } = await data("query($f: CustomerFilter) { customers(filter: $f) { totalCount } }", {
    variables: { f: { owner: { id: { in: [people[1]] } } } },
  });
  assert.equal(customers.totalCount, 60);
  await data("mutation($f: CustomerFilter!) { deleteCustomers(filter: $f, atMost: 60) { count userErrors { message } } }", {
    variables: { f: { code: { startsWith: `TK${mark}` } } },
  });
});

task("sample loans: twelve fields, lines, the first record", { most: 29, from: "/admin/objects" }, async (page, by) => {
  const dialog = page.getByRole("dialog");
  await by.click(page.getByRole("button", { name: "New object" }));
  await dialog.getByLabel("Label in Chinese").fill("任务借用");
  await dialog.getByLabel("Label in English").fill("Counted loan");
  await by.choose(dialog.getByLabel("Kind"), "LINED");
  await dialog.getByLabel("Label in English").focus();
  await by.press("Enter");
  await page.getByRole("heading", { name: /Counted loan/ }).waitFor();

  /** Fields one after the other: what the label says is not chosen again. */
  const fields = async (all) => {
    await by.click(page.getByRole("button", { name: "New field" }));
    for (const [place, [zh, en, values]] of all.entries()) {
      await dialog.getByLabel("Label in Chinese").fill(zh);
      await dialog.getByLabel("Label in English").fill(en);
      if (values !== undefined) {
        await by.choose(dialog.getByLabel("Type"), "PICKLIST");
        await dialog.getByLabel(/^Values/).fill(values);
      }
      if (place === all.length - 1) await by.click(dialog.getByRole("button", { name: "Put into the draft" }));
      else if (values !== undefined) await by.click(dialog.getByRole("button", { name: "Put, and another" }));
      else {
        await dialog.getByLabel("Label in English").focus();
        await by.press("Enter");
      }
      await (place === all.length - 1 ? dialog.waitFor({ state: "detached" }) : dialog.getByText(`In the draft: ${zh}`).waitFor());
    }
  };
  await fields([
    ["客户", "Customer"],
    ["借用日期", "Loan date"],
    ["应还日期", "Due date"],
    ["用途", "Purpose"],
    ["联系电话", "Contact phone"],
    ["是否加急", "Is urgent"],
    ["押金", "Deposit"],
    ["状态", "Loan state", "OPEN 借出\nRETURNED 已归还"],
    ["送达时间", "Delivery time"],
  ]);
  await by.click(page.getByRole("link", { name: "[CountedLoanLine!]!" }));
  await page.getByRole("heading", { name: /Counted loan line/ }).waitFor();
  await fields([
    ["存货", "Inventory item"],
    ["数量", "Quantity"],
    ["已还数量", "Returned quantity"],
  ]);
  await by.click(page.getByRole("region", { name: "Draft" }).getByRole("button", { name: "Publish" }));
  await by.click(dialog.getByRole("button", { name: "Publish" }));
  await page.getByText(/^Published: version/).waitFor();

  await by.click(page.getByRole("navigation", { name: "Sales" }).getByRole("link", { name: "Counted loan" }));
  await page.getByRole("heading", { name: "Counted loan" }).waitFor();
  await by.press("n");
  await page.locator('[data-field="customer"] input').fill("KH0001");
  await page.getByRole("option", { name: /天津安益/ }).first().waitFor();
  await by.press("Enter");
  await page.waitForFunction(() => document.querySelector('[data-field="customer"] input')?.value.includes("天津安益"));
  await by.click(page.getByRole("button", { name: "Add a row" }).first());
  await page.locator("td[data-label] input:focus").waitFor();
  await page.keyboard.type("SL01065");
  await page.locator("tbody").getByRole("option").first().waitFor();
  await by.press("Enter");
  await page.locator('td[data-label="Quantity"] input:focus').waitFor();
  await page.keyboard.type("2");
  await by.press("Control+s");
  await page.waitForURL(/\/o\/countedLoans\/[0-9a-f-]{30,}$/);
  const { countedLoans } = await data("{ countedLoans { nodes { number customer { name } lines { inventoryItem { code } quantity } } } }");
  assert.match(countedLoans.nodes[0].number, /^CL\d{6}-0001$/);
  assert.deepEqual(countedLoans.nodes[0].lines, [{ inventoryItem: { code: "SL01065" }, quantity: "2.0000" }]);
});
