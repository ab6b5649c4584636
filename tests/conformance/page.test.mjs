/**
 * GraphiQL in a browser: it opens without an error, a person signs in, the docs open, an example of each kind runs,
 * nothing is refused by its policy, and axe finds nothing in what is ours.
 */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as browsers from "./browser.mjs";
import { shot } from "./browser.mjs";
import { PASSWORD, URL_ } from "./support.mjs";

let browser;

before(async () => {
  browser = await browsers.launch();
});

after(async () => browser?.close());

const open = (path = "/graphql", options) => browsers.open(browser, path, options);

async function signIn(page, account = "admin") {
  await page.locator("input[name=account]").fill(account);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.locator(".tw-main-button").click();
  await page.locator(".tw-user").waitFor();
}

/** The text in the answer's editor. */
const answered = (page) => page.evaluate(() => document.querySelector(".result-window .CodeMirror").CodeMirror.getValue());

/** Opens an example by its title and runs it; the answer's text. */
async function run(page, title) {
  await page.evaluate(() => document.querySelector(".result-window .CodeMirror").CodeMirror.setValue(""));
  await page.locator(".tw-examples button", { hasText: title }).first().click();
  await page.locator(".graphiql-execute-button").click();
  await page.waitForFunction(
    () => document.querySelector(".result-window .CodeMirror").CodeMirror.getValue().includes("{"),
    undefined,
    { timeout: 15_000 },
  );
  return answered(page);
}

/** axe's findings in what is ours: everything but GraphiQL's own container. */
const axe = (page) => browsers.axe(page, { exclude: [[".graphiql-container"]] });

