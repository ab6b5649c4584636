/**
 * Places a flow's states and moves: states in columns, each arrow in a slot of its own at both ends, so that no line
 * runs over a state or a word. Knows no DOM and no language. Pure.
 */

import type { Graph } from "./graph";
import {
  type End,
  HEIGHT,
  heightOf,
  order,
  type Piece,
  piecesOf,
  type Side,
  slotAt,
  type Slots,
  slotsOf,
} from "./lines";
import { cut, SIZE, widthOf } from "./measure";
import { arranged, type Item, type Link } from "./order";

/** What is written at a state and at a move. */
export interface Words {
  state: (name: string) => [title: string, marks: string];
  move: (place: number) => [title: string, right: string];
}

export interface Box {
  name: string;
  x: number;
  y: number;
  width: number;
  height: number;
  title: string;
  marks: string;
}

export interface Said {
  x: number;
  y: number;
  /** On which side of `x` it stands. */
  anchor: "start" | "end";
  title: string;
  right: string;
}

/** All that is drawn of one move. */
export interface Drawn {
  move: number;
  lines: string[];
  heads: string[];
  words: Said[];
}

export interface Picture {
  width: number;
  height: number;
  boxes: Box[];
  moves: Drawn[];
}

const EDGE = 12;
/** Between what stands in one column. */
const BETWEEN = 20;
const LOWEST = 54;
const THINNEST = 92;
/** Where lines bend from one height to another. */
const BEND = 44;
/** What is left of a line beside its words. */
const BESIDE = 16;
const HEAD = 8;
/** How much more it matters that states are in line than that lines are straight. */
const STATE = 6;
const SIDES = ["left", "right"] as const;

/** Where a column stands, and how much room words have before and behind it. */
interface Column {
  x: number;
  width: number;
  before: number;
  behind: number;
}

/** Places items above one another, then once more, so that lines run straight from slot to slot. */
function heightsOf(items: readonly Item[], pieces: readonly Piece[], slots: Slots): Map<string, number> {
  const kinds = new Map(items.map((item) => [item.name, item]));
  const across = pieces.filter(({ from, to }) => kinds.get(from.item)!.layer !== kinds.get(to.item)!.layer);
  const links = (below: (end: End) => number) =>
    across.map(
      ({ from, to }): Link => ({
        ends: [from.item, to.item],
        below: [below(from), below(to)],
        weight: Math.min(kinds.get(from.item)!.weight, kinds.get(to.item)!.weight),
      }),
    );
  order(
    slots,
    arranged(
      items,
      links(() => 0),
      BETWEEN,
    ),
  );
  return arranged(
    items,
    links((end) => slotAt(slots, end).below),
    BETWEEN,
  );
}

