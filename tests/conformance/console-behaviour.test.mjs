/** Behaviour in the console: a text is begun, checked, mended, published, drawn, settled with another's, taken out. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, shot, signedIn } from "./browser.mjs";
import { data, URL_ } from "./support.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(async () => {
  // Other tests find the behaviour that came with the program.
  for (const name of ["permits", "stages"]) await apply("", [{ name, text: null }]).catch(() => null);
  await browser?.close();
});

const meta = (query, variables) => data(query, { variables, endpoint: "/metadata" });

const PERMITS = `
type Permit @object(kind: DOCUMENT, label: "许可", labelEn: "Permit", plural: "permits", systems: [SALES], workflow: true, stateField: "status", display: "name") {
  name: String! @field(label: "名称", labelEn: "Name")
  status: PermitStatus! @field(label: "状态", labelEn: "Status", default: "OPEN")
  reason: String @field(label: "原因", labelEn: "Reason")
}
enum PermitStatus { OPEN @label(zh: "待批", en: "Open") GRANTED @label(zh: "已批", en: "Granted") ENDED @label(zh: "终止", en: "Ended") }
`;

const apply = async (sdl, rules) => {
  const { applySchema } = await meta(
    "mutation($sdl: String!, $rules: [RuleText!]!) { applySchema(sdl: $sdl, rules: $rules) { diagnostics { message } } }",
    { sdl, rules },
  );
  assert.deepEqual(applySchema.diagnostics, []);
};

/** What somebody else publishes, or takes out. */
const publish = (text) => apply("", [{ name: "permits", text }]);

