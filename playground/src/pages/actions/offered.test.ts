/** Which named actions a record offers, and where the faults of a refused one are told. */

import { expect, test } from "vitest";
import type { NamedAction } from "../../api/actions";
import type { FieldInfo, FieldType } from "../../api/metadata";
import { offered, onMany, refusal } from "./offered";

const field = (name: string, type: FieldType = "TEXT") => ({ name, type }) as FieldInfo;
const action = (code: string, input: FieldInfo[] = []): NamedAction => ({
  code,
  name: `${code}Lead`,
  label: code,
  message: null,
  input,
  creates: [{ name: "customer", object: "Customer" }],
});
const fault = (path: string[], message: string, code = "RECORD_REQUIRED") => ({ path, message, code, hint: null });
const under = (object: string, text: string) => `${object}: ${text}`;
const CONVERT = action("convert", [field("customer", "RELATION"), field("code")]);

test("what can be done comes before what is closed now, and what is for others is not there", () => {
  const told = [
    { code: "shut", allowed: false, because: "STATE" as const },
    { code: "wait", allowed: false, because: "CONDITION" as const },
    { code: "theirs", allowed: false, because: "RIGHT" as const },
    { code: "convert", allowed: true, because: null },
  ];
  const found = offered(
    ["shut", "wait", "theirs", "convert", "untold"].map((code) => action(code)),
    told,
  );
  expect(found.map((one) => [one.action.code, one.closed])).toEqual([
    ["convert", null],
    ["shut", "STATE"],
    ["wait", "CONDITION"],
  ]);
  expect(offered([CONVERT], undefined)).toEqual([]);
});

test("a fault of what was given is told there, one of what is made by its object", () => {
  const errors = [
    fault(["code"], "too long"),
    fault(["customer", "name"], "name is required"),
    fault(["status"], "closed"),
    fault([], "undone", "RECORD_UNDONE"),
  ];
  const told = refusal(errors, CONVERT, under);
  expect([...told.faults]).toEqual([["code", "too long"]]);
  expect(told.general).toEqual(["Customer: name is required", "closed"]);
  expect(told.alike).toBeNull();
});

test("an input and a made record may have one name", () => {
  expect([...refusal([fault(["customer"], "no such")], CONVERT, under).faults]).toEqual([["customer", "no such"]]);
  const nested = refusal([fault(["customer", "create", "name"], "needed")], CONVERT, under);
  expect([...nested.faults]).toEqual([["customer", "needed"]]);
  const made = refusal([fault(["customer"], "not yours")], action("found"), under);
  expect(made.general).toEqual(["Customer: not yours"]);
});

test("what only looks like another record is told with the object of that", () => {
  const alike = { ...fault(["customer", "name"], "looks like another", "RECORD_DUPLICATE"), hint: "send it" };
  expect(refusal([alike], CONVERT, under).general).toEqual(["Customer: looks like another"]);
  expect(refusal([alike], CONVERT, under).alike).toBe("Customer");
  expect(refusal([alike, fault(["code"], "too long")], CONVERT, under).alike).toBeNull();
});

test("several records at once are asked for what is simple", () => {
  const all = [action("plain"), CONVERT, action("tell", [field("text", "RICH_TEXT")])];
  expect(onMany(all).map(({ code }) => code)).toEqual(["plain", "convert"]);
});
