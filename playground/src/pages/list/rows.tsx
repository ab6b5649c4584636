/** The list as rows. */

import { useEffect, useMemo, useRef } from "react";
import { ChevronRight } from "lucide-react";
import type { Column, FieldInfo, ObjectSummary } from "../../api/metadata";
import { valueAt } from "../../api/paths";
import { KINDS } from "../../fields/kinds";
import { RecordLink } from "../../fields/record-link";
import { Show } from "../../fields/show";
import { Grid, type GridColumn } from "../../grid/grid";
import type { ListQuestion } from "../../question/question";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { PeekButton } from "../../ui/peek";
import { CellEditor } from "./cell-editor";
import { keepColumns } from "./columns";
import { isRecord, type Item, keysOf, type ListGroup } from "./items";
import styles from "./list.module.css";
import { useCells } from "./use-cells";
import type { Chosen } from "./use-selection";
import type { GroupRows } from "./use-groups";
import type { ListPage } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: Pick<ListPage, "columns"> & Partial<Pick<ListPage, "own">>;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
  rows: Item[];
  /** Those that each record was asked with. */
  fields: readonly FieldInfo[];
  total: number | undefined;
  /** None where nothing can be done with several. */
  chosen: Chosen | null;
  onNearEnd?: () => void;
  /** What folds and unfolds groups, where the list has any. */
  groups?: Pick<GroupRows, "toggle" | "more">;
  /** Sums of columns, by the path of their field, and their fields. */
  sums?: readonly FieldInfo[];
  whole?: Record<string, unknown>;
}

/** What is shown as a link of its own stands in no other link. */
const LINKED: ReadonlySet<string> = new Set(["EMAIL", "PHONE", "URL"]);

const NO_SUMS: readonly FieldInfo[] = [];

/** The room of what chooses a record. */
const BOX = 30;

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
    case "NUMBER":
    case "MONEY":
    case "AMOUNT":
      return 160;
    default:
      return 140;
  }
}

/** The record that was opened last: whoever comes back goes on from there. */
let left: string | null = null;

