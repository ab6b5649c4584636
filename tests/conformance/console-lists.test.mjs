/**
 * Lists in a browser: cells that are typed into, ranges that are copied, pasted, filled and undone.
 *
 * What the tests make is removed again, so that other files find the demo data as it was.
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

async function go(page, path) {
  await page.goto(URL_ + path);
  await page.locator("main h1").first().waitFor();
  await page.locator("tbody tr[data-place]").first().waitFor();
}

/** A cell by the place of its row and the label of its column. */
async function cell(page, row, label) {
  const headings = await page.locator("thead th").allInnerTexts();
  const column = headings.findIndex((text) => text.trim() === label);
  assert.ok(column >= 0, `${label} in ${headings.join()}`);
  return page.locator(`tr[data-place="${row}"] > td[data-column="${column}"]`);
}

const mod = process.platform === "darwin" ? "Meta" : "Control";

/** Puts a text where Ctrl+V would. */
const paste = (page, text) =>
  page.evaluate((given) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", given);
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);

/** What Ctrl+C puts on the clipboard. */
const copy = (page) =>
  page.evaluate(() => {
    const clipboardData = new DataTransfer();
    document.activeElement.dispatchEvent(new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true }));
    return clipboardData.getData("text/plain");
  });

test("cells are typed into, ranges pasted, filled and emptied, a refusal stands at its cell, all of it undone", async () => {
  const { page, wrong, context } = await signedIn(browser, "admin");
  const codes = ["CELL1", "CELL2", "CELL3"];
  const { createRegions } = await data(
    "mutation($inputs: [CreateRegionInput!]!) { createRegions(inputs: $inputs) { records { id } userErrors { message } } }",
    { variables: { inputs: codes.map((code, place) => ({ code, name: `格${place}` })) } },
  );
  assert.deepEqual(createRegions.userErrors, []);
  const stored = async () =>
    (await data('{ regions(filter: {code: {startsWith: "CELL"}}, orderBy: [{code: ASC}]) { nodes { name } } }')).regions.nodes.map(({ name }) => name);
  await go(page, "/o/regions?f.code=startsWith:CELL&s=code");
  await shot(page, "lists-cells");
  // The first column still opens the record; arrows lead to the cells beside it.
  await page.locator("tbody a").first().focus();
  await page.keyboard.press("ArrowRight");
  const name = (row) => cell(page, row, "Name");
  await page.keyboard.type("North");
  await page.keyboard.press("Enter");
  await (await name(0)).getByText("North").waitFor();
  await page.getByText("1 value changed.").waitFor();
  assert.deepEqual(await stored(), ["North", "格1", "格2"]);
  // Enter went down; Escape gives up.
  await page.keyboard.press("F2");
  await page.keyboard.type("x");
  await page.keyboard.press("Escape");
  assert.equal(await (await name(1)).innerText(), "格1");
  await page.keyboard.press(`${mod}+z`);
  await (await name(0)).getByText("格0").waitFor();
  await page.getByText("Undone.").waitFor();
  assert.deepEqual(await stored(), ["格0", "格1", "格2"]);

  await page.keyboard.press("ArrowUp");
  await paste(page, "一\n二\n三\n四");
  await page.getByText("3 values changed.").waitFor();
  assert.deepEqual(await stored(), ["一", "二", "三"]);
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  assert.equal(await page.locator('td[aria-selected="true"]').count(), 3);
  assert.equal(await copy(page), "一\n二\n三");
  await shot(page, "lists-range");
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press(`${mod}+Enter`);
  await page.getByText("2 values changed.").waitFor();
  assert.deepEqual(await stored(), ["一", "一", "一"]);
  // A region has a name: the refusal is told at each cell, and what was there is back.
  await page.keyboard.press("Delete");
  await page.locator('td[aria-invalid="true"]').nth(2).waitFor();
  assert.deepEqual(await stored(), ["一", "一", "一"]);
  await shot(page, "lists-refused");
  assert.deepEqual(await axe(page), []);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await (await name(2)).getByText("三").waitFor();

  await data("mutation { deleteRegions(filter: {code: {startsWith: \"CELL\"}}, atMost: 3) { count userErrors { message } } }");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a list in groups: folded with count and sums, opened by a key, kept in a view", async () => {
  const { page, wrong, context } = await signedIn(browser, "admin");
  const { groups, whole } = await data(
    `{ groups: opportunityAggregate(groupBy: [{stage: {id: true}}, {stage: {name: true}}]) { key { stage { name } } count sum { amount } }
      whole: opportunityAggregate { sum { amount } } }`,
  );
  const plain = (text) => text.replaceAll(",", "");
  await go(page, "/o/opportunities?g=stage");
  const heads = page.locator("tbody button[aria-expanded]");
  assert.equal(await heads.count(), groups.length);
  assert.ok(plain(await page.locator("tfoot").innerText()).includes(whole[0].sum.amount));
  for (const { key, count, sum } of groups) {
    const row = page.locator("tbody tr", { has: page.locator("button", { hasText: key.stage.name }) });
    assert.match(plain(await row.innerText()), new RegExp(`${count}\\s[^]*${sum.amount.replace(".", "\\.")}`));
  }
  await heads.first().focus();
  await page.keyboard.press("Enter");
  await page.locator("tbody a").first().waitFor();
  assert.equal(await heads.first().getAttribute("aria-expanded"), "true");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement?.matches("tbody a"));
  await shot(page, "lists-grouped");
  assert.deepEqual(await axe(page), []);
  await heads.first().click();
  await page.locator("tbody a").first().waitFor({ state: "detached" });

  await page.getByRole("button", { name: /^Grouped by/ }).click();
  await page.getByRole("menuitem", { name: /by quarter$/ }).first().click();
  await page.waitForURL(/g=.*QUARTER/);
  await page.getByRole("button", { name: /^\d{4} Q\d/ }).first().waitFor();
  await page.getByRole("button", { name: /^View:/ }).click();
  await page.getByRole("menuitem", { name: /Save as a view/ }).click();
  await page.locator("input[name=name]").fill("In quarters");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL(/view=/);
  assert.ok(!page.url().includes("g="));
  await page.getByRole("button", { name: /^\d{4} Q\d/ }).first().waitFor();
  await data("mutation($id: ID!) { deleteView(id: $id) }", {
    endpoint: "/metadata",
    variables: { id: new URL(page.url()).searchParams.get("view") },
  });
  assert.deepEqual(wrong, []);
  await context.close();
});

