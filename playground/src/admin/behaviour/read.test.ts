/** Texts of behaviour are read as they are written; half of one is nothing yet. */

import { expect, test } from "vitest";
import { flowOfObject, readBehaviour, textOfApproval, titleOf } from "./read";

const FLOW = `
[[flow]]
object = "Loan"
field = "status"
start = ["OPEN"]
edit = ["OPEN"]
gates = [ { to = "DONE", require = ["hours"], check = "hours > 0" } ]

[[flow.moves]]
code = "finish"
label = "完成"
from = ["OPEN"]
to = "DONE"
right = "audit"
input = ["reason!", "remark"]
set = { closedOn = "today()" }
as = "system"

[[flow.moves]]
code = "reopen"
label = "重开"
label_en = "Reopen"
from = ["DONE"]
to = "OPEN"

[[rule]]
code = "big"
label_en = "Big ones"
objects = ["Loan", "@responsible"]
`;

test("flows and rules are read", () => {
  const { flows, rules } = readBehaviour(FLOW)!;
  expect(flows).toHaveLength(1);
  expect(flows[0]).toMatchObject({ object: "Loan", field: "status", key: null, edit: ["OPEN"], delete: null });
  expect(flows[0]!.gates).toEqual([{ to: "DONE", require: ["hours"], check: "hours > 0" }]);
  const [finish, reopen] = flows[0]!.moves;
  expect(finish).toEqual({
    code: "finish",
    zh: "完成",
    en: null,
    from: ["OPEN"],
    to: "DONE",
    right: "audit",
    input: [
      { field: "reason", required: true },
      { field: "remark", required: false },
    ],
    set: [["closedOn", "today()"]],
    system: true,
  });
  expect(reopen).toMatchObject({ right: "edit", input: [], set: [], system: false });
  expect(rules).toEqual([{ code: "big", zh: null, en: "Big ones", objects: ["Loan", "@responsible"] }]);
});

test("actions and fills are each of one object", () => {
  const text =
    '[[fill]]\ncode = "prices"\nobject = "QuoteLine"\n[[action]]\ncode = "convert"\nlabel_en = "Convert"\nobject = "Lead"\n';
  expect(readBehaviour(text)!.others).toEqual([
    { code: "convert", zh: null, en: "Convert", objects: ["Lead"] },
    { code: "prices", zh: null, en: null, objects: ["QuoteLine"] },
  ]);
});

test("a title is in the reader's language where there is one", () => {
  const [finish, reopen] = readBehaviour(FLOW)!.flows[0]!.moves;
  expect([titleOf(finish!, "en"), titleOf(reopen!, "en"), titleOf(reopen!, "zh")]).toEqual(["完成", "Reopen", "重开"]);
  expect(titleOf({ code: "x", zh: null, en: null }, "zh")).toBe("x");
});

test("half of a text is nothing, and what is of another kind is left out", () => {
  expect(readBehaviour("[[flow]]\nobject = ")).toBe(null);
  expect(readBehaviour("flow = 3\n[flow.moves]\na = 1")).toBe(null);
  expect(readBehaviour('rule = 3\n[[flow]]\nmoves = "x"\nstart = [1]')).toMatchObject({
    rules: [],
    flows: [{ object: "", moves: [], start: [] }],
  });
});

test("one's own flow takes the place of a standard one", () => {
  const stored = [
    { path: "sales.rules.toml", custom: false, text: FLOW },
    { path: "mine", custom: true, text: FLOW.replace("DONE", "OVER") },
    { path: "broken", custom: true, text: "[[" },
  ];
  expect(flowOfObject(stored, "Loan")?.text.path).toBe("mine");
  expect(flowOfObject(stored.slice(0, 1), "Loan")?.text.path).toBe("sales.rules.toml");
  expect(flowOfObject(stored, "Other")).toBe(null);
});

const APPROVAL = `
[[approval]]
code = "order_amount"
object = "SalesOrder"
label = "订单审批"
label_en = "Order approval"
moves = ["submit"]
when = "totalAmount >= 50000"
voids = ["lines", "customer"]
[[approval.steps]]
code = "head"
label_en = "Head"
by = [{ role = "department_manager", reach = true }, "manager", { employee = "owner.manager" }, { manager = true }, 3]
[[approval.steps]]
code = "director"
when = "totalAmount >= 200000"
by = { role = "director" }
quorum = 2
in_turn = true
group = "top"
`;

test("approvals are read with their steps", () => {
  const { approvals } = readBehaviour(APPROVAL)!;
  expect(approvals).toHaveLength(1);
  const { steps, ...approval } = approvals[0]!;
  expect(approval).toEqual({
    code: "order_amount",
    zh: "订单审批",
    en: "Order approval",
    object: "SalesOrder",
    moves: ["submit"],
    when: "totalAmount >= 50000",
    voids: ["lines", "customer"],
  });
  expect(steps[0]).toEqual({
    code: "head",
    zh: null,
    en: "Head",
    when: null,
    by: ["role:department_manager (reach)", "manager", "owner.manager", "manager"],
    quorum: "any",
    inTurn: false,
    group: null,
  });
  expect(steps[1]).toMatchObject({ by: ["role:director"], quorum: "2", inTurn: true, group: "top" });
  expect(readBehaviour(APPROVAL.replace(/moves.*/, ""))!.approvals[0]!.moves).toBe(null);
  expect(readBehaviour('approval = 1\n[[approvals]]\nsteps = "x"')).toMatchObject({ approvals: [] });
});

test("an approval is found in the text that has it, one's own first", () => {
  const stored = [
    { path: "a.rules.toml", custom: false, text: APPROVAL },
    { path: "mine", custom: true, text: APPROVAL },
  ];
  expect(textOfApproval(stored, "SalesOrder", "order_amount")?.path).toBe("mine");
  expect(textOfApproval(stored, "SalesOrder", "other")).toBe(undefined);
  expect(textOfApproval(stored, "Quote", "order_amount")).toBe(undefined);
});