export function Rows(props: Props) {
  const {
    object,
    list,
    question,
    askFor,
    rows,
    fields,
    total,
    chosen,
    onNearEnd,
    groups,
    sums = NO_SUMS,
    whole,
  } = props;
  const t = useTexts();
  const a = useArea(lists);
  const sorted = question.order?.[0];
  const recordAt = (place: number) => {
    const item = rows[place];
    return isRecord(item) ? item : undefined;
  };
  const { cells, edits, keep } = useCells(object, list.columns, fields, recordAt, rows.length);
  const records = useMemo(() => rows.filter(isRecord), [rows]);
  const keys = useMemo(() => keysOf(rows), [rows]);
  const all = chosen !== null && records.length > 0 && records.every(({ id }) => chosen.has(id));
  // Rows are drawn again when their columns are others, so these stay the same while they can.
  const latest = useRef({ question, askFor, chosen, records });
  latest.current = { question, askFor, chosen, records };
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
                  const { chosen: now, records: shown } = latest.current;
                  if (event.target.checked) now?.choose(shown.map(({ id }) => id));
                  else now?.clear();
                }}
              />
            ) : undefined,
          width: width ?? usualWidth(column) + (place === 0 && choosing ? BOX : 0),
          end: KINDS[field.type].end,
          resize:
            list.own &&
            ((next) => {
              const widths = { ...list.own?.widths, [name]: next - (place === 0 && choosing ? BOX : 0) };
              void keepColumns(object.name, { ...list.own, widths }).catch((): undefined => undefined);
            }),
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
    [list.columns, list.own, object.name, sorted?.field, sorted?.descending, choosing, all, t],
  );
  useEffect(() => {
    if (left === null || document.activeElement !== document.body) return;
    document.querySelector<HTMLElement>(`a[data-record="${left}"]`)?.focus({ preventScroll: true });
  }, []);
  const byName = new Map(list.columns.map(({ name, field }) => [name, field]));
  const summed = new Set(sums.map(({ name }) => name));
  const sumOf = (values: Record<string, unknown> | undefined, key: string) => {
    const field = byName.get(key);
    return field !== undefined && summed.has(key) ? (
      <Show field={field} value={valueAt(values, key)} cell grid />
    ) : null;
  };
  // The head of a group says what it is as far as there are no sums.
  const firstSum = list.columns.findIndex(({ name }) => summed.has(name));
  const wide = Math.max(1, firstSum < 0 ? list.columns.length : firstSum);
  const headOf = (group: ListGroup, open: boolean, active: boolean) => (
    <button
      className={styles.group}
      tabIndex={active ? 0 : -1}
      aria-expanded={open}
      onClick={() => groups?.toggle(group)}
    >
      <ChevronRight size={15} aria-hidden="true" className={open ? styles.unfolded : undefined} />
      {group.label}
      <span className={styles.count}>{group.count}</span>
    </button>
  );
  return (
    <Grid
      className={styles.grid}
      label={object.labelPlural}
      columns={columns}
      count={rows.length}
      total={groups === undefined ? total : undefined}
      selected={(place) => chosen?.has(recordAt(place)?.id ?? "") ?? false}
      rowKey={(place) => keys[place] ?? String(place)}
      stamp={(place) => stampOf(rows[place], edits.stamp(recordAt(place)?.id ?? ""))}
      span={(place) => (isRecord(rows[place]) ? 1 : "more" in rows[place]! ? list.columns.length : wide)}
      foot={
        sums.length === 0
          ? undefined
          : ({ key, title }) => (title && !summed.has(key) ? <strong>{a.sum}</strong> : sumOf(whole, key))
      }
      onNearEnd={onNearEnd}
      cells={cells}
      fault={(place, { key }) => edits.faultOf(recordAt(place)?.id ?? "", key)?.text}
      editor={(place, { key }, typed, box, leave) => {
        const row = recordAt(place);
        const field = byName.get(key);
        if (row === undefined || field === undefined) return null;
        return (
          <CellEditor
            key={`${row.id} ${key}`}
            object={object.name}
            row={row}
            field={field}
            value={edits.faultOf(row.id, key)?.typed ?? edits.valueOf(row, key)}
            typed={typed}
            leave={leave}
            keep={(value, how, opened) => {
              const column = list.columns.findIndex(({ name }) => name === key);
              keep({ row: place, column }, value, how, box, opened);
            }}
            refuse={(text, value) => edits.refuse(row.id, key, { text, typed: value })}
          />
        );
      }}
      cell={(place, { key, title }, active) => {
        const row = rows[place];
        const field = byName.get(key);
        if (row === undefined || field === undefined) return null;
        if (!isRecord(row) && "head" in row) {
          return title ? headOf(row.head, row.open, active) : sumOf(row.head.sum, key);
        }
        if (!isRecord(row)) {
          return (
            <button className={styles.group} tabIndex={active ? 0 : -1} onClick={() => groups?.more(row.more)}>
              {row.busy ? t.loading : t.loadMore}
            </button>
          );
        }
        const value = edits.valueOf(row, key);
        if (!title) return <Show field={field} value={value} cell grid />;
        const plain = typeof value === "object" || value === null || value === undefined || value === "";
        const link = (
          <>
            <RecordLink
              plural={object.plural!}
              id={row.id}
              data-record={row.id}
              tabIndex={active ? 0 : -1}
              onClick={() => (left = row.id)}
            >
              {plain || field.access === "MASKED" || LINKED.has(field.type) ? (
                (row._title ?? "–")
              ) : (
                <Show field={field} value={value} cell />
              )}
            </RecordLink>
            <PeekButton plural={object.plural!} id={row.id} title={row._title ?? ""} at="cell" />
          </>
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

/** Heads are made anew for every answer, records are the same as long as nothing of them changes. */
const stampOf = (item: Item | undefined, edited: unknown): unknown[] => {
  if (item === undefined || isRecord(item)) return [item, edited];
  return "head" in item ? [item.head, item.open] : [item.more, item.busy];
};
