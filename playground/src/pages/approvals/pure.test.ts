/** Stations of an approval, keys among tasks, and what several decisions in one request come to. */

import { expect, test } from "vitest";
import type { ApprovalTask } from "../../api/approvals";
import { decideDocument } from "../../fields/approvals";
import { refusalsOf } from "./refusals";
import { meant, stays, stepped } from "./rows";
import { mineOf, stationsOf } from "./stations";

const step = (code: string, state: string, group: string | null = null) => ({ code, label: `“${code}”`, state, group });
const task = (step: string, state: string, more: Partial<ApprovalTask> = {}) =>
  ({ step, state, round: 1, mine: false, assigneeName: null, decidedByName: null, ...more }) as ApprovalTask;
const rows = ["a", "b", "c"].map((id) => ({ id, mine: id !== "c" }));

test("steps of one group are one station; each names who decided or for whom it waits", () => {
  const steps = [step("head", "DONE"), step("legal", "OPEN", "g"), step("money", "OPEN", "g"), step("boss", "LATER")];
  const tasks = [
    task("head", "APPROVED", { assigneeName: "Li", decidedByName: "Wang" }),
    task("head", "CLOSED", { assigneeName: "Zhao" }),
    task("legal", "OPEN", { assigneeName: "Sun" }),
    task("legal", "DELEGATED", { assigneeName: "Wu" }),
    task("money", "OPEN"),
    task("boss", "WAITING", { assigneeName: "Feng" }),
    task("legal", "OPEN", { assigneeName: "of an earlier round", round: 0 }),
  ];
  const stations = stationsOf({ steps, tasks, round: 1, state: "PENDING" });
  expect(stations.map((stops) => stops.map(({ code, state, who }) => [code, state, who]))).toEqual([
    [["head", "DONE", ["Wang"]]],
    [
      ["legal", "OPEN", ["Sun"]],
      ["money", "OPEN", [null]],
    ],
    [["boss", "LATER", ["Feng"]]],
  ]);
});

test("an unknown state is one to come", () => {
  const steps = [step("a", "DONE"), step("b", "NEW"), step("c", "LATER")];
  const stations = stationsOf({ steps, tasks: [], round: 1, state: "PENDING" });
  expect(stations.map((stops) => stops.map(({ state }) => state))).toEqual([["DONE"], ["LATER"], ["LATER"]]);
});

test("a skipped step names nobody, and a name is told once", () => {
  const tasks = [1, 2].map(() => task("a", "OPEN", { assigneeName: "Li", mine: true }));
  const [first] = stationsOf({ steps: [step("a", "OPEN")], tasks, round: 1, state: "PENDING" });
  expect(first![0]!.who).toEqual(["Li"]);
  const [skipped] = stationsOf({ steps: [step("b", "DONE")], tasks, round: 1, state: "PENDING" });
  expect(skipped![0]).toMatchObject({ state: "DONE", who: [], skipped: true });
  expect(mineOf([{ tasks }, { tasks: [task("c", "OPEN")] }])).toHaveLength(2);
});

test("of an approval that ended a step is refused, or was not decided, or had passed before", () => {
  const steps = ["a", "b", "c"].map((code) => step(code, "DONE"));
  const tasks = [
    task("a", "APPROVED", { decidedByName: "Li" }),
    task("b", "RETURNED", { decidedByName: "Wu" }),
    task("c", "CLOSED", { assigneeName: "Sun" }),
  ];
  const told = (state: string) =>
    stationsOf({ steps, tasks, round: 1, state }).map(([stop]) => [stop!.state, stop!.who, stop!.skipped]);
  expect(told("RETURNED")).toEqual([
    ["DONE", ["Li"], false],
    ["REFUSED", ["Wu"], false],
    ["ENDED", [], false],
  ]);
  // One of several may refuse what passes all the same.
  expect(told("APPROVED").map(([state]) => state)).toEqual(["DONE", "DONE", "DONE"]);
});

test("keys stay within the list and begin at its ends", () => {
  expect([stepped(rows, null, 1), stepped(rows, null, -1)]).toEqual(["a", "c"]);
  expect([stepped(rows, "a", 1), stepped(rows, "a", -1), stepped(rows, "c", 1)]).toEqual(["b", "a", "c"]);
  expect(stepped([], "a", 1)).toBe(null);
});

test("what takes the place of a decided task is current", () => {
  expect(stays(rows.slice(1), rows, "a")).toBe("b");
  expect(stays(rows.slice(0, 2), rows, "c")).toBe("b");
  expect(stays(rows, rows, "b")).toBe("b");
  expect(stays([], rows, "b")).toBe(null);
  expect(stays(rows, [], null)).toBe(null);
});

test("ticked tasks are meant before the current one, and never those of others", () => {
  const ids = (ticked: string[], current: string | null) => meant(rows, new Set(ticked), current).map(({ id }) => id);
  expect(ids(["a", "b", "c"], "b")).toEqual(["a", "b"]);
  expect(ids([], "b")).toEqual(["b"]);
  expect(ids(["gone"], "c")).toEqual([]);
});

test("each task has its own mutation, and is told what it alone was refused with", () => {
  const document = decideDocument(["SalesOrder", "Quote"]);
  expect(document).toContain("$t0: ID!, $k0: String, $t1: ID!, $k1: String)");
  expect(document).toContain("d1: decideQuote(task: $t1, decision: $decision, comment: $comment, idempotencyKey: $k1)");
  const tasks = ["x", "y", "z"].map((id) => ({ id, object: "SalesOrder" }));
  const error = { code: "APPROVAL_DECIDED", path: [], message: "Li was faster", hint: null };
  const told = refusalsOf(tasks, { d0: { userErrors: [] }, d1: { userErrors: [error, error] }, d2: null }, [
    { message: "not for you", path: ["d2"] },
  ]);
  expect([...told]).toEqual([
    ["x", null],
    ["y", "Li was faster"],
    ["z", "not for you"],
  ]);
  expect([...refusalsOf(tasks, null, [{ message: "no such field" }]).values()]).toEqual(Array(3).fill("no such field"));
});
