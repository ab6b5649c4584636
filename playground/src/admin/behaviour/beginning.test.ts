/** A new text begins with something that can be read, over the object's own states. */

import { expect, test } from "vitest";
import { beginning, isTextName } from "./beginning";
import { readBehaviour } from "./read";

const options = ["OPEN", "WORK", "OLD", "DONE"].map((name) => ({ name, label: `“${name}”`, active: name !== "OLD" }));
const REPAIR = { name: "Repair", stateField: "state", fields: [{ name: "state", options }] };

test("a flow leads through the states that can be chosen", () => {
  const { flows } = readBehaviour(beginning("flow", "repairs", REPAIR, "en", []))!;
  expect(flows[0]).toMatchObject({ object: "Repair", field: "state", start: ["OPEN"], edit: ["OPEN", "WORK"] });
  expect(flows[0]!.moves.map(({ from, to }) => [from, to])).toEqual([
    [["OPEN"], "WORK"],
    [["WORK"], "DONE"],
  ]);
});

test("a flow begins with the one that stands", () => {
  const own = `[[flow]]\nobject = "Repair"\nfield = "state"\nstart = ["WORK"]\n\n[[flow.moves]]\ncode = "x"\n`;
  const other = `# Of other things.\n[[flow]]\nobject = "Other"\n\n# Of repairs.\n`;
  const stored = [{ path: "a", custom: false, text: `${other}${own}\n# Next.\n# More.\n[[rule]]\ncode = "y"\n` }];
  expect(beginning("flow", "repairs", REPAIR, "en", stored)).toBe(own);
});

test("labels are in one's own language", () => {
  const [first] = readBehaviour(beginning("flow", "repairs", REPAIR, "zh", []))!.flows[0]!.moves;
  expect(first).toMatchObject({ zh: "“WORK”", en: null });
});

test("an approval has a step", () => {
  const { approvals } = readBehaviour(beginning("approval", "big-ones", REPAIR, "en", []))!;
  expect(approvals[0]).toMatchObject({ code: "big_ones", object: "Repair", moves: null, en: "big-ones" });
  expect(approvals[0]!.steps).toHaveLength(1);
});

test("what follows a flow is no part of it", () => {
  const own = `[[flow]]\nobject = "Repair"\nfield = "state"\nstart = ["WORK"]\n`;
  const stored = [{ path: "a", custom: false, text: `${own}\n[[approval]]\ncode = "y"\n` }];
  expect(beginning("flow", "repairs", REPAIR, "en", stored)).toBe(own);
});

test("a rule is of the object; nothing is nothing", () => {
  const { rules } = readBehaviour(beginning("rule", "big-ones", REPAIR, "en", []))!;
  expect(rules[0]).toMatchObject({ code: "big_ones", objects: ["Repair"] });
  expect(beginning("nothing", "x", REPAIR, "en", [])).toBe("");
});

test("names are small letters, digits, _ and -", () => {
  expect(["a", "a-1_b", "x".repeat(60)].every(isTextName)).toBe(true);
  expect(["", "A", "a.b", "行为", "x".repeat(61)].some(isTextName)).toBe(false);
});
