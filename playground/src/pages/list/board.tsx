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
import { nearest } from "../moves/board";
import { Card } from "./cards";
import styles from "./list.module.css";
import { type BoardColumn, type CardRow, useBoard, type Way } from "./use-board";
import type { ListPage } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
}

interface Dragged {
  row: CardRow;
  from: BoardColumn;
  ways: Way[];
}

export function Board({ object, list, question }: Props) {
  const t = useTexts();
  const { state, columns, cards, answer, waysOf, go, dialog, known } = useBoard(object, list, question, t);
  const [dragged, drag] = useState<Dragged | null>(null);
  const [over, setOver] = useState<string | null>(null);
  if (answer.isError) return <Failed error={answer.error} retry={() => void answer.refetch()} />;
  if (answer.isPending || !known) return <Skeleton />;

  const take = async (row: CardRow, from: BoardColumn, way: Way) => {
    const gone = await go(row, from, way);
    // The card may stand elsewhere now; whoever moved it by a key goes with it.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${row.id}"] a`)?.focus());
    if (gone === null) return;
    if ("refused" in gone) return tell(gone.refused);
    const { to, undo } = gone;
    const back = undo && (() => void undo().then((refused) => refused !== null && tell(refused)));
    const label = columns.find(({ value }) => value === to)?.label ?? to;
    tell(t.movedTo(row._title ?? "", label), back === null ? undefined : { label: t.undo, run: back });
  };
  const pressed = (event: KeyboardEvent, row: CardRow, from: BoardColumn) => {
    if (!event.shiftKey || (event.key !== "ArrowRight" && event.key !== "ArrowLeft")) return;
    const way = nearest(waysOf(row, from), from.value, columns, event.key === "ArrowRight" ? 1 : -1);
    if (way === undefined) return;
    event.preventDefault();
    void take(row, from, way);
  };
  const labelOf = (way: Way) => columns.find(({ value }) => value === way.to)?.label;
  /** The way of the dragged card to a column. */
  const wayTo = (column: BoardColumn) => dragged?.ways.find(({ to }) => to === column.value);
  const lit = (column: BoardColumn) => {
    if (wayTo(column) === undefined) return "";
    return over === column.value ? styles.target : dragged?.ways[0]?.move === null ? "" : styles.takes;
  };

  return (
    <div className={styles.boards} role="region" aria-label={object.labelPlural} tabIndex={0}>
      {columns.map((column) => (
        <section key={column.value} className={styles.board} aria-label={`${column.label}: ${column.count}`}>
          <h2>
            {column.label} <span className={styles.count}>{column.count}</span>
          </h2>
          <div
            className={`${styles.stack} ${lit(column)}`}
            data-state={column.value}
            onDragOver={(event) => {
              if (wayTo(column) === undefined) return;
              event.preventDefault();
              setOver(column.value);
            }}
            onDragLeave={() => setOver(null)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(null);
              const way = wayTo(column);
              if (dragged !== null && way !== undefined) void take(dragged.row, dragged.from, way);
              drag(null);
            }}
          >
            {column.rows.map((row) => {
              const ways = waysOf(row, column);
              return (
                <div
                  key={row.id}
                  data-card={row.id}
                  className={`${styles.card} ${dragged?.row.id === row.id ? styles.moving : ""}`}
                  draggable={ways.length > 0}
                  onDragStart={() => drag({ row, from: column, ways })}
                  onDragEnd={() => {
                    drag(null);
                    setOver(null);
                  }}
                  onKeyDown={(event) => pressed(event, row, column)}
                >
                  <Card object={object} columns={cards.filter(({ name }) => name !== state?.name)} row={row} />
                  {ways.length > 0 && (
                    <div className={styles.mover}>
                      <Menu
                        icon
                        kind="quiet"
                        label={`${t.move}: ${row._title ?? ""}`}
                        choices={ways.map((way) => ({
                          key: way.key,
                          label: way.label ?? `${t.move} ${labelOf(way)}`,
                          detail: way.label === null ? undefined : labelOf(way),
                          run: () => void take(row, column, way),
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
      {dialog}
    </div>
  );
}
