/** Pictures of flows: columns by the way from the start, and nothing drawn over a state or a word. */

import { expect, test } from "vitest";
import { ANY, graphOf, targets } from "./graph";
import { type Picture, pictureOf } from "./layout";
import { cut, widthOf } from "./measure";
import type { TextFlow } from "./read";

/** A flow of moves written as `A B > C`. */
function flowOf(start: string, ...moves: string[]): TextFlow {
  return {
    object: "Thing",
    field: "status",
    key: null,
    start: start.split(" "),
    edit: null,
    delete: null,
    gates: [],
    moves: moves.map((written, place) => {
      const [from, to] = written.split(" > ") as [string, string];
      const named = { code: `move${place}`, zh: "流转到下一步", en: null };
      return { ...named, from: from.split(" "), to, right: "edit", input: [], set: [], system: false };
    }),
  };
}

const ORDER = flowOf(
  "DRAFT",
  "DRAFT > SUBMITTED",
  "SUBMITTED > DRAFT",
  "SUBMITTED > AUDITED",
  "AUDITED > SHIPPED",
  "DRAFT SUBMITTED > CANCELLED",
);
const STAGES = flowOf("S1", "S1 S2 S3 S4 > next:sequence", "S5 > WON", "S1 S2 S3 S4 S5 > LOST", "LOST > S1", "S3 > S3");
const MESH = flowOf(
  "A",
  ...["A", "B", "C", "D"].flatMap((from) => ["A", "B", "C", "D"].map((to) => `${from} > ${to}`)),
);
const TWINS = flowOf("A B", "A > C", "B > C", "A > B", "C > A", "C > B", 'B > x > 1 ? "A" : "C"');
const STATES = ["S1", "S2", "S3", "S4", "S5", "WON", "LOST"];

const draw = (flow: TextFlow, known: string[] = []) =>
  pictureOf(graphOf(flow, known), {
    state: (name) => [name, "起始 · 可改 · 可删"],
    move: (place) => [flow.moves[place]!.zh!, "权限：编辑"],
  });

interface Rect {
  what: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function rects({ boxes, moves }: Picture): Rect[] {
  return [
    ...boxes.map(({ name, x, y, width, height }) => ({
      what: name,
      left: x,
      right: x + width,
      top: y,
      bottom: y + height,
    })),
    ...moves.flatMap(({ words }) =>
      words.map(({ x, y, anchor, title, right }) => {
        const width = Math.max(widthOf(title, 13), widthOf(right, 11.5));
        const [left, end] = anchor === "start" ? [x, x + width] : [x - width, x];
        return { what: `${title} ${x} ${y}`, left, right: end, top: y - 17, bottom: y + 17 };
      }),
    ),
  ];
}

const overlap = (a: Rect, b: Rect) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

test("states stand behind all from which they are reached", () => {
  expect(Object.fromEntries(graphOf(ORDER, []).layers)).toEqual({
    DRAFT: 0,
    SUBMITTED: 1,
    AUDITED: 2,
    SHIPPED: 3,
    CANCELLED: 2,
  });
  const { layers } = graphOf(STAGES, STATES);
  expect(STATES.map((state) => layers.get(state))).toEqual([0, 1, 2, 3, 4, 5, 5]);
});

test("a move leads to a state, to the next one, or to those that its expression names", () => {
  expect(targets("S2", "S1", STATES)).toEqual(["S2"]);
  expect(targets("next:sequence", "S2", STATES)).toEqual(["S3"]);
  expect(targets("next:sequence", "LOST", STATES)).toEqual([]);
  expect(targets('amount > 5 ? "WON" : "LOST"', "S1", STATES)).toEqual(["WON", "LOST"]);
  expect(targets("customer.state", "S1", STATES)).toEqual([ANY]);
});

test("states that no move touches are told apart", () => {
  const { states, loose } = graphOf(flowOf("A", "A > B"), ["A", "B", "OLD"]);
  expect([states, loose]).toEqual([["A", "B"], ["OLD"]]);
});

for (const [name, flow, known] of [
  ["an order", ORDER, []],
  ["stages", STAGES, STATES],
  ["each to each", MESH, []],
  ["two starts", TWINS, ["A", "B", "C"]],
  ["one line for many", flowOf("A", "A > B", "B > C", "C > D", "A B C > D", "D C B > A"), []],
  ["one state", flowOf("A", "A > A"), []],
  ["nothing", flowOf("A"), []],
] as const)
  test(`${name}: nothing is drawn over another, and all within the picture`, () => {
    const picture = draw(flow, [...known]);
    const all = rects(picture);
    const over = all.flatMap((a, place) =>
      all
        .slice(place + 1)
        .filter((b) => overlap(a, b))
        .map((b) => `${a.what} / ${b.what}`),
    );
    expect(over).toEqual([]);
    for (const { left, right, top, bottom } of all) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(picture.width);
      expect(top).toBeGreaterThanOrEqual(0);
      expect(bottom).toBeLessThanOrEqual(picture.height);
    }
    // Each move is drawn, with a head where it ends and its words where it begins.
    expect(picture.moves.map(({ move }) => move)).toEqual(flow.moves.map((_, place) => place));
    for (const { move, lines, heads, words } of picture.moves) {
      expect(heads.length).toBeGreaterThan(0);
      expect(words.length).toBeGreaterThanOrEqual(flow.moves[move]!.from.length);
      expect(new Set(lines).size).toBe(lines.length);
    }
    // No line lies within a state, but where it ends.
    for (const line of picture.moves.flatMap(({ lines }) => lines).filter((one) => !one.includes("C"))) {
      const [, x, y] = /^M(\d+) (\d+)H/.exec(line)!.map(Number);
      expect(picture.boxes.filter((box) => box.x === x && box.y <= y! && y! <= box.y + box.height)).toEqual([]);
    }
  });

test("there and back run beside one another", () => {
  const { moves } = draw(flowOf("A", "A > B", "B > A"));
  const heights = moves.map(({ lines }) =>
    [...lines[0]!.matchAll(/[M ](-?\d+)[HC]|(\d+)H\d+$/g)].map(([, a, b]) => Number(a ?? b)),
  );
  expect(new Set(heights[0]).size).toBe(1);
  expect(new Set(heights[1]).size).toBe(1);
  expect(heights[0]![0]).toBeLessThan(heights[1]![0]!);
});

test("long words are cut", () => {
  expect(cut("short", 13)).toBe("short");
  const long = cut("很长的名称".repeat(10), 13);
  expect(long.endsWith("…")).toBe(true);
  expect(widthOf(long, 13)).toBeLessThanOrEqual(190);
});
