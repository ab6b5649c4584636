/** Which moves can be made, which leads back, and which fields a refusal asks for. */

import { expect, test } from "vitest";
import type { Flow, FlowMove, ObjectSummary } from "../../api/metadata";
import { sampleField } from "../../api/sample-field";
import { allowedMoves, lacking, moveBack, movesOfAll } from "./flow";

const move = (code: string, from: string[], to: string | null, input: FlowMove["input"] = []): FlowMove => ({
  code,
  name: `${code}Repair`,
  label: code,
  from,
  to,
  input,
});
const FINISH = move("finish", ["WORK"], "DONE", [{ field: "hours", required: false }]);
const FLOW: Flow = {
  field: "status",
  start: ["OPEN"],
  moves: [
    move("begin", ["OPEN"], "WORK"),
    move("pause", ["WORK"], "OPEN"),
    move("reopen", ["DONE"], "WORK", [{ field: "reason", required: true }]),
    FINISH,
  ],
};
const FIELDS = new Map(
  [
    sampleField("status", "PICKLIST"),
    sampleField("reason", "TEXT"),
    sampleField("hours", "INTEGER", { writable: false }),
    sampleField("phone", "PHONE", { access: "MASKED" }),
    sampleField("lines", "LINES"),
    sampleField("price.amount", "AMOUNT"),
  ].map((field) => [field.name, field]),
);
const fault = (path: string[], code = "RECORD_REQUIRED", message = path.join(".")) => ({
  code,
  path,
  message,
  hint: null,
});
const names = (open: boolean, ...paths: string[][]) =>
  lacking(
    paths.map((path) => fault(path)),
    FINISH,
    FIELDS,
    "status",
    open,
  );

test("the moves of a record come in the order of its flow", () => {
  const object = { flow: FLOW } as ObjectSummary;
  const actions = [
    { code: "finish", allowed: true },
    { code: "reopen", allowed: false },
    { code: "pause", allowed: true },
    { code: "gone", allowed: true },
  ];
  expect(allowedMoves(object, actions).map(({ code }) => code)).toEqual(["pause", "finish"]);
  expect(allowedMoves({ flow: null } as ObjectSummary, actions)).toEqual([]);
  expect(allowedMoves(object, undefined)).toEqual([]);
});

test("back leads what begins where the other has ended and asks for nothing", () => {
  expect(moveBack(FLOW, "WORK", "OPEN")?.code).toBe("pause");
  expect(moveBack(FLOW, "DONE", "WORK")).toBeUndefined();
  expect(moveBack(FLOW, "OPEN", "DONE")).toBeUndefined();
});

test("a move fits all records whose states are known to be where it begins", () => {
  const object = { flow: FLOW } as ObjectSummary;
  const codes = (...states: unknown[]) =>
    movesOfAll(
      object,
      states.map((status) => ({ status })),
    ).map(({ code }) => code);
  expect(codes("WORK", "WORK")).toEqual(["pause", "finish"]);
  expect(codes("WORK", "OPEN")).toEqual([]);
  expect(codes("WORK", undefined, { id: "1" })).toEqual(["pause", "finish"]);
  expect(codes()).toHaveLength(4);
  expect(movesOfAll({ flow: null } as ObjectSummary, [])).toEqual([]);
});

test("a refusal asks for the fields that it names, as far as they can be written", () => {
  const told = names(true, ["reason"], ["price", "amount"], ["status"], ["phone"], ["lines"], ["unknown"]);
  expect(told.fields.map(({ name }) => name)).toEqual(["reason", "price.amount"]);
  expect(told.faults.get("price.amount")).toBe("price.amount");
  expect(told.general).toEqual(["status", "phone", "lines", "unknown"]);
});

test("a closed record takes what the move itself asks for, and so does a field that is written by it alone", () => {
  expect(names(false, ["reason"], ["hours"])).toMatchObject({ fields: [{ name: "hours" }], general: ["reason"] });
});

test("what others have written is no question, and each reason is told once", () => {
  const errors = [
    fault(["reason"], "RECORD_VERSION", "changed"),
    fault(["price", "amount"], "RECORD_VERSION", "changed"),
    fault([], "RECORD_UNDONE"),
  ];
  expect(lacking(errors, FINISH, FIELDS, "status", true)).toEqual({
    fields: [],
    faults: new Map(),
    general: ["changed"],
  });
});
