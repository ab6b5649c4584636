/** The list as rows. */

import { useEffect } from "react";
import { Link } from "@tanstack/react-router";
import type { Column, ObjectSummary } from "../../api/metadata";
import { valueAt } from "../../api/paths";
import { KINDS } from "../../fields/kinds";
import { Show } from "../../fields/show";
import { Grid, type GridColumn } from "../../grid/grid";
import type { ListQuestion } from "../../question/question";
import { useTexts } from "../../texts";
import styles from "./list.module.css";
import type { Chosen } from "./use-selection";
import type { ListPage, Row } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
  rows: Row[];
  total: number | undefined;
  /** None where nothing can be done with several. */
  chosen: Chosen | null;
  onNearEnd: () => void;
}

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

export function Rows({ object, list, question, askFor, rows, total, chosen, onNearEnd }: Props) {
  const t = useTexts();
  const sorted = question.order?.[0];
  const columns = list.columns.map((column, place): GridColumn => {
    const { name, field, width } = column;
    const here = sorted?.field === name ? (sorted.descending ? "descending" : "ascending") : undefined;
    return {
      key: name,
      label: field.label,
      lead:
        place === 0 && chosen !== null ? (
          <input
            type="checkbox"
            aria-label={t.chooseShown}
            checked={rows.length > 0 && rows.every(({ id }) => chosen.has(id))}
            onChange={(event) => (event.target.checked ? chosen.choose(rows.map(({ id }) => id)) : chosen.clear())}
          />
        ) : undefined,
      width: width ?? usualWidth(column),
      end: KINDS[field.type].end,
      sorted: here,
      sort: field.sortable
        ? () =>
            askFor({
              ...question,
              order: here === "descending" ? null : [{ field: name, descending: here === "ascending" }],
            })
        : undefined,
    };
  });
  useEffect(() => {
    if (left === null || document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>(`a[data-record="${left}"]`)?.focus({ preventScroll: true });
  }, []);
  const fields = new Map(list.columns.map(({ name, field }) => [name, field]));
  const first = list.columns[0]?.name;
  return (
    <Grid
      className={styles.grid}
      label={object.labelPlural}
      columns={columns}
      count={rows.length}
      total={total}
      selected={(place) => chosen?.has(rows[place]?.id ?? "") ?? false}
      rowKey={(place) => rows[place]?.id ?? String(place)}
      onNearEnd={onNearEnd}
      cell={(place, { key }) => {
        const row = rows[place];
        const field = fields.get(key);
        if (row === undefined || field === undefined) return null;
        const value = valueAt(row, key);
        if (key !== first) return <Show field={field} value={value} cell />;
        const plain = typeof value === "object" || value === null || value === undefined || value === "";
        const link = (
          <Link
            to="/o/$plural/$id"
            params={{ plural: object.plural!, id: row.id }}
            data-record={row.id}
            onClick={() => (left = row.id)}
          >
            {plain || field.access === "MASKED" ? (row._title ?? "–") : <Show field={field} value={value} cell />}
          </Link>
        );
        if (chosen === null) return link;
        return (
          <span className={styles.first}>
            <input
              type="checkbox"
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