test("columns are chosen, ordered and drawn as wide as one likes; the address and the person keep them", async () => {
  const { page, wrong, context } = await signedIn(browser, "zhang");
  const headings = () => page.locator("thead th").allInnerTexts();
  await go(page, "/o/contacts");
  const usual = await headings();
  await page.getByRole("button", { name: "Columns" }).click();
  const dialog = page.getByRole("dialog");
  const shown = dialog.getByRole("list", { name: /^Columns shown/ });
  await dialog.getByRole("list", { name: "More columns" }).getByRole("checkbox").first().click();
  const added = (await shown.getByRole("listitem").last().innerText()).trim();
  await shown.getByRole("checkbox").last().focus();
  for (let up = usual.length; up > 1; up -= 1) await page.keyboard.press("Alt+ArrowUp");
  await shown.getByRole("checkbox", { name: usual.at(-1), exact: true }).click();
  await shot(page, "lists-columns");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/[?&]c=/);
  const wanted = [usual[0], added, ...usual.slice(1, -1)];
  assert.deepEqual(await headings(), wanted);

  const heading = page.locator("thead th").nth(1);
  const before = (await heading.boundingBox()).width;
  const { x, y, width, height } = await heading.boundingBox();
  await page.mouse.move(x + width - 3, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width + 57, y + height / 2, { steps: 3 });
  await Promise.all([
    page.waitForResponse((response) => response.request().postData()?.includes("SetPreference")),
    page.mouse.up(),
  ]);
  assert.ok((await heading.boundingBox()).width > before + 40);
  // Without the address they are the person's own.
  await go(page, "/o/contacts");
  assert.deepEqual(await headings(), wanted);
  assert.ok((await heading.boundingBox()).width > before + 40);
  await page.getByRole("button", { name: "Columns" }).click();
  await dialog.getByRole("button", { name: "Usual columns" }).click();
  await page.waitForFunction((count) => document.querySelectorAll("thead th").length === count, usual.length);
  assert.deepEqual(await headings(), usual);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("conditions over relations, on lists, and of which one is enough; all of it in the address", async () => {
  const { page, wrong, context } = await signedIn(browser, "admin");
  const count = async (filter) =>
    (await data("query($filter: SalesOrderFilter) { salesOrders(filter: $filter) { totalCount } }", { variables: { filter } })).salesOrders.totalCount;
  const shown = (total) => page.getByRole("status").filter({ hasText: ` of ${total}` }).waitFor();
  await go(page, "/o/salesOrders");
  await page.getByRole("button", { name: /^Add a condition/ }).click();
  await page.getByRole("menuitem", { name: /^Related records/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Fields of Customer", exact: true }).click();
  await dialog.getByRole("button", { name: "Level", exact: true }).waitFor();
  await shot(page, "lists-fields");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Level", exact: true }).click();
  await dialog.getByRole("checkbox", { name: /^A/ }).check();
  await dialog.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/f\.customer\.level=in/);
  await page.getByRole("button", { name: /^Customer › Level: A/ }).waitFor();
  const level = { customer: { level: { in: ["A"] } } };
  await shown(await count(level));

  await page.getByRole("button", { name: /^Add a condition/ }).click();
  await page.getByRole("menuitem", { name: /^Any of several/ }).click();
  await dialog.getByRole("button", { name: "Fields of Customer", exact: true }).click();
  await dialog.getByRole("searchbox").fill("city");
  await dialog.getByRole("button", { name: "City", exact: true }).click();
  await dialog.getByRole("textbox").fill("天津");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await dialog.getByRole("button", { name: /Add a condition/ }).click();
  await dialog.getByRole("searchbox").fill("deliver");
  await dialog.locator("ul button").first().waitFor();
  await shot(page, "lists-any");
  await dialog.getByRole("button", { name: "Delivery notes", exact: true }).click();
  await dialog.getByRole("combobox").selectOption("none");
  await dialog.getByRole("button", { name: "Apply" }).click();
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/or1\.deliveryNotes=none/);
  const either = { or: [{ customer: { city: { contains: "天津" } } }, { deliveryNotes: { count: { eq: 0 } } }] };
  const both = await count({ and: [level, either] });
  await shown(both);
  await shot(page, "lists-conditions");
  // The address alone says it, names that nobody has are told.
  await go(page, `${new URL(page.url()).pathname}${new URL(page.url()).search}&f.customer.nothing=eq:1`);
  await shown(both);
  await page.getByText(/Left out.*customer\.nothing/).waitFor();
  await page.getByRole("button", { name: /^Remove: Customer › City/ }).click();
  await shown(await count(level));
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a phone has groups that fold into cards, and each person what they want on a card", async () => {
  const { page, wrong, context } = await signedIn(browser, "zhang", { width: 390, height: 844 });
  await page.goto(`${URL_}/o/opportunities`);
  await page.getByRole("button", { name: /^Grouped by/ }).click();
  await page.getByRole("menuitem", { name: "Stage", exact: true }).click();
  await page.waitForURL(/g=stage/);
  const cards = page.getByRole("region", { name: "Opportunities" });
  const heads = cards.locator("button[aria-expanded]");
  await heads.first().waitFor();
  const { opportunities } = await data("{ opportunities { totalCount } }", { account: "zhang" });
  const counts = (await heads.locator("span").allInnerTexts()).map(Number);
  assert.equal(counts.reduce((sum, one) => sum + one, 0), opportunities.totalCount);
  assert.equal(await cards.getByText("Amount").count(), counts.length);
  await heads.first().click();
  await cards.locator("strong").first().waitFor();
  await shot(page, "console-groups-390");
  assert.deepEqual(await axe(page), []);

  await page.getByRole("button", { name: "Columns" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("checkbox", { name: "Created at" }).check();
  assert.equal(await dialog.getByRole("spinbutton").count(), 0);
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Apply" }).click();
  await cards.getByText("Created at").first().waitFor();
  await page.reload();
  await heads.first().click();
  await cards.getByText("Created at").first().waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  await page.getByRole("button", { name: "Columns" }).click();
  await dialog.getByRole("button", { name: "Usual columns" }).click();
  await cards.getByText("Created at").first().waitFor({ state: "detached" });
  assert.deepEqual(wrong, []);
  await context.close();
});
