/** Keys of the whole page: one listener, which leaves letters to fields and compositions to their method. */

import { useEffect, useRef } from "react";

/** `n`, `Control+k`, or two keys one after the other: `g h`. */
export type Keys = Record<string, (event: KeyboardEvent) => void>;

const TYPED = "input, textarea, select, [contenteditable=true], [role=textbox], [role=combobox], [role=menu]";

/** Whether a key belongs to a method that composes characters, such as pinyin. */
export const composing = (event: { isComposing?: boolean; keyCode?: number; nativeEvent?: KeyboardEvent }) =>
  event.isComposing === true || event.keyCode === 229 || event.nativeEvent?.isComposing === true;

const REST = "tradewind:letters";

/** Whether single letters do nothing; kept in this browser. */
export const lettersRest = () => localStorage.getItem(REST) === "rest";

export function restLetters(rest: boolean) {
  if (rest) localStorage.setItem(REST, "rest");
  else localStorage.removeItem(REST);
}

const layers: { current: Keys }[] = [];
let before: { key: string; at: number } | null = null;

function named(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const held = [(event.ctrlKey || event.metaKey) && "Control", event.altKey && "Alt"].filter(Boolean);
  return [...held, key].join("+");
}

function pressed(event: KeyboardEvent) {
  if (composing(event) || event.defaultPrevented) return;
  const name = named(event);
  const target = event.target as Element | null;
  const letters = !name.includes("+") && name.length === 1;
  if (letters && (target?.closest(TYPED) || lettersRest())) return;
  // A dialog has the keys to itself.
  if (document.querySelector("[role=dialog], [role=alertdialog]")) return;
  const pair = before !== null && event.timeStamp - before.at < 1_000 ? `${before.key} ${name}` : null;
  before = { key: name, at: event.timeStamp };
  for (const layer of [...layers].reverse()) {
    const run = (pair !== null ? layer.current[pair] : undefined) ?? layer.current[name];
    if (run === undefined) continue;
    event.preventDefault();
    before = null;
    run(event);
    return;
  }
}

/** Listens for keys while the component is shown; what is shown last is asked first. */
export function useKeys(keys: Keys) {
  const layer = useRef(keys);
  layer.current = keys;
  useEffect(() => {
    if (layers.length === 0) document.addEventListener("keydown", pressed);
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) document.removeEventListener("keydown", pressed);
    };
  }, []);
}
