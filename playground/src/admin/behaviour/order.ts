/** Puts items of columns above one another: few links cross, and what is linked stands at about one height. Pure. */

export interface Item {
  name: string;
  layer: number;
  height: number;
  /** How much it matters that it stands where it wants to. */
  weight: number;
}

/** Between items of neighbouring columns, with how far below the middle of each it begins and ends. */
export interface Link {
  ends: [a: string, b: string];
  below: [a: number, b: number];
  /** How much it matters that it is straight. */
  weight: number;
}

/** What an item is linked to, how much lower the link ends there, and its weight. */
type Linked = readonly [other: string, lower: number, weight: number];

const ROUNDS = 12;

/** The height at which the middle of each item stands. */
export function arranged(items: readonly Item[], links: readonly Link[], between: number): Map<string, number> {
  const columns: Item[][] = [];
  for (const item of items) (columns[item.layer] ??= []).push(item);
  const layerOf = new Map(items.map(({ name, layer }) => [name, layer]));
  const linked = new Map<string, Linked[]>(items.map(({ name }) => [name, []]));
  for (const {
    ends: [a, b],
    below,
    weight,
  } of links) {
    linked.get(a)!.push([b, below[1] - below[0], weight]);
    linked.get(b)!.push([a, below[0] - below[1], weight]);
  }
  const order = fewCrossings(columns, links, linked, layerOf);
  const middles = new Map<string, number>();
  for (const column of order) stack(column, () => 0, between, middles);
  for (let round = 0; round < ROUNDS; round++) {
    for (const column of round % 2 === 0 ? order : order.toReversed())
      stack(column, ({ name }) => mean(linked.get(name)!, middles) ?? middles.get(name)!, between, middles);
  }
  // At last from the left, so that a way without branches is straight.
  for (const column of order) {
    const before = ({ name, layer }: Item) => linked.get(name)!.filter(([other]) => layerOf.get(other)! < layer);
    stack(column, (item) => mean(before(item), middles) ?? middles.get(item.name)!, between, middles);
  }
  return middles;
}

/** Where something stands at the height of what it is linked to. */
function mean(to: readonly Linked[], places: ReadonlyMap<string, number>): number | null {
  const all = to.reduce((sum, [, , weight]) => sum + weight, 0);
  return all === 0
    ? null
    : to.reduce((sum, [name, lower, weight]) => sum + weight * (places.get(name)! + lower), 0) / all;
}

/** Orders each column by what it is linked to, back and forth, and keeps what crosses least. */
function fewCrossings(
  columns: readonly Item[][],
  links: readonly Link[],
  linked: ReadonlyMap<string, Linked[]>,
  layerOf: ReadonlyMap<string, number>,
): Item[][] {
  const placesOf = (order: readonly Item[][]) =>
    new Map(order.flatMap((column) => column.map(({ name }, place) => [name, place] as const)));
  const crossings = (order: readonly Item[][]) => {
    const places = placesOf(order);
    const spans = links.map(({ ends: [a, b] }) => {
      const [left, right] = layerOf.get(a)! < layerOf.get(b)! ? [a, b] : [b, a];
      return [layerOf.get(left)!, places.get(left)!, places.get(right)!] as const;
    });
    let count = 0;
    spans.forEach(([layer, a, b], place) => {
      for (const [other, c, d] of spans.slice(place + 1)) if (layer === other && (a - c) * (b - d) < 0) count++;
    });
    return count;
  };
  let now = columns.map((column) => [...column]);
  let [best, least] = [now, crossings(now)];
  for (let round = 0; round < ROUNDS && least > 0; round++) {
    const side = round % 2 === 0 ? -1 : 1;
    const way = now.map((_, layer) => (side < 0 ? layer : now.length - 1 - layer));
    now = [...now];
    for (const layer of way) {
      const places = placesOf(now);
      const aim = ({ name }: Item) => {
        const there = linked
          .get(name)!
          .flatMap(([other]): Linked[] => (layerOf.get(other) === layer + side ? [[other, 0, 1]] : []));
        return mean(there, places) ?? places.get(name)!;
      };
      const aims = new Map(now[layer]!.map((item) => [item.name, aim(item)]));
      now[layer] = now[layer]!.toSorted((a, b) => aims.get(a.name)! - aims.get(b.name)!);
    }
    const count = crossings(now);
    if (count < least) [best, least] = [now, count];
  }
  return best;
}

/** Places a column's items in their order, each as near as can be to where it wants to be. */
function stack(column: readonly Item[], wants: (item: Item) => number, between: number, middles: Map<string, number>) {
  // Items that push one another make a block, which stands where they want to be on average.
  const blocks: { tops: [item: Item, top: number][]; sum: number; weight: number; height: number }[] = [];
  for (const item of column) {
    const { height, weight } = item;
    let block = { tops: [[item, 0] as [Item, number]], sum: weight * (wants(item) - height / 2), weight, height };
    for (let above = blocks.at(-1); above !== undefined; above = blocks.at(-1)) {
      const shift = above.height + between;
      if (above.sum / above.weight + shift <= block.sum / block.weight) break;
      blocks.pop();
      block = {
        tops: [...above.tops, ...block.tops.map(([one, top]): [Item, number] => [one, top + shift])],
        sum: above.sum + block.sum - shift * block.weight,
        weight: above.weight + block.weight,
        height: shift + block.height,
      };
    }
    blocks.push(block);
  }
  for (const { tops, sum, weight } of blocks)
    for (const [{ name, height }, top] of tops) middles.set(name, sum / weight + top + height / 2);
}
