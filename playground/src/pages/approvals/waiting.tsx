/** Tasks that wait for the viewer: decided by keys or buttons, several that are ticked approved at once. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { ApprovalTask } from "../../api/approvals";
import type { Shell } from "../../api/metadata";
import { viewedAs } from "../../signin/viewing";
import { useTexts } from "../../texts";
import * as texts from "../../texts/approvals";
import { useArea } from "../../texts/area";
import { Button } from "../../ui/button";
import { composing, lettersRest, useKeys } from "../../ui/keys";
import { tell } from "../../ui/toasts";
import pageStyles from "../page.module.css";
import styles from "./approvals.module.css";
import type { Refusals } from "./refusals";
import { meant, stays, stepped } from "./rows";
import { TaskRow } from "./task-row";
import { titleOf, useDeeds } from "./use-deeds";

const NONE: ReadonlySet<string> = new Set();

const focusOn = (id: string | null) =>
  document.querySelector<HTMLElement>(`[data-task="${CSS.escape(id ?? "")}"] [data-to]`)?.focus();

export function Waiting({ tasks, shell }: { tasks: readonly ApprovalTask[]; shell: Shell }) {
  const t = useTexts();
  const a = useArea(texts);
  const [current, setCurrent] = useState<string | null>(null);
  const [ticked, setTicked] = useState(NONE);
  const [refused, setRefused] = useState<Refusals>(new Map());
  const decides = viewedAs() === null;

  const shown = useRef(tasks);
  useEffect(() => {
    const before = shown.current;
    shown.current = tasks;
    const next = stays(tasks, before, current);
    if (next !== current) setCurrent(next);
    // The focus is gone with its row: keys go on at the next one.
    if (next !== null && next !== current && document.activeElement === document.body) focusOn(next);
    // A row that is gone can tell nothing any more.
    for (const [id, reason] of refused) {
      const gone = before.find((task) => task.id === id);
      if (reason !== null && gone !== undefined && !tasks.some((task) => task.id === id))
        tell(a.did(titleOf(gone), reason));
    }
  }, [tasks]);

  const deeds = useDeeds({
    settled: (refusals) => {
      setRefused(refusals);
      setTicked((before) => new Set([...before].filter((id) => refusals.get(id) !== null)));
    },
  });
  const one = tasks.find(({ id, mine }) => id === current && mine);
  const chosen = meant(tasks, ticked, current);
  const go = (by: number) => {
    const next = stepped(tasks, current, by);
    setCurrent(next);
    focusOn(next);
  };
  const tick = (id: string) =>
    setTicked((before) => new Set(before.has(id) ? [...before].filter((other) => other !== id) : [...before, id]));
  const moves: Record<string, () => void> = { j: () => go(1), k: () => go(-1) };
  const letters: Record<string, () => void> = decides
    ? {
        ...moves,
        a: () => deeds.decide(chosen, "APPROVE"),
        r: () => deeds.decide(one === undefined ? [] : [one], "REJECT"),
        t: () => deeds.decide(one === undefined ? [] : [one], "RETURN"),
        x: () => one !== undefined && tick(one.id),
      }
    : moves;
  useKeys(letters);
  /** Arrows are keys of the list alone; letters are its own where a box has the focus, too. */
  const pressed = (event: KeyboardEvent) => {
    // What a row has opened over the page has keys of its own.
    if (event.defaultPrevented || !event.currentTarget.contains(event.target as Node)) return;
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = event.target instanceof HTMLInputElement && !lettersRest();
    const arrows: Record<string, () => void> = { ArrowDown: () => go(1), ArrowUp: () => go(-1) };
    const run = arrows[event.key] ?? (box ? letters[event.key] : undefined);
    if (run === undefined) return;
    event.preventDefault();
    run();
  };

  if (tasks.length === 0) return deeds.dialog;
  const tickable = tasks.filter(({ mine }) => mine);
  const tickedCount = tickable.filter(({ id }) => ticked.has(id)).length;
  return (
    <div onKeyDown={pressed}>
      {decides && (
        <div className={styles.bar}>
          {tickable.length > 1 && (
            <label className={styles.all}>
              <input
                type="checkbox"
                checked={tickedCount === tickable.length}
                onChange={({ target }) => setTicked(target.checked ? new Set(tickable.map(({ id }) => id)) : NONE)}
              />
              {a.tickAll}
            </label>
          )}
          {tickedCount > 0 && (
            <>
              <Button kind="main" onPress={() => deeds.decide(chosen, "APPROVE")}>
                {a.approveTicked(tickedCount)}
              </Button>
              <Button kind="quiet" onPress={() => setTicked(NONE)}>
                {t.clear}
              </Button>
            </>
          )}
          <p className={`${pageStyles.muted} ${styles.keys}`}>{a.keys}</p>
        </div>
      )}
      <ul className={styles.tasks} aria-label={a.lists.WAITING}>
        {tasks.map((task) => (
          <TaskRow
            key={task.id}
            task={task}
            shell={shell}
            current={task.id === current}
            enter={() => setCurrent(task.id)}
            ticked={ticked.has(task.id)}
            tick={decides && task.mine ? () => tick(task.id) : null}
            deeds={decides && task.mine ? deeds : null}
            refused={refused.get(task.id) ?? null}
          />
        ))}
      </ul>
      {deeds.dialog}
    </div>
  );
}
