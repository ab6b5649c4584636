/** A design of a list, board, calendar or card with real records, drawn by the parts of the real lists. */

import type { Layout, ObjectInfo } from "../../api/metadata";
import { useObjectPage } from "../../api/cache";
import { valueAt, type Values } from "../../api/paths";
import { Card } from "../../pages/list/cards";
import list from "../../pages/list/list.module.css";
import { Rows } from "../../pages/list/rows";
import page from "../../pages/page.module.css";
import { readQuestion } from "../../question/question";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import { Empty } from "../../ui/states";
import ui from "../../ui/ui.module.css";
import type { LayoutKind } from "./design";
import styles from "./layouts.module.css";

export type PreviewRow = Values & { id: string; version: number; _title: string | null };

interface Props {
  kind: LayoutKind;
  object: ObjectInfo;
  layout: Layout;
  rows: PreviewRow[];
  narrow: boolean;
}

const QUESTION = readQuestion({});
const nothing = () => undefined;

export function ListPreview({ kind, object, layout, rows, narrow }: Props) {
  const a = useArea(layouts);
  const card = useObjectPage(object.name).data?.card?.columns ?? layout.columns;
  const cards = (columns: Layout["columns"], some: PreviewRow[]) =>
    some.map((row) => (
      <div key={row.id} className={list.card}>
        <Card object={object} columns={columns} row={row} />
      </div>
    ));
  const filters = layout.quickFilters.flatMap((name) => layout.fields.find((field) => field.name === name) ?? []);
  const state = object.fields.find(({ name }) => name === layout.stateField);
  const body = () => {
    if (rows.length === 0) return <Empty text={a.noRecord} />;
    if (kind === "BOARD" && state !== undefined) {
      const keyOf = (row: PreviewRow) => {
        const value = valueAt(row, state.name) as string | { _title?: string | null } | null | undefined;
        return typeof value === "string" ? value : (value?._title ?? "");
      };
      const found = [...new Set(rows.map(keyOf))].filter((key) => key !== "");
      const columns =
        state.options?.map(({ name, label }) => ({ name, label })) ?? found.map((name) => ({ name, label: name }));
      return (
        <div className={styles.boards}>
          {columns.map(({ name, label }) => (
            <section key={name}>
              <h2>{label}</h2>
              {cards(
                layout.columns.filter((column) => column.name !== state.name),
                rows.filter((row) => keyOf(row) === name),
              )}
            </section>
          ))}
        </div>
      );
    }
    if (kind !== "LIST") return <div className={list.cards}>{cards(layout.columns, rows)}</div>;
    if (narrow) return <div className={list.cards}>{cards(card, rows)}</div>;
    return (
      <Rows
        object={{ ...object, may: [] }}
        list={layout}
        question={QUESTION}
        askFor={nothing}
        rows={rows}
        fields={layout.columns.map(({ field }) => field)}
        total={rows.length}
        chosen={null}
        onNearEnd={nothing}
      />
    );
  };
  return (
    <div className={page.page} inert>
      <h1>{object.labelPlural}</h1>
      {filters.length > 0 && (
        <div className={page.filters}>
          {filters.map(({ name, label }) => (
            <span key={name} className={ui.chip}>
              {label}
            </span>
          ))}
        </div>
      )}
      {body()}
    </div>
  );
}
