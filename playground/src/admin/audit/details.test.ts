/** The audit trail in words. */

import { expect, test } from "vitest";
import { changedLines, idAt, partsOf, said } from "./details";

test("only the lines that differ, in their order", () => {
  expect(changedLines("a\nb\nc", "a\nB\nc\nd")).toEqual([
    { sign: "−", text: "b" },
    { sign: "+", text: "B" },
    { sign: "+", text: "d" },
  ]);
  expect(changedLines("a\n\nb", "a\nb")).toEqual([]);
  const long = Array.from({ length: 900 }, (_, at) => `line ${at}`).join("\n");
  expect(changedLines(long, `${long}\nmore`)).toEqual([{ sign: "+", text: "more" }]);
});

test("a changed role is its lines, a changed reach old and new values", () => {
  expect(partsOf({ saveRole: "finance", before: "x = 1\ny = 2", definition: "x = 1\ny = 3" })).toEqual([
    { kind: "value", key: "saveRole", text: "finance" },
    {
      kind: "lines",
      key: "finance",
      lines: [
        { sign: "−", text: "y = 2" },
        { sign: "+", text: "y = 3" },
      ],
    },
  ]);
  expect(
    partsOf({ setRights: [{ role: "finance" }], before: { finance: "a" }, definitions: { finance: "a\nb" } }),
  ).toEqual([{ kind: "lines", key: "finance", lines: [{ sign: "+", text: "b" }] }]);
  expect(
    partsOf({
      setReach: "zhang",
      before: { dimension: "DEPARTMENT", level: "set", values: ["a", "b"] },
      to: { dimension: "DEPARTMENT", level: "all", values: [] },
    }),
  ).toEqual([
    { kind: "value", key: "setReach", text: "zhang" },
    { kind: "change", key: "level", from: "set", to: "all" },
    { kind: "change", key: "values", from: "a, b", to: "–" },
  ]);
  expect(partsOf({ clearReach: "wu", before: { level: "all", values: [] } })).toEqual([
    { kind: "value", key: "clearReach", text: "wu" },
    { kind: "change", key: "level", from: "all", to: "–" },
  ]);
  expect(partsOf({ setReach: "wu", to: { dimension: "ITEM", values: [] } })).toEqual([
    { kind: "value", key: "setReach", text: "wu" },
    { kind: "value", key: "dimension", text: "ITEM" },
  ]);
  expect(partsOf({ resetRole: "finance", before: "text" })).toEqual([
    { kind: "value", key: "resetRole", text: "finance" },
  ]);
});

test("values are readable, whatever they are", () => {
  expect(said([{ kind: "ADD_FIELD", field: null }, "x"])).toBe("kind: ADD_FIELD, x");
  expect(partsOf({ action: "move", from: "a", to: "b" })).toEqual([
    { kind: "value", key: "action", text: "move" },
    { kind: "value", key: "from", text: "a" },
    { kind: "change", key: "value", from: "–", to: "b" },
  ]);
});

test("ids rise with time", () => {
  const [one, other] = [idAt(Date.UTC(2026, 10, 30)), idAt(Date.UTC(2026, 11, 1))];
  expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7000-8000-0{12}$/);
  expect(one < other).toBe(true);
});
