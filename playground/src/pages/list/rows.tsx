/** The list as rows. */

import { useEffect, useMemo, useRef } from "react";
import { Link } from "@tanstack/react-router";
import type { Column, FieldInfo, ObjectSummary } from "../../api/metadata";
import { KINDS } from "../../fields/kinds";
import { Show } from "../../fields/show";
import { Grid, type GridColumn } from "../../grid/grid";
import type { ListQuestion } from "../../question/question";
import { useTexts } from "../../texts";
import { CellEditor } from "./cell-editor";
import styles from "./list.module.css";
import { useCells } from "./use-cells";
import type { Chosen } from "./use-selection";
import type { ListPage, Row } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: Pick<ListPage, "columns">;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
  rows: Row[];
  /** Those that each record was asked with. */
  fields: readonly FieldInfo[];
  total: number | undefined;
  /** None where nothing can be done with several. */
  chosen: Chosen | null;
  onNearEnd: () => void;
}

/** What is shown as a link of its own stands in no other link. */
const LINKED: ReadonlySet<string> = new Set(["EMAIL", "PHONE", "URL"]);

/** How wide a column is unless somebody has said so. */
function usualWidth({ field }: Column): number {
  switch (field.type) {
    case "DATE":
    case "BOOLEAN":
    case "RATING":
    case "TIME":
      return 120;
    case "DATE_TIME":
      return 160;
    case "LONG_TEXT":
    case "RICH_TEXT":
      return 260;
    case "TEXT":
      return field.max !== null && field.max <= 60 ? 140 : 220;
    case "RELATION":
      return 180;
    default:
      return 140;
  }
}

/** The record that was opened last: whoever comes back goes on from there. */
let left: string | null = null;

export function Rows({ object, list, question, askFor, rows, fields, total, chosen, onNearEnd }: Props) {
  const t = useTexts();
  const sorted = question.order?.[0];
  const { cells, edits, keep } = useCells(object, list.columns, fields, (place) => rows[place], rows.length);
  const all = chosen !== null && rows.length > 0 && rows.every(({ id }) => chosen.has(id));
  // Rows are drawn again when their columns are others, so these stay the same while they can.
  const latest = useRef({ question, askFor, chosen, rows });
  latest.current = { question, askFor, chosen, rows };
  const choosing = chosen !== null;
  const columns = useMemo(
    () =>
      list.columns.map((column, place): GridColumn => {
        const { name, field, width } = column;
        const here = sorted?.field === name ? (sorted.descending ? "descending" : "ascending") : undefined;
        return {
          key: name,
          label: field.label,
          title: place === 0,
          lead:
            place === 0 && choosing ? (
              <input
                type="checkbox"
                aria-label={t.chooseShown}
                checked={all}
                onChange={(event) => {
                  const { chosen: now, rows: shown } = latest.current;
                  if (event.target.checked) now?.choose(shown.map(({ id }) => id));
                  else now?.clear();
                }}
              />
            ) : undefined,
          width: width ?? usualWidth(column),
          end: KINDS[field.type].end,
          sorted: here,
          sort: field.sortable
            ? () =>
                latest.current.askFor({
                  ...latest.current.question,
                  order: here === "descending" ? null : [{ field: name, descending: here === "ascending" }],
                })
            : undefined,
        };
      }),
    [list.columns, sorted?.field, sorted?.descending, choosing, all, t],
  );
  useEffect(() => {
    if (left === null || document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>(`a[data-record="${left}"]`)?.focus({ preventScroll: true });
  }, []);
  const byName = new Map(list.columns.map(({ name, field }) => [name, field]));
  return (
    <Grid
      className={styles.grid}
      label={object.labelPlural}
      columns={columns}
      count={rows.length}
      total={total}
      selected={(place) => chosen?.has(rows[place]?.id ?? "") ?? false}
      rowKey={(place) => rows[place]?.id ?? String(place)}
      stamp={(place) => [rows[place], edits.stamp(rows[place]?.id ?? "")]}
      onNearEnd={onNearEnd}
      cells={cells}
      fault={(place, { key }) => edits.faultOf(rows[place]?.id ?? "", key)?.text}
      editor={(place, { key }, typed, box, leave) => {
        const row = rows[place];
        const field = byName.get(key);
        if (row === undefined || field === undefined) return null;
        return (
          <CellEditor
            key={row.id}
            object={object.name}
            id={row.id}
            field={field}
            value={edits.faultOf(row.id, key)?.typed ?? edits.valueOf(row, key)}
            typed={typed}
            leave={leave}
            keep={(value, how) =>
              keep({ row: place, column: list.columns.findIndex(({ name }) => name === key) }, value, how, box)
            }
            refuse={(text, value) => edits.refuse(row.id, key, { text, typed: value })}
          />
        );
      }}
      cell={(place, { key, title }, active) => {
        const row = rows[place];
        const field = byName.get(key);
        if (row === undefined || field === undefined) return null;
        const value = edits.valueOf(row, key);
        if (!title) return <Show field={field} value={value} cell grid />;
        const plain = typeof value === "object" || value === null || value === undefined || value === "";
        const link = (
          <Link
            to="/o/$plural/$id"
            params={{ plural: object.plural!, id: row.id }}
            data-record={row.id}
            tabIndex={active ? 0 : -1}
            onClick={() => (left = row.id)}
          >
            {plain || field.access === "MASKED" || LINKED.has(field.type) ? (
              (row._title ?? "–")
            ) : (
              <Show field={field} value={value} cell />
            )}
          </Link>
        );
        if (chosen === null) return link;
        return (
          <span className={styles.first}>
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={`${t.choose} ${row._title ?? ""}`}
              checked={chosen.has(row.id)}
              onChange={() => chosen.toggle(row.id)}
            />
            {link}
          </span>
        );
      }}
    />
  );
}
