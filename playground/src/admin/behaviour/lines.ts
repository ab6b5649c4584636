/** Cuts the arrows of a flow into pieces from column to column, and gives each its slot at a state. Pure. */

import type { Graph } from "./graph";

export type Side = "left" | "right";

/** Where a piece ends: at a slot of an item, which is a state or a bend. */
export interface End {
  item: string;
  side: Side;
  slot: string;
}

/** A line from one item to another of the next column, of the one before, or of the same. */
export interface Piece {
  move: number;
  from: End;
  to: End;
  /** Whether the arrow ends here. */
  head: boolean;
}

/** Where lines of a move leave an item, come to it, or pass through its column. */
export interface Slot {
  name: string;
  way: "out" | "in";
  move: number;
  /** The items to which its lines lead. */
  ends: string[];
  /** How far below the middle of its item it is. */
  below: number;
}

export type Slots = ReadonlyMap<string, Record<Side, Slot[]>>;

/** How high a slot is: words stand where a move leaves. */
export const HEIGHT = { out: 38, in: 16 };

export const heightOf = (slots: readonly Slot[]) => slots.reduce((sum, { way }) => sum + HEIGHT[way], 0);

/** The pieces of all arrows, with the columns of their bends; those of one move to one state join on their way. */
export function piecesOf({ arrows, layers }: Graph): { pieces: Piece[]; bends: Map<string, number> } {
  const pieces = new Map<string, Piece>();
  const bends = new Map<string, number>();
  const put = (piece: Piece) => pieces.set(JSON.stringify([piece.from, piece.to]), piece);
  for (const { move, from, to } of arrows) {
    const [first, last] = [layers.get(from)!, layers.get(to)!];
    const step = Math.sign(last - first);
    // What leads back leaves on the left; what stays in its column turns round on the right.
    const leaves: Side = step < 0 ? "left" : "right";
    const comes: Side = step > 0 ? "left" : "right";
    let at: End = { item: from, side: leaves, slot: `out ${move}` };
    for (let layer = first + step; layer !== last && step !== 0; layer += step) {
      const bend = `${move} ${step} ${to} ${layer}`;
      bends.set(bend, layer);
      put({ move, from: at, to: { item: bend, side: comes, slot: "in" }, head: false });
      at = { item: bend, side: leaves, slot: "in" };
    }
    put({ move, from: at, to: { item: to, side: comes, slot: `in ${move}` }, head: true });
  }
  return { pieces: [...pieces.values()], bends };
}

export function slotsOf(items: Iterable<string>, pieces: readonly Piece[]): Slots {
  const slots = new Map([...items].map((name) => [name, { left: [] as Slot[], right: [] as Slot[] }]));
  const put = (move: number, { item, side, slot: name }: End, end: string) => {
    const there = slots.get(item)![side];
    const known = there.find((one) => one.name === name);
    if (known !== undefined) known.ends.push(end);
    else there.push({ name, way: name.startsWith("out") ? "out" : "in", move, ends: [end], below: 0 });
  };
  for (const { move, from, to } of pieces) {
    put(move, from, to.item);
    put(move, to, from.item);
  }
  return slots;
}

export const slotAt = (slots: Slots, { item, side, slot }: End): Slot =>
  slots.get(item)![side].find(({ name }) => name === slot)!;

/** Puts slots into the order of what they lead to, so that lines of one side do not cross at once. */
export function order(slots: Slots, middles: ReadonlyMap<string, number>) {
  const aim = ({ ends }: Slot) => ends.reduce((sum, end) => sum + middles.get(end)!, 0) / ends.length;
  for (const side of [...slots.values()].flatMap((both) => [both.left, both.right])) {
    side.sort((a, b) => aim(a) - aim(b) || a.move - b.move || (a.way === "out" ? -1 : 1));
    let at = -heightOf(side) / 2;
    for (const slot of side) {
      slot.below = at + HEIGHT[slot.way] / 2;
      at += HEIGHT[slot.way];
    }
  }
}
