/**
 * The designers in a browser: layouts, menus, objects. What a test stores it takes back, so that the pages of the other
 * tests are as the program has them.
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

async function as(account, options) {
  const opened = await signedIn(browser, account, options);
  const { context, wrong } = opened;
  context.on("response", async (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()} ${response.url()}`);
    if (!/\/(graphql|metadata)$/.test(new URL(response.url()).pathname)) return;
    const body = await response.json().catch(() => ({}));
    if (body.errors) wrong.push(`${JSON.stringify(body.errors).slice(0, 300)} for ${response.request().postData()?.slice(0, 200)}`);
  });
  return opened;
}

async function go(page, path) {
  await page.goto(URL_ + path);
  await page.locator("main h1").first().waitFor();
}

const meta = (query, variables) => data(query, { variables, endpoint: "/metadata" });

/** The items of a section, in their order. */
const items = (page, section) =>
  page.getByRole("group", { name: `Section: ${section}` }).locator("[data-item]").evaluateAll((all) => all.map((one) => one.dataset.item));

const wideEnough = async (page) => {
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(wide <= room, `${wide} px wide`);
};

test("a record page is designed by keys, menu and drag, seen at once, saved, settled with another, taken back", async () => {
  const key = { object: "Customer", kind: "DETAIL" };
  await meta(`mutation($object: String!, $kind: LayoutKind!) { removeLayout(object: $object, kind: $kind) }`, key).catch(() => null);
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin/layouts");
  await page.getByRole("searchbox", { name: "Find an object" }).fill("customer");
  await page.getByRole("link", { name: "Customer, Record page: standard" }).click();
  const preview = page.frameLocator("iframe");
  await preview.locator("h1").waitFor();
  await preview.locator('[data-field="code"]').waitFor();
  assert.deepEqual((await items(page, "General")).slice(0, 3), ["code", "name", "shortName"]);

  // By keys: the focus goes with what is moved.
  const tile = (name) => page.locator(`[data-item="${name}"]`);
  await tile("code").locator("button").first().focus();
  await page.keyboard.press("Alt+ArrowDown");
  await page.locator('[data-item="code"] button:focus').waitFor();
  assert.deepEqual((await items(page, "General")).slice(0, 3), ["name", "code", "shortName"]);
  // By its menu, and taken back.
  await page.getByRole("button", { name: "More: Short name" }).click();
  await page.getByRole("menuitem", { name: "Move to: Notes" }).click();
  assert.deepEqual(await items(page, "Notes"), ["remark", "shortName"]);
  await page.keyboard.press("Control+z");
  assert.deepEqual(await items(page, "Notes"), ["remark"]);
  await page.getByRole("button", { name: "Redo" }).click();
  assert.deepEqual(await items(page, "Notes"), ["remark", "shortName"]);
  // By drag: what is not placed yet goes where it is dropped.
  await page.locator('[data-offer="field lastActivityAt"]').dragTo(tile("name"), { targetPosition: { x: 8, y: 12 } });
  await page.locator('[data-node] [data-item="lastActivityAt"]').waitFor();
  assert.equal((await items(page, "General"))[0], "lastActivityAt");
  await preview.locator('[data-field="lastActivityAt"]').waitFor();

  // A section of its own, named in a dialog.
  await page.getByRole("button", { name: "More: Tab Details" }).click();
  await page.getByRole("menuitem", { name: "Add a section" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Label in English").fill("Extras");
  await dialog.getByLabel("Label in Chinese").fill("其他");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("group", { name: "Section: Extras" }).waitFor();
  await page.locator('[data-offer="field version"]').click();
  assert.deepEqual(await items(page, "Extras"), ["version"]);
  await preview.getByRole("heading", { name: "Extras" }).waitFor();

  // A condition that is wrong is told at its item, by the server.
  await tile("version").getByRole("button").first().click();
  await dialog.getByLabel("Shown when").fill("nonsense ==");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await tile("version").getByText(/nonsense/).waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, "designer-layout-fault");
  await page.keyboard.press("Control+z");
  await tile("version").getByText(/nonsense/).waitFor({ state: "detached" });

  // Whoever leaves is asked.
  await page.getByRole("link", { name: "Layouts", exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Go on editing" }).click();

  // Somebody else was faster: mine goes over theirs once that is wanted.
  const { setLayout } = await meta(
    `mutation($object: String!, $kind: LayoutKind!) {
      setLayout(object: $object, kind: $kind, layout: { header: ["level"], tabs: [{ label: "一", sections: [{ items: [{ field: "name" }] }] }] }) { version diagnostics { message } }
    }`,
    key,
  );
  assert.deepEqual(setLayout.diagnostics, []);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("alert").getByText("Someone else has changed this layout").waitFor();
  await page.getByRole("button", { name: "Save mine over theirs" }).click();
  await page.getByText("The layout is saved.").waitFor();
  await page.getByText(/^Written here/).waitFor();

  // The real page is as it was designed.
  const first = await data("{ customers(first: 1) { nodes { id } } }");
  await go(page, `/o/customers/${first.customers.nodes[0].id}`);
  await page.getByRole("heading", { name: "Extras" }).waitFor();
  assert.equal(await page.locator("main [data-field]").first().getAttribute("data-field"), "lastActivityAt");
  // From there the designer opens with this record.
  await page.locator("main").getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Change this page's layout" }).click();
  await page.frameLocator("iframe").getByRole("heading", { name: "Extras" }).waitFor();
  await page.getByRole("button", { name: "Phone, 390" }).click();
  await wideEnough(page);
  await shot(page, "designer-layout");

  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Back to the usual layout" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Back to the usual layout" }).click();
  await page.getByText("The usual layout is back.").waitFor();
  await page.getByText(/^This one comes with the program/).waitFor();
  assert.equal((await items(page, "General"))[0], "code");
  // The one save that came too late was refused.
  assert.deepEqual(wrong.filter((line) => !/CATALOG_CONFLICT|status of 409|^409/.test(line)), []);
  await context.close();
});

test("a page is seen as a person has it: their records, without what they may not know", async () => {
  const { page, wrong, context } = await as("admin");
  const { customers } = await data("{ customers(first: 1) { nodes { id name } } }", { account: "li" });
  const [theirs] = customers.nodes;
  await go(page, `/admin/layouts/Customer?kind=DETAIL&id=${theirs.id}`);
  const preview = page.frameLocator("iframe");
  await preview.locator("h1", { hasText: theirs.name }).waitFor();
  await preview.locator('[data-field="creditLimit"]').waitFor();
  const person = page.getByLabel("Seen as");
  await person.selectOption("zhang");
  // One of li's is not there for zhang.
  await preview.getByText("Not there for this person.").waitFor();
  await person.selectOption("li");
  await preview.locator("h1", { hasText: theirs.name }).waitFor();
  const { object } = await data('{ object(name: "Customer") { fields { name } } }', { account: "li", endpoint: "/metadata" });
  const known = new Set(object.fields.map(({ name }) => name));
  const drawn = await preview.locator("[data-field]").evaluateAll((all) => all.map((one) => one.dataset.field));
  assert.ok(drawn.length > 5);
  assert.deepEqual(drawn.filter((name) => !known.has(name)), []);
  assert.deepEqual(await axe(page), []);
  await shot(page, "designer-as-person");
  await page.getByRole("link", { name: "List", exact: true }).click();
  await page.getByLabel("Seen as").selectOption("zhang");
  const own = (await data("{ customers(first: 100) { nodes { name } } }", { account: "zhang" })).customers.nodes;
  const names = () => preview.locator("tbody tr[data-place] a").allInnerTexts();
  for (let left = 40; left > 0 && !(await names()).some((name) => own.some((one) => one.name === name)); left -= 1)
    await page.waitForTimeout(100);
  assert.deepEqual((await names()).filter((name) => /公司/.test(name) && !own.some((one) => one.name === name)), []);
  await page.getByLabel("Seen as").selectOption("");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a list for one role: columns, widths, filters, order", async () => {
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin/layouts/Competitor?kind=LIST");
  await page.getByLabel("For the role").selectOption("salesperson");
  await page.getByText(/^Nobody has written this one|^There is none of its own/).waitFor();
  const columns = page.getByRole("list", { name: "Columns" });
  const names = () => columns.locator("[data-name]").evaluateAll((all) => all.map((one) => one.dataset.name));
  const [head, second] = await names();
  await page.getByLabel("Add to: Columns").selectOption("createdAt");
  await columns.locator(`[data-name="${head}"]`).getByRole("button").focus();
  await page.keyboard.press("Alt+ArrowDown");
  assert.deepEqual((await names()).slice(0, 2), [second, head]);
  assert.equal((await names()).at(-1), "createdAt");
  await columns.locator('[data-name="createdAt"] input').fill("170");
  await page.frameLocator("iframe").getByRole("columnheader", { name: "Created at" }).waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The layout is saved.").waitFor();
  const written = `query { layouts(object: "Competitor") { kind role version definition } }`;
  const [layout] = (await meta(written)).layouts;
  assert.equal(`${layout.kind} ${layout.role}`, "LIST salesperson");
  assert.match(layout.definition, /\{ field = "createdAt", width = 170 \}/);
  assert.deepEqual(await axe(page), []);
  await meta(`mutation { removeLayout(object: "Competitor", kind: LIST, role: "salesperson") }`);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a shared view opens first for a role, from the layout of its list", async () => {
  const { saveView } = await meta(
    `mutation { saveView(input: { object: "Competitor", name: "Rivals", share: ALL, question: {} }) { view { id } userErrors { message } } }`,
  );
  assert.deepEqual(saveView.userErrors, []);
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin/layouts/Competitor?kind=LIST");
  const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "Rivals" }) });
  await row.getByRole("button", { name: "Pin: Rivals" }).click();
  await row.getByRole("button", { name: "Unpin: Rivals" }).waitFor();
  await row.getByRole("button", { name: "Opens first: Rivals" }).click();
  await page.getByRole("menuitem", { name: "Open first for: Salesperson", exact: true }).click();
  await page.getByText("Rivals opens first for Salesperson.").waitFor();
  assert.deepEqual(await axe(page), []);
  const { views } = await data(`{ views(object: "Competitor") { name isDefault } }`, { account: "zhang", endpoint: "/metadata" });
  assert.deepEqual(views.filter(({ name }) => name === "Rivals"), [{ name: "Rivals", isDefault: true }]);
  await meta("mutation($id: ID!) { deleteView(id: $id) }", { id: saveView.view.id });
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a menu is designed by keys, menu and drag, renamed, seen as a role sees it, saved, taken back", async () => {
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin/menus?system=SERVICE");
  const entries = (group) =>
    page.getByRole("group", { name: `Group: ${group}` }).locator("[data-entry]").evaluateAll((all) => all.map((one) => one.dataset.entry));
  const before = await entries("Customers");
  const entry = (name) => page.locator(`[data-entry="${name}"]`);
  await entry(before[0]).getByRole("button").first().focus();
  await page.keyboard.press("Alt+ArrowDown");
  await page.locator(`[data-entry="${before[0]}"] button:focus`).waitFor();
  assert.deepEqual((await entries("Customers")).slice(0, 2), [before[1], before[0]]);

  await page.getByRole("button", { name: "Add a group" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Label in Chinese").fill("常用");
  await dialog.getByLabel("Label in English").fill("Daily");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Apply" }).click();
  await entry(before[0]).getByRole("button").last().click();
  await page.getByRole("menuitem", { name: "Move to: Daily" }).click();
  await entry(before[2]).dragTo(entry(before[1]), { targetPosition: { x: 30, y: 4 } });
  await page.locator(`[data-entry="${before[2]}"] + [data-entry="${before[1]}"]`).waitFor();
  await page.getByRole("group", { name: "Group: Daily" }).locator(`[data-entry="${before[0]}"]`).waitFor();
  await entry(before[0]).getByRole("button").first().click();
  await dialog.getByLabel("Label in English").fill("My clients");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await page.locator("[data-menu-preview]").getByText("My clients").waitFor();
  await page.getByRole("button", { name: "Add a view or address" }).click();
  await dialog.getByLabel("Address in the console").fill("/home?from=menu");
  await dialog.getByLabel("Label in English").fill("Start");
  await dialog.getByRole("button", { name: "Apply" }).click();
  // What a role may not read is no entry for it.
  const finance = page.getByLabel("With the role");
  await finance.selectOption("purchasing");
  await page.locator("[data-menu-preview]").getByText("My clients").waitFor({ state: "detached" });
  await finance.selectOption("");
  await shot(page, "designer-menu");
  assert.deepEqual(await axe(page), []);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("The menu is saved.").waitFor();
  // The frame has it at once.
  await page.getByRole("combobox", { name: "Menu", exact: true }).selectOption("SERVICE");
  await page.getByRole("navigation").getByRole("link", { name: "My clients" }).waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Start" }).click();
  await page.waitForURL("**/home?from=menu");
  await go(page, "/admin/menus?system=SERVICE");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Back to the generated menu" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Back to the generated menu" }).click();
  await page.getByText("The generated menu is back.").waitFor();
  assert.deepEqual(await entries("Customers"), before);
  await page.getByRole("combobox", { name: "Menu", exact: true }).selectOption("SALES");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("the set-up checklist says what there is and leads to it", async () => {
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin");
  const step = (key) => page.locator(`[data-step="${key}"]`);
  await step("menus").waitFor();
  assert.equal(await step("departments").getAttribute("data-standing"), "DONE");
  assert.deepEqual(await axe(page), []);
  await step("employees").getByRole("link").click();
  await page.waitForURL("**/o/employees");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a field is edited by steps, a picklist is relabelled and turned, what is taken out comes back", async () => {
  const draft = (sdl) => meta(`mutation($sdl: String!) { applySchema(sdl: $sdl, note: "designers") { version diagnostics { message } } }`, { sdl });
  await meta("mutation { dropSchemaDraft }");
  const applied = await draft(`type DesignedThing @object(kind: SETUP, label: "设计物", labelEn: "Designed thing", plural: "designedThings") {
    name: String! @field(label: "名称", labelEn: "Name")
    grade: DesignedGrade @field(label: "等级", labelEn: "Grade")
    gone: String @field(label: "旧的", labelEn: "Gone")
  }
  enum DesignedGrade { HIGH @label(zh: "高", en: "High") LOW @label(zh: "低", en: "Low") }`);
  assert.deepEqual(applied.applySchema.diagnostics, []);
  const { page, wrong, context } = await as("admin");
  await go(page, "/admin/objects/DesignedThing");
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Edit the object" }).click();
  await dialog.getByLabel("Name of several records in English").fill("Things designed");
  await dialog.getByLabel("Field with its state").selectOption("grade");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Put into the draft" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "More: Name" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await dialog.getByLabel("Label in English").fill("Title");
  await dialog.getByLabel("No two records have the same value").check();
  await dialog.getByLabel("Must hold").fill("nonsense ==");
  assert.deepEqual(await axe(page), []);
  await dialog.getByRole("button", { name: "Put into the draft" }).click();
  const panel = page.getByRole("region", { name: "Draft" });
  await panel.getByText(/nonsense/).waitFor();
  await page.getByRole("button", { name: "More: Name" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  assert.equal(await dialog.getByLabel("Label in English").inputValue(), "Title");
  await dialog.getByLabel("Must hold").fill("");
  await dialog.getByRole("button", { name: "Put into the draft" }).click();
  await panel.getByText(/nonsense/).waitFor({ state: "detached" });

  await page.getByRole("button", { name: "More: Grade" }).click();
  await page.getByRole("menuitem", { name: "Values" }).click();
  await dialog.getByLabel("English: LOW").fill("Poor");
  await dialog.getByRole("button", { name: "More: Poor" }).focus();
  await page.keyboard.press("Alt+ArrowUp");
  await dialog.getByLabel("Label in English").fill("Not yet");
  await dialog.getByLabel("Label in Chinese").fill("未定");
  await dialog.getByRole("button", { name: "Add a value" }).click();
  assert.deepEqual(await axe(page), []);
  await shot(page, "designer-values");
  await dialog.getByRole("button", { name: "Put into the draft" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "More: Gone" }).click();
  await page.getByRole("menuitem", { name: "Retire" }).click();
  await panel.getByText("DesignedThing.gone").waitFor();
  await panel.getByRole("button", { name: "Publish" }).click();
  const sure = dialog.getByRole("checkbox").last();
  await sure.check();
  await dialog.getByRole("button", { name: "Publish" }).click();
  await page.getByText(/^Published: version/).waitFor();
  const { object } = await meta(`{ object(name: "DesignedThing") { labelPlural stateField fields { name labelEn options { name labelEn } } } }`);
  const named = (name) => object.fields.find((one) => one.name === name);
  assert.equal(object.stateField, "grade");
  assert.equal(object.labelPlural, "Things designed");
  assert.equal(named("name").labelEn, "Title");
  assert.deepEqual(named("grade").options, [{ name: "LOW", labelEn: "Poor" }, { name: "HIGH", labelEn: "High" }, { name: "NOT_YET", labelEn: "Not yet" }]);
  assert.equal(named("gone"), undefined);

  const gone = page.getByRole("region", { name: "Taken out" });
  await gone.getByRole("button", { name: "Restore: DesignedThing.gone" }).click();
  await page.getByRole("cell", { name: /new in the draft/ }).waitFor();
  await shot(page, "designer-object");
  assert.deepEqual(await axe(page), []);
  await meta("mutation { dropSchemaDraft }");
  // The text offers what may stand where one types.
  await go(page, "/admin/objects");
  const text = page.getByRole("textbox", { name: "Definitions as text" });
  await text.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\nextend type DesignedThing { customer: Cu");
  await page.getByRole("group", { name: "Suggestions" }).getByRole("button", { name: "Customer", exact: true }).waitFor();
  await page.keyboard.type("sto");
  await page.keyboard.press("Tab");
  assert.match(await text.inputValue(), /customer: Customer$/);
  await page.keyboard.type(" @rel");
  await page.keyboard.press("Tab");
  await page.keyboard.type("(onD");
  await page.keyboard.press("Tab");
  assert.match(await text.inputValue(), /@relation\(onDelete: $/);
  await meta("mutation { dropSchemaDraft }");
  await go(page, "/admin/objects/DesignedThing");
  await gone.getByRole("button", { name: "Purge: DesignedThing.gone" }).click();
  const purge = page.getByRole("alertdialog");
  await purge.getByRole("textbox").fill("DesignedThing.gone");
  await purge.getByRole("button", { name: "Purge" }).click();
  await page.getByText("DesignedThing.gone is purged.").waitFor();
  // The object goes again: nothing of it is left for the other tests.
  await meta(`mutation { editSchemaDraft(steps: [{ retireObject: { object: "DesignedThing" } }, { retireObject: { object: "DesignedGrade" } }]) { sdl } publishSchemaDraft { version diagnostics { message } } }`);
  await meta(`mutation { purgeRetired(object: "DesignedThing", confirm: "DesignedThing") }`);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("an object gets a picture and a colour, which menus show", async () => {
  await meta("mutation { dropSchemaDraft }");
  const { page, wrong, context } = await as("admin");
  const dialog = page.getByRole("dialog");
  const look = async (search, name, colour) => {
    await go(page, "/admin/objects/Campaign");
    await page.getByRole("button", { name: "Edit the object" }).click();
    await dialog.getByRole("searchbox", { name: "Find an icon" }).fill(search);
    await dialog.getByRole("radio", { name, exact: true }).check({ force: true });
    await dialog.getByLabel("Colour").fill(colour);
    if (search !== "") {
      await shot(page, "designer-icon");
      assert.deepEqual(await axe(page), []);
    }
    await dialog.getByRole("button", { name: "Put into the draft" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("region", { name: "Draft" }).getByRole("button", { name: "Publish" }).click();
    await dialog.getByRole("button", { name: "Publish" }).click();
    await page.getByText(/^Published: version/).last().waitFor();
  };
  const entry = page.getByRole("navigation", { name: "Sales" }).getByRole("link", { name: "Campaigns" });
  await look("宣传", "megaphone", "#b3261e");
  await entry.locator("svg.lucide-megaphone").waitFor();
  await look("", "None", "");
  await entry.locator("svg").waitFor({ state: "detached" });
  const { schemaText } = await meta("{ schemaText }");
  assert.doesNotMatch(schemaText, /megaphone|b3261e/);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("the designers are not there for whoever may not define", async () => {
  const { page, wrong, context } = await as("zhang");
  for (const path of ["/admin/layouts", "/admin/layouts/Customer", "/admin/menus"]) {
    await go(page, path);
    await page.getByRole("heading", { name: "There is no such page here" }).waitFor();
  }
  assert.deepEqual(wrong, []);
  await context.close();
});

for (const [width, scheme, locale] of [[1280, "dark", "zh-CN"], [390, "light", "en-GB"]]) {
  test(`every kind of layout at ${width} px, ${scheme}, ${locale}: axe finds nothing, nothing scrolls sideways`, async () => {
    const { page, wrong, context } = await as("admin", { width, height: 844, scheme, locale });
    const found = [];
    const kinds = width === 390 ? ["LIST", "DETAIL", "CALENDAR"] : ["EDIT", "BOARD", "CARD"];
    for (const path of ["/admin/layouts", "/admin/menus", ...kinds.map((kind) => `/admin/layouts/Schedule?kind=${kind}`)]) {
      await go(page, path);
      if (path.includes("kind")) await page.frameLocator("iframe").locator("h1").waitFor();
      for (const line of await axe(page)) found.push(`${path} ${line}`);
      await wideEnough(page);
      await shot(page, `designer-${width}-${path.replace(/\W+/g, "-").slice(1)}`);
    }
    assert.deepEqual(found, []);
    assert.deepEqual(wrong, []);
    await context.close();
  });
}