async function permit(name) {
  const { made } = await data("mutation($input: CreatePermitInput!) { made: createPermit(input: $input) { record { id } userErrors { message } } }", {
    variables: { input: { name } },
  });
  assert.deepEqual(made.userErrors, []);
  return made.record.id;
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

const editor = (page) => page.getByRole("textbox", { name: "Text of behaviour" });
const state = (page, name) => page.locator(`svg [data-state="${name}"]`);

/** The text of the line in which the caret stands. */
const lineOfCaret = (page) =>
  editor(page).evaluate(({ value, selectionStart }) => {
    const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
    return value.slice(from, value.indexOf("\n", from));
  });

test("a flow is begun, checked, mended and published, seen as a picture, and at work at once", async () => {
  await apply(PERMITS, []);
  const id = await permit("Crane");
  const { page, wrong, context } = await signedIn(browser, "admin");
  await go(page, "/admin");
  await page.getByRole("link", { name: /^Behaviour/ }).click();
  await page.getByRole("link", { name: "sales.rules.toml" }).waitFor();
  await looks(page, "behaviour");
  await page.getByRole("button", { name: "New text" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Permits");
  await dialog.getByLabel("Object").selectOption("Permit");
  await dialog.getByRole("button", { name: "Begin" }).click();
  await dialog.getByRole("alert").waitFor();
  await looks(page, "behaviour-new");
  await dialog.getByLabel("Name").fill("permits");
  await dialog.getByRole("button", { name: "Begin" }).click();
  await page.getByText("Nothing is wrong.").waitFor();
  // It leads from each state to the next, and is drawn as it is typed.
  await state(page, "ENDED").waitFor();
  const written = await editor(page).inputValue();
  assert.match(written, /object = "Permit"/);

  // A fault, with its line and what is meant.
  await editor(page).fill(written.replace('to = "GRANTED"', 'to = "GRANTEED"'));
  await page.getByText("1 fault", { exact: true }).waitFor();
  await looks(page, "behaviour-fault");
  assert.ok(await page.getByRole("button", { name: "Publish…" }).isDisabled());
  const fault = page.getByRole("button", { name: /^\d+:\d+ .*GRANTEED/ });
  await fault.click();
  assert.match(await lineOfCaret(page), /GRANTEED/);
  // Whoever leaves is asked.
  await page.locator("h1").getByRole("link").click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Go on editing" }).click();

  const mended = written
    .replace(/code = "move1"\n.*\n/, 'code = "grant"\nlabel = "批准"\nlabel_en = "Grant"\nright = "approve"\n')
    .replace(/code = "move2"\n.*\n/, 'code = "end"\nlabel = "终止"\nlabel_en = "End"\ninput = ["reason!"]\n');
  await editor(page).fill(mended);
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("Nothing is wrong.").waitFor();
  await page.getByRole("button", { name: "Publish…" }).click();
  await dialog.getByText("new text of behaviour").waitFor();
  await looks(page, "behaviour-publish");
  await dialog.getByLabel("Note").fill("permits are granted");
  await dialog.getByRole("button", { name: "Publish" }).click();
  await page.getByText(/^Published/).first().waitFor();
  await dialog.waitFor({ state: "detached" });

  // At the object: the picture, and the same as a table.
  await go(page, "/admin/objects/Permit");
  await page.getByRole("img", { name: /^States and moves of Permit/ }).waitFor();
  for (const name of ["OPEN", "GRANTED", "ENDED"]) await state(page, name).waitFor();
  assert.match(await state(page, "OPEN").textContent(), /Open.*start · edit · remove/);
  const [open, granted] = await Promise.all(["OPEN", "GRANTED"].map((name) => state(page, name).boundingBox()));
  assert.ok(open.x + open.width < granted.x);
  const rows = page.getByRole("region", { name: "Moves of Permit" }).locator("tbody tr");
  assert.deepEqual(
    (await rows.allInnerTexts()).map((row) => row.trim().split(/\s*\t\s*/)),
    [
      ["Grant grant", "Open", "Granted", "Approve"],
      ["End end", "Granted", "Ended", "Edit", "Reason (required)"],
    ],
  );
  await looks(page, "behaviour-object");

  // Records have the move, in every page.
  await go(page, `/o/permits/${id}`);
  await page.locator("main").getByRole("button", { name: "Grant", exact: true }).click();
  await page.locator("main").getByRole("button", { name: "End", exact: true }).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();
});

test("what somebody else publishes meanwhile is settled; a text goes once it is said what goes with it", async () => {
  await apply(PERMITS, []);
  const text = (to) => `[[flow]]
object = "Permit"
field = "status"
start = ["OPEN"]
moves = [ { code = "grant", label_en = "Grant", from = ["OPEN"], to = "${to}" } ]

[[rule]]
code = "permit_reasons"
label_en = "Reasons of permits"
objects = ["Permit"]
on = ["update"]
require = ["reason"]
`;
  await publish(text("GRANTED"));
  const { page, wrong, context } = await signedIn(browser, "admin");
  await go(page, "/admin/behaviour/permits");
  await page.getByText("Nothing is wrong.").waitFor();
  await editor(page).fill(text("GRANTED").replace("Reasons of", "Why"));
  await page.getByText("Nothing is wrong.").waitFor();
  await publish(text("ENDED"));
  await page.getByRole("button", { name: "Publish…" }).click();
  await page.getByText("Someone else has published this text in the meantime.").waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
  await looks(page, "behaviour-overtaken");
  await page.getByRole("button", { name: "Take theirs, drop mine" }).click();
  await page.getByText("Published.", { exact: true }).waitFor();
  assert.equal(await editor(page).inputValue(), text("ENDED"));
  // Words that may stand where one types.
  await editor(page).press("Control+End");
  await page.keyboard.type("ref");
  await page.keyboard.press("Tab");
  assert.match(await editor(page).inputValue(), /refuse = $/);
  await page.getByText("1 fault", { exact: true }).waitFor();
  await editor(page).fill(text("ENDED"));

  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Remove the text" }).click();
  const sure = page.getByRole("alertdialog");
  await sure.getByText("The flow of Permit").waitFor();
  await sure.getByText("The rule Reasons of permits.").waitFor();
  await looks(page, "behaviour-remove");
  await sure.getByRole("button", { name: "Remove the text" }).click();
  await page.getByText("permits is removed.").waitFor();
  await page.getByRole("link", { name: "sales.rules.toml" }).waitFor();
  assert.equal(await page.locator("main").getByRole("link", { name: "permits" }).count(), 0);
  const { object } = await meta('{ object(name: "Permit") { flow { field } } }');
  assert.equal(object.flow, null);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("states that are records stand in the order of what leads to the next one", async () => {
  const { salesStages: stages } = await data("{ salesStages(first: 20, orderBy: [{sequence: ASC}]) { nodes { code name sequence } } }");
  const codes = stages.nodes.map(({ code }) => code);
  const on = codes.slice(0, -1).map((code) => `"${code}"`).join(", ");
  const move = `{ code = "advance", label_en = "Advance", from = [${on}], to = "next:sequence" }`;
  await apply("", [
    { name: "stages", text: `[[flow]]\nobject = "Opportunity"\nfield = "stage"\nkey = "code"\nstart = ["${codes[0]}"]\nmoves = [ ${move} ]\n` },
  ]);
  const { page, wrong, context } = await signedIn(browser, "admin");
  await go(page, "/admin/behaviour");
  await page.locator("main").getByRole("link", { name: "Opportunity" }).click();
  await state(page, codes[0]).waitFor();
  const drawn = await page.locator("svg [data-state]").evaluateAll((all) =>
    all.map((one) => [one.getBoundingClientRect().x, one.dataset.state, one.querySelector("tspan").textContent]),
  );
  assert.deepEqual(
    drawn.sort(([a], [b]) => a - b).map(([, ...named]) => named),
    stages.nodes.map(({ code, name }) => [code, name]),
  );
  await looks(page, "behaviour-stages");
  await apply("", [{ name: "stages", text: null }]);
  assert.deepEqual(wrong, []);
  await context.close();
});

for (const [width, scheme, locale] of [[1280, "dark", "zh-CN"], [390, "light", "zh-CN"], [390, "dark", "en-GB"]]) {
  test(`texts of behaviour at ${width} px, ${scheme}, ${locale}`, async () => {
    await apply(PERMITS, []);
    await publish('[[flow]]\nobject = "Permit"\nfield = "status"\nstart = ["OPEN"]\nmoves = [ { code = "grant", from = ["OPEN"], to = "GRANTED" } ]\n');
    const { page, wrong, context } = await signedIn(browser, "admin", { width, height: 844, scheme, locale });
    for (const path of ["/admin/behaviour", "/admin/behaviour/sales.rules.toml", "/admin/behaviour/related_employees.rules.toml", "/admin/behaviour/permits", "/admin/objects/SalesOrder"]) {
      await go(page, path);
      await looks(page, `behaviour-${width}-${scheme}${path.replace(/\W+/g, "-")}`);
    }
    // Faults are told in the reader's language.
    await go(page, "/admin/behaviour/permits");
    await page.locator("textarea").fill('[[flow]]\nobject = "Nothing"\nfield = "status"\nstart = ["OPEN"]\n');
    const fault = page.getByRole("button", { name: /^2:\d+ / });
    await fault.waitFor();
    assert.equal(/\p{Script=Han}/u.test(await fault.innerText()), locale === "zh-CN");
    await looks(page, `behaviour-${width}-${scheme}-fault`);
    assert.deepEqual(wrong, []);
    await context.close();
  });
}
