/** Rich texts in a browser: typed as they will be read, cleaned when pasted, kept when they came from elsewhere. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, shot, signedIn } from "./browser.mjs";
import { data, URL_ } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
  const { applySchema } = await data(
    `mutation($sdl: String!) { applySchema(sdl: $sdl, acceptLayouts: true) { diagnostics { message } } }`,
    {
      endpoint: "/metadata",
      variables: {
        sdl: `type Leaflet @object(kind: MASTER, label: "彩页", labelEn: "Leaflet", plural: "leaflets", systems: [SALES]) {
  name: String! @field(label: "名称", labelEn: "Name")
  text: String @field(label: "正文", labelEn: "Text", type: RICH_TEXT)
}`,
      },
    },
  );
  assert.deepEqual(applySchema.diagnostics, []);
});
after(() => browser?.close());

const textOf = async (id) =>
  (await data("query($id: ID!) { leaflet(id: $id) { text } }", { variables: { id } })).leaflet.text;

/** Ctrl+V of HTML, as a browser does it. */
const paste = (page, html) =>
  page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", text);
    clipboardData.setData("text/plain", "plain");
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, html);

test("a rich text is typed by buttons and keys, with a list, a table and a link", async () => {
  const { page, wrong, context } = await signedIn(browser, "admin");
  await page.goto(`${URL_}/o/leaflets/new`);
  await page.locator('[data-field="name"] input').fill("Spring");
  const area = page.getByRole("textbox", { name: "Text" });
  const bar = page.getByRole("toolbar", { name: "Look of Text" });
  // The editor comes with a file of its own.
  await area.waitFor();
  await page.locator('[data-field="text"] label').click();
  await page.locator("[role=textbox]:focus").waitFor();
  await page.keyboard.type("Plain ");
  await page.keyboard.press("Control+b");
  await page.keyboard.type("bold");
  await page.keyboard.press("Control+b");
  await page.keyboard.press("Enter");
  await page.keyboard.type("First");
  await bar.getByRole("button", { name: "List", exact: true }).click();
  await page.keyboard.press("Enter");
  await page.keyboard.type("Second");
  assert.equal(await bar.getByRole("button", { name: "List", exact: true }).getAttribute("aria-pressed"), "true");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await bar.getByRole("button", { name: "Link" }).click();
  await page.getByLabel("Address of the link").fill("javascript:alert(1)");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "https://" }).waitFor();
  await page.getByLabel("Address of the link").fill("paint.cn/spring");
  await page.keyboard.press("Enter");
  await area.locator("a").waitFor();
  await page.keyboard.press("Enter");
  await bar.getByRole("button", { name: "Table" }).click();
  await page.keyboard.type("Size");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Price");
  await bar.getByRole("button", { name: "Row below" }).waitFor();
  // From button to button by arrows; Tab goes on to the text.
  await bar.getByRole("button", { name: "Bold" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.locator("button[aria-label=Italic]:focus").waitFor();
  await shot(page, "console-rich");
  assert.deepEqual(await axe(page), []);
  await page.keyboard.press("Control+s");
  await page.waitForURL(/\/o\/leaflets\/[0-9a-f-]{30,}$/);
  const id = page.url().split("/").at(-1);
  const text = await textOf(id);
  assert.match(text, /^<p>Plain <strong>bold<\/strong><\/p><ul><li><p>First<\/p><\/li><li><p>Second<\/p><\/li><\/ul>/);
  assert.match(text, /<a href="https:\/\/paint\.cn\/spring" rel="noopener noreferrer">paint\.cn\/spring<\/a>/);
  assert.match(text, /<td[^>]*><p>Price<\/p><\/td>/);
  await page.locator("main").getByRole("cell", { name: "Price" }).waitFor();
  await shot(page, "console-rich-shown");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("what is pasted is cleaned; what came from elsewhere stays; Escape gives it up", async () => {
  const given =
    '<h1>Title</h1><p>H<sub>2</sub>O <mark>new</mark> <img src="https://paint.cn/a.png" alt="Tin"></p><hr><ol start="3"><li>c</li></ol>';
  const { createLeaflet } = await data(
    "mutation($input: CreateLeafletInput!) { createLeaflet(input: $input) { record { id text } userErrors { message } } }",
    { variables: { input: { name: "Kept", text: given } } },
  );
  const { id, text: stored } = createLeaflet.record;
  const { page, wrong, context } = await signedIn(browser, "admin", { width: 390, height: 844, locale: "zh-CN", scheme: "dark" });
  await page.goto(`${URL_}/o/leaflets/${id}`);
  const field = page.locator('[data-field="text"]');
  const begin = async () => {
    await field.getByRole("button", { name: /^编辑/ }).first().click();
    await field.locator("[contenteditable=true]:focus").waitFor();
  };
  await begin();
  await field.getByText("[Tin]").waitFor();
  assert.deepEqual(await axe(page), []);
  await shot(page, "console-rich-390");
  await page.keyboard.type("不要");
  await page.keyboard.press("Escape");
  await field.locator("[contenteditable=true]").waitFor({ state: "detached" });
  assert.equal(await textOf(id), stored);

  await begin();
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await paste(
    page,
    '<html><style>p { color: red }</style><body><!--StartFragment--><p class="MsoNormal" style="color:red;margin:0" onclick="x()">Pasted <b style="font-weight:bold">bold</b><script>alert(1)</script></p><table style="width:300px"><tr><td style="width:1px">1</td></tr></table><!--EndFragment--></body></html>',
  );
  await page.keyboard.press("Control+Enter");
  await field.getByText("Pasted").waitFor();
  await field.locator("[contenteditable=true]").waitFor({ state: "detached" });
  for (let left = 30; left > 0 && !(await textOf(id)).includes("Pasted"); left -= 1) await page.waitForTimeout(100);
  const text = await textOf(id);
  assert.match(text, /<h1>Title<\/h1><p>H<sub>2<\/sub>O <mark>new<\/mark> <img[^>]*src="https:\/\/paint\.cn\/a\.png"[^>]*><\/p><hr><ol start="3"><li><p>c<\/p><\/li><\/ol>/);
  assert.match(text, /<p>Pasted <strong>bold<\/strong><\/p><table><tbody><tr><td[^>]*><p>1<\/p><\/td><\/tr><\/tbody><\/table>/);
  assert.doesNotMatch(text, /style|class|script|color/);
  assert.deepEqual(wrong, []);
  await context.close();
});
