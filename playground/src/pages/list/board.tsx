/** The list as a board: a column for each state, cards that are dragged or moved by keys. */

import { type KeyboardEvent, useState } from "react";
import { Link } from "@tanstack/react-router";
import { MoveHorizontal } from "lucide-react";
import type { ObjectSummary } from "../../api/metadata";
import { type ListQuestion, withCondition, writeQuestion } from "../../question/question";
import { useTexts } from "../../texts";
import { Menu } from "../../ui/menu";
import { Failed, Skeleton } from "../../ui/states";
import { tell } from "../../ui/toasts";
import { Card } from "./cards";
import styles from "./list.module.css";
import { type CardRow, useBoard } from "./use-board";
import type { ListPage } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
}

export function Board({ object, list, question }: Props) {
  const t = useTexts();
  const { state, columns, cards, answer, move, known } = useBoard(object, list, question, t.none);
  const [dragged, drag] = useState<{ row: CardRow; from: string } | null>(null);
  const [over, setOver] = useState<string | null>(null);
  if (answer.isError) return <Failed error={answer.error} retry={() => void answer.refetch()} />;
  if (answer.isPending || !known) return <Skeleton />;
  const writable = state?.writable === true;

  const go = async (row: CardRow, from: string, to: string) => {
    const refused = await move(row, from, to);
    // The card stands elsewhere now; whoever moved it by a key goes with it.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${row.id}"] a`)?.focus());
    const label = columns.find(({ value }) => value === to)?.label ?? to;
    if (refused !== null) tell(refused);
    else if (from !== to)
      tell(t.movedTo(row._title ?? "", label), { label: t.undo, run: () => void back(row, to, from) });
  };
  /** The version that the move has made is in the answer that came after it. */
  const back = async (row: CardRow, from: string, to: string) => {
    const { data } = await answer.refetch();
    const now = data?.flatMap(({ top }) => top).find(({ id }) => id === row.id);
    const refused = now === undefined ? t.undoNot : await move(now, from, to);
    if (refused !== null) tell(refused);
  };
  const pressed = (event: KeyboardEvent, row: CardRow, place: number) => {
    if (!event.shiftKey || (event.key !== "ArrowRight" && event.key !== "ArrowLeft")) return;
    const to = columns[place + (event.key === "ArrowRight" ? 1 : -1)];
    if (to === undefined || !writable || !row._can.edit) return;
    event.preventDefault();
    void go(row, columns[place]!.value, to.value);
  };

  return (
    <div className={styles.boards} role="region" aria-label={object.labelPlural} tabIndex={0}>
      {columns.map((column, place) => (
        <section key={column.value} className={styles.board} aria-label={`${column.label}: ${column.count}`}>
          <h2>
            {column.label} <span className={styles.count}>{column.count}</span>
          </h2>
          <div
            className={`${styles.stack} ${over === column.value ? styles.target : ""}`}
            data-state={column.value}
            onDragOver={(event) => {
              if (dragged === null) return;
              event.preventDefault();
              setOver(column.value);
            }}
            onDragLeave={() => setOver(null)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(null);
              if (dragged !== null) void go(dragged.row, dragged.from, column.value);
              drag(null);
            }}
          >
            {column.rows.map((row) => {
              const movable = writable && row._can.edit;
              return (
                <div
                  key={row.id}
                  data-card={row.id}
                  className={`${styles.card} ${dragged?.row.id === row.id ? styles.moving : ""}`}
                  draggable={movable}
                  onDragStart={() => drag({ row, from: column.value })}
                  onDragEnd={() => {
                    drag(null);
                    setOver(null);
                  }}
                  onKeyDown={(event) => pressed(event, row, place)}
                >
                  <Card object={object} columns={cards.filter(({ name }) => name !== state?.name)} row={row} />
                  {movable && (
                    <div className={styles.mover}>
                      <Menu
                        icon
                        kind="quiet"
                        label={`${t.move}: ${row._title ?? ""}`}
                        choices={columns
                          .filter(({ value }) => value !== column.value)
                          .map(({ value, label }) => ({
                            key: value,
                            label: `${t.move} ${label}`,
                            run: () => void go(row, column.value, value),
                          }))}
                      >
                        <MoveHorizontal size={15} aria-hidden="true" />
                      </Menu>
                    </div>
                  )}
                </div>
              );
            })}
            {column.count > column.rows.length && state !== undefined && (
              <Link
                to="/o/$plural"
                params={{ plural: object.plural! }}
                search={writeQuestion(
                  withCondition(list.seen({ ...question, face: "list" }), state.name, {
                    field: state.name,
                    operator: "in",
                    value: column.value,
                  }),
                )}
              >
                {t.ofTotal(column.rows.length, column.count)} · {t.viewAll}
              </Link>
            )}
          </div>
        </section>
      ))}
    </div>
  );
}