test("the page of records: sign in, docs, examples, a subscription", async () => {
  const { page, wrong } = await open();
  await shot(page, "anonymous");
  assert.deepEqual(await axe(page), []);
  assert.equal(await page.locator("h1").count(), 1);
  await signIn(page);
  await page.waitForLoadState("networkidle");
  // The schema was read: the docs name the roots.
  await page.locator("button[aria-label='Show Documentation Explorer']").click();
  await page.locator(".graphiql-doc-explorer-content").getByText("Query", { exact: true }).first().waitFor();
  await shot(page, "docs");
  await page.locator(".graphiql-doc-explorer-content").getByText("Query", { exact: true }).first().click();
  await page.locator(".graphiql-doc-explorer-content").getByText("customers", { exact: true }).first().waitFor();

  const listed = JSON.parse(await run(page, "Customers: filter"));
  assert.equal(listed.errors, undefined, JSON.stringify(listed.errors));
  const byCode = JSON.parse(await run(page, "A customer by code"));
  assert.equal(byCode.data?.customer?.code, "KH0001", JSON.stringify(byCode));
  const made = JSON.parse(await run(page, "Create a customer"));
  assert.deepEqual(made.data.createCustomer.userErrors, []);
  await shot(page, "examples");
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("a subscription on the page is told of a change made on another", async () => {
  const { page, wrong } = await open();
  await signIn(page);
  await page.waitForLoadState("networkidle");
  await page.locator(".tw-examples button", { hasText: "Changes of customers" }).click();
  await page.waitForTimeout(50);
  await page.locator(".graphiql-execute-button").click();
  const other = await open();
  await signIn(other.page);
  for (let round = 0; round < 20; round += 1) {
    if ((await answered(page)).includes("UPDATED")) break;
    const told = await other.page.evaluate(async ([password, remark]) => {
      const login = await fetch("/auth/login", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ account: "admin", password }),
      });
      const { accessToken } = await login.json();
      const ask = (query) => fetch("/graphql", {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${accessToken}` },
        body: JSON.stringify({ query }),
      }).then((answer) => answer.json());
      const { data } = await ask(`{ customer(code: "KH0002") { id } }`);
      return ask(`mutation { updateCustomer(id: "${data.customer.id}", patch: {remark: "${remark}"}) { userErrors { code } } }`);
    }, [PASSWORD, `changed ${round}`]);
    assert.deepEqual(told.data?.updateCustomer?.userErrors, [], JSON.stringify(told));
    await page.waitForTimeout(400);
  }
  assert.ok((await answered(page)).includes("UPDATED"), await answered(page));
  await shot(page, "subscription");
  assert.deepEqual([...wrong, ...other.wrong], []);
  await page.close();
  await other.page.close();
});

test("the page of administration: docs and an example", async () => {
  const { page, wrong } = await open("/metadata");
  await signIn(page);
  await page.waitForLoadState("networkidle");
  await page.locator("button[aria-label='Show Documentation Explorer']").click();
  await page.locator(".graphiql-doc-explorer-content").getByText("Query", { exact: true }).first().waitFor();
  const viewer = JSON.parse(await run(page, "Who am I?"));
  assert.equal(viewer.data.viewer.account, "admin");
  await shot(page, "administration");
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("a salesperson's page in Chinese, with headers of their own", async () => {
  const { page, wrong } = await open();
  await page.getByRole("button", { name: "中文" }).click();
  await signIn(page, "zhang");
  await page.waitForLoadState("networkidle");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-CN");
  const listed = JSON.parse(await run(page, "客户：条件"));
  assert.equal(listed.errors, undefined, JSON.stringify(listed.errors));
  // Headers can be written, and they are sent.
  await page.getByRole("button", { name: "Headers" }).click();
  await page.evaluate(() => {
    const editors = [...document.querySelectorAll(".graphiql-editor-tool .CodeMirror")];
    editors.at(-1).CodeMirror.setValue('{"X-Tradewind-Purpose": "print"}');
  });
  const sent = page.waitForRequest((request) => request.url().endsWith("/graphql") && request.method() === "POST");
  await page.locator(".graphiql-execute-button").click();
  assert.equal((await sent).headers()["x-tradewind-purpose"], "print");
  await shot(page, "chinese");
  assert.deepEqual(wrong, []);
  await page.close();
});

test("more tabs than fit can be reached, and a wrong password is told", async () => {
  const { page } = await open();
  await page.locator("input[name=account]").fill("admin");
  await page.locator("input[name=password]").fill("not the password");
  await page.locator(".tw-main-button").click();
  await page.locator("[role=alert]").waitFor();
  await signIn(page);
  await page.waitForLoadState("networkidle");
  const examples = page.locator(".tw-examples button");
  const count = Math.min(await examples.count(), 10);
  for (let place = 0; place < count; place += 1) {
    await examples.nth(place).click();
    await page.waitForTimeout(50);
  }
  const tabs = page.locator(".graphiql-tab");
  const last = tabs.nth((await tabs.count()) - 1);
  const box = await last.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 1360, `the last tab is at ${JSON.stringify(box)}`);
  await shot(page, "tabs");
  await page.close();
});

test("a phone of 390 px: sign in, choose an example, run it, read the answer", async () => {
  const { page, wrong } = await open("/graphql", { width: 390, height: 844 });
  await shot(page, "phone-anonymous");
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok((await wide()) <= 390, `the page is ${await wide()} px wide`);
  await signIn(page);
  await page.waitForLoadState("networkidle");
  await page.locator(".tw-examples-open").click();
  await page.locator(".tw-examples button", { hasText: "A customer by code" }).click();
  await page.waitForTimeout(50);
  await page.locator(".graphiql-execute-button").click();
  await page.waitForFunction(() =>
    document.querySelector(".result-window .CodeMirror").CodeMirror.getValue().includes("KH0001"));
  for (const part of [".graphiql-query-editor", ".result-window"]) {
    const box = await page.locator(part).first().boundingBox();
    assert.ok(box.width >= 280 && box.height >= 120, `${part} is ${JSON.stringify(box)}`);
    assert.ok(box.x >= 0 && box.x + box.width <= 390, `${part} is at ${JSON.stringify(box)}`);
  }
  await shot(page, "phone");
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("who signs out is out, on the page and on the server", async () => {
  const { page, wrong } = await open();
  await signIn(page, "zhang");
  await page.waitForLoadState("networkidle");
  const [told] = await Promise.all([
    page.waitForRequest((request) => request.url().endsWith("/auth/logout")),
    page.locator(".tw-account button").click(),
  ]);
  const { authorization } = await told.allHeaders();
  await page.locator("input[name=password]").waitFor();
  await shot(page, "signed-out");
  const asked = async () => fetch(`${URL_}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization },
    body: JSON.stringify({ query: "{ viewer { account } }" }),
  });
  await page.waitForLoadState("networkidle");
  assert.equal((await asked()).status, 401);
  // Loaded anew, nothing brings the sign-in back.
  await page.reload({ waitUntil: "networkidle" });
  await page.locator("input[name=password]").waitFor();
  assert.equal(await page.locator(".tw-user").count(), 0);
  assert.deepEqual(wrong, []);
  await page.context().close();
});

test("two copies of a window renew their sign-in at once, and both go on", async () => {
  const { page, wrong } = await open();
  await signIn(page, "zhang");
  await page.waitForLoadState("networkidle");
  const [copy] = await Promise.all([page.context().waitForEvent("page"), page.evaluate(() => void window.open("/graphql"))]);
  copy.setDefaultTimeout(12_000);
  await copy.locator(".tw-user").waitFor();
  for (let round = 0; round < 3; round += 1) {
    // Loaded anew, each has only the refresh token that both of them know.
    await Promise.all([page.reload({ waitUntil: "networkidle" }), copy.reload({ waitUntil: "networkidle" })]);
    for (const window of [page, copy]) {
      await window.locator(".tw-user").waitFor();
      assert.deepEqual(JSON.parse(await run(window, "Customers: filter")).errors, undefined);
    }
  }
  assert.deepEqual(wrong, []);
  await page.context().close();
});