export function pictureOf(graph: Graph, words: Words): Picture {
  const { pieces, bends } = piecesOf(graph);
  const slots = slotsOf([...graph.states, ...bends.keys()], pieces);
  const stateHeight = (name: string) => Math.max(LOWEST, ...SIDES.map((side) => heightOf(slots.get(name)![side]) + 12));
  const items: Item[] = [
    ...graph.states.map((name) => ({
      name,
      layer: graph.layers.get(name)!,
      height: stateHeight(name),
      weight: STATE,
    })),
    ...[...bends].map(([name, layer]) => ({ name, layer, height: HEIGHT.in, weight: 1 })),
  ];
  const middles = heightsOf(items, pieces, slots);
  const layerOf = new Map(items.map(({ name, layer }) => [name, layer]));
  const columns = columnsOf(graph, slots, words);
  const columnOf = (item: string) => columns[layerOf.get(item)!]!;

  const top = Math.min(...items.map(({ name, height }) => middles.get(name)! - height / 2)) - EDGE;
  const bottom = Math.max(...items.map(({ name, height }) => middles.get(name)! + height / 2)) + EDGE;
  const last = columns.at(-1)!;
  const moves = new Map<number, { lines: Set<string>; heads: Set<string>; words: Said[] }>();
  for (const { move } of graph.arrows) moves.set(move, { lines: new Set(), heads: new Set(), words: [] });

  /** Where a piece ends, and until where it is level. */
  const placeOf = (end: End) => {
    const { x, width, before, behind } = columnOf(end.item);
    const y = Math.round(middles.get(end.item)! + slotAt(slots, end).below - top);
    return end.side === "left" ? { x, y, level: x - before } : { x: x + width, y, level: x + width + behind };
  };
  for (const { move, from, to, head } of pieces) {
    const [a, b] = [placeOf(from), placeOf(to)];
    const { lines, heads } = moves.get(move)!;
    const turn = from.side === to.side ? a.level + BEND / 2 : Math.round((a.level + b.level) / 2);
    lines.add(`M${a.x} ${a.y}H${a.level}C${turn} ${a.y} ${turn} ${b.y} ${b.level} ${b.y}H${b.x}`);
    const { x, width } = columnOf(to.item);
    if (head) heads.add(`M${b.x} ${b.y}l${to.side === "left" ? -HEAD : HEAD} -4v8z`);
    else lines.add(`M${x} ${b.y}H${x + width}`);
  }
  for (const name of graph.states) {
    for (const side of SIDES) {
      for (const { move, below } of slots.get(name)![side].filter(({ way }) => way === "out")) {
        const { x, width } = columnOf(name);
        const [title, right] = labelOf(words, move);
        const y = Math.round(middles.get(name)! + below - top);
        moves.get(move)!.words.push({
          ...(side === "left" ? { x: x - 8, anchor: "end" } : { x: x + width + 8, anchor: "start" }),
          ...{ y, title, right },
        });
      }
    }
  }
  const boxes = graph.states.map((name): Box => {
    const { x, width } = columnOf(name);
    const [title, marks] = words.state(name);
    const height = stateHeight(name);
    const y = Math.round(middles.get(name)! - height / 2 - top);
    return { name, x, y, width, height, title: cut(title, SIZE.state), marks };
  });
  return {
    // What turns round there goes out a little further.
    width: last.x + last.width + last.behind + BEND / 2,
    height: Math.round(bottom - top),
    boxes,
    moves: [...moves].map(([move, { lines, heads, words: said }]) => ({
      move,
      lines: [...lines],
      heads: [...heads],
      words: said,
    })),
  };
}

const labelOf = (words: Words, move: number): [title: string, right: string] => {
  const [title, right] = words.move(move);
  return [cut(title, SIZE.move), cut(right, SIZE.small)];
};

/** Columns from left to right, with room for the words of what leaves their states. */
function columnsOf({ states, layers, arrows }: Graph, slots: Slots, words: Words): Column[] {
  const columns: Column[] = [];
  const widthAt = (name: string, side: Side) => {
    const left = slots.get(name)![side].filter(({ way }) => way === "out");
    const widths = left.map(({ move }) => {
      const [title, right] = labelOf(words, move);
      return Math.max(widthOf(title, SIZE.move), widthOf(right, SIZE.small)) + BESIDE;
    });
    return Math.max(0, ...widths);
  };
  for (const name of states) {
    const column = (columns[layers.get(name)!] ??= { x: 0, width: THINNEST, before: HEAD + 6, behind: 6 });
    const [title, marks] = words.state(name);
    const needed = Math.max(widthOf(cut(title, SIZE.state), SIZE.state), widthOf(marks, SIZE.small)) + 28;
    column.width = Math.ceil(Math.max(column.width, needed));
    column.before = Math.ceil(Math.max(column.before, widthAt(name, "left")));
    column.behind = Math.ceil(Math.max(column.behind, widthAt(name, "right")));
  }
  const turns = new Set(
    arrows.filter(({ from, to }) => layers.get(from) === layers.get(to)).map(({ from }) => layers.get(from)),
  );
  let at = EDGE;
  columns.forEach((column, layer) => {
    const room = turns.has(layer) ? BEND / 2 : 0;
    column.x = at + (layer === 0 ? 0 : column.before);
    at = column.x + column.width + column.behind + room + BEND;
  });
  return columns;
}
