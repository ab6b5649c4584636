/** The calendar of a list: a month, a week and a day, and how records are moved in them. */

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, launch, shot, signedIn } from "./browser.mjs";
import { data, URL_ } from "./support.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A Monday far from what the demo company has planned. */
const MONDAY = "2031-03-03";

/** What stands in the schedule while a test runs. */
async function planned(all, run) {
  const made = [];
  for (const [subject, startsAt, endsAt] of all) {
    const { createSchedule } = await data(
      "mutation($input: CreateScheduleInput!) { createSchedule(input: $input) { record { id } userErrors { message } } }",
      { account: "zhang", variables: { input: { subject, startsAt, endsAt } } },
    );
    assert.deepEqual(createSchedule.userErrors, []);
    made.push(createSchedule.record.id);
  }
  try {
    await run(made);
  } finally {
    for (const id of made) await data("mutation($id: ID!) { deleteSchedule(id: $id) { id } }", { variables: { id } });
  }
}

const times = async (id) => {
  const { schedule } = await data("query($id: ID!) { schedule(id: $id) { startsAt endsAt } }", { variables: { id } });
  return [schedule.startsAt, schedule.endsAt].map((value) => new Date(value).toISOString().slice(0, 16));
};

/** Waits until a record has been written. */
async function becomes(id, wanted) {
  for (let left = 40; left > 0; left -= 1) {
    if ((await times(id)).join() === wanted.join()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.deepEqual(await times(id), wanted);
}

async function open(page, search) {
  await page.goto(`${URL_}/o/schedules?face=calendar&${search}`);
  await page.getByRole("group", { name: "Shown at once" }).waitFor();
  await page.waitForLoadState("networkidle");
}

test("a week: what overlaps is side by side, keys and the pointer move it, undo takes it back", async () => {
  const all = [
    ["Calendar one", `${MONDAY}T09:00:00+08:00`, `${MONDAY}T10:30:00+08:00`],
    ["Calendar two", `${MONDAY}T10:00:00+08:00`, `${MONDAY}T11:00:00+08:00`],
    ["Calendar days", `${MONDAY}T00:00:00+08:00`, "2031-03-06T00:00:00+08:00"],
  ];
  await planned(all, async ([one, two]) => {
    const { page, wrong, context } = await signedIn(browser, "zhang");
    await open(page, `at=${MONDAY}&span=week`);
    const event = (id) => page.locator(`[data-hours] [data-event="${id}"]`);
    await event(one).waitFor();
    assert.equal(await page.getByRole("link", { name: "All day Calendar days" }).count(), 3);
    const [first, second] = [await event(one).boundingBox(), await event(two).boundingBox()];
    assert.ok(first.x + first.width <= second.x + 1, "one over the other");
    await shot(page, "console-calendar-week");
    assert.deepEqual(await axe(page), []);

    await event(one).focus();
    await page.keyboard.press("Shift+ArrowDown");
    await becomes(one, ["2031-03-03T01:15", "2031-03-03T02:45"]);
    await page.locator(`[data-event="${one}"]:focus`).waitFor();
    await page.keyboard.press("Shift+ArrowRight");
    await becomes(one, ["2031-03-04T01:15", "2031-03-04T02:45"]);
    const moved = page.getByRole("status").locator("div").filter({ hasText: "Calendar one: 4 Mar 2031 09:15" });
    await moved.getByRole("button", { name: "Undo" }).click();
    await becomes(one, ["2031-03-03T01:15", "2031-03-03T02:45"]);

    await event(two).dragTo(page.locator('[data-hours="2031-03-05"]'), {
      sourcePosition: { x: 20, y: 4 },
      targetPosition: { x: 40, y: 14 * 44 + 4 },
    });
    await becomes(two, ["2031-03-05T06:00", "2031-03-05T07:00"]);
    await page.getByRole("button", { name: "Next", exact: true }).click();
    await page.waitForURL(/at=2031-03-10/);
    await event(one).waitFor({ state: "detached" });
    assert.deepEqual(wrong, []);
    await context.close();
  });
});

test("a month: what lasts days is on each, a drag takes hours along; a day makes a record at its hour", async () => {
  const all = [["Calendar month", `${MONDAY}T22:00:00+08:00`, "2031-03-04T01:00:00+08:00"]];
  await planned(all, async ([id]) => {
    const { page, wrong, context } = await signedIn(browser, "zhang", { scheme: "dark" });
    await open(page, "at=2031-03");
    const day = (date) => page.locator(`[data-day="${date}"]`);
    await day(MONDAY).getByRole("link", { name: "22:00 Calendar month" }).waitFor();
    await day("2031-03-04").getByRole("link", { name: "All day Calendar month" }).waitFor();
    assert.deepEqual(await axe(page), []);
    await day(MONDAY).locator(`[data-event="${id}"]`).dragTo(day("2031-03-12"));
    await becomes(id, ["2031-03-12T14:00", "2031-03-12T17:00"]);
    await shot(page, "console-calendar-month");
    await day("2031-03-12").locator(`[data-event="${id}"]`).focus();
    await page.keyboard.press("Shift+ArrowUp");
    await becomes(id, ["2031-03-05T14:00", "2031-03-05T17:00"]);

    await page.getByRole("button", { name: "Day", exact: true }).click();
    await page.waitForURL(/span=day/);
    await page.locator("[data-hours]").dblclick({ position: { x: 300, y: 13 * 44 + 30 } });
    await page.waitForURL(/schedules\/new/);
    await page.locator('[data-field="startsAt"] input').waitFor();
    assert.equal(await page.locator('[data-field="startsAt"] input').inputValue(), "2031-03-01T13:30");
    assert.equal(await page.locator('[data-field="endsAt"] input').inputValue(), "2031-03-01T14:30");
    assert.deepEqual(wrong, []);
    await context.close();
  });
});

test("a phone shows a day, with a line where it is now; days have no hours", async () => {
  const { page, wrong, context } = await signedIn(browser, "zhang", { width: 390, height: 844, locale: "zh-CN" });
  await page.goto(`${URL_}/o/schedules?face=calendar`);
  await page.locator("[data-hours]").waitFor();
  assert.equal(await page.locator("[data-hours]").count(), 1);
  await page.getByRole("img", { name: /^现在/ }).waitFor();
  await page.waitForLoadState("networkidle");
  await shot(page, "console-calendar-390");
  assert.deepEqual(await axe(page), []);
  const wide = await page.evaluate(() => document.querySelector("main").scrollWidth - document.querySelector("main").clientWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  await page.goto(`${URL_}/o/salesOrders?face=calendar&span=week`);
  await page.locator("[data-all-day]").first().waitFor();
  assert.equal(await page.locator("[data-hours]").count(), 0);
  assert.deepEqual(wrong, []);
  await context.close();
});
