/** A flow as a graph: its states, the arrows that its moves are, and how far each state is from the start. Pure. */

import type { TextFlow } from "./read";

/** What a move is from one state to another. */
export interface Arrow {
  move: number;
  from: string;
  to: string;
}

export interface Graph {
  /** The states that a start or an arrow has, in their order. */
  states: string[];
  arrows: Arrow[];
  /** In which column each state is: behind all from which it is reached without going back. */
  layers: ReadonlyMap<string, number>;
  /** The states to which nothing leads and from which nothing does. */
  loose: string[];
}

/** Stands for the state of a move whose target only the record tells. */
export const ANY = "?";

const isName = (to: string) => /^[\w-]+$/.test(to);

/** The states to which a move may lead from one. `states` are in the order that `next:` goes by. */
export function targets(to: string, from: string, states: readonly string[]): string[] {
  if (to.startsWith("next:")) {
    const place = states.indexOf(from);
    return place < 0 || place === states.length - 1 ? [] : [states[place + 1]!];
  }
  if (isName(to)) return [to];
  // An expression that chooses: the states that it names, as texts or as values of a picklist.
  const words = new Set(to.match(/[\w-]+/g));
  const found = states.filter((state) => words.has(state));
  return found.length === 0 ? [ANY] : found;
}

export function graphOf(flow: TextFlow, known: readonly string[]): Graph {
  const named = flow.moves.flatMap(({ from, to }) => (isName(to) ? [...from, to] : from));
  const all = new Set([...known, ...flow.start, ...named]);
  const arrows = flow.moves.flatMap(({ from, to }, move) =>
    from.flatMap((state) => targets(to, state, [...all]).map((target): Arrow => ({ move, from: state, to: target }))),
  );
  if (arrows.some(({ to }) => to === ANY)) all.add(ANY);
  const touched = new Set([...flow.start, ...arrows.flatMap(({ from, to }) => [from, to])]);
  const states = [...all].filter((state) => touched.has(state));
  return {
    states,
    arrows,
    layers: layersOf(states, flow.start, arrows),
    loose: [...all].filter((state) => !touched.has(state)),
  };
}

/** The longest way to each state, over all arrows but those that lead back. */
function layersOf(states: readonly string[], start: readonly string[], arrows: readonly Arrow[]): Map<string, number> {
  const next = new Map(
    states.map((state) => [
      state,
      states.filter((to) => to !== state && arrows.some((one) => one.from === state && one.to === to)),
    ]),
  );
  const ahead = new Map<string, string[]>(states.map((state) => [state, []]));
  const open = new Set<string>();
  const done: string[] = [];
  const walk = (state: string) => {
    open.add(state);
    for (const to of next.get(state)!) {
      // What leads to where the walk came from leads back.
      if (open.has(to)) continue;
      ahead.get(state)!.push(to);
      if (!done.includes(to)) walk(to);
    }
    open.delete(state);
    done.push(state);
  };
  for (const state of [...start, ...states]) if (next.has(state) && !done.includes(state)) walk(state);
  const layers = new Map(states.map((state) => [state, 0]));
  for (const state of done.toReversed())
    for (const to of ahead.get(state)!) layers.set(to, Math.max(layers.get(to)!, layers.get(state)! + 1));
  return layers;
}
