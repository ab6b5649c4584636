/** Lines in a form: typed, pasted from a spreadsheet, copied down. */

import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from "react";
import { Maximize2, Plus, Trash2 } from "lucide-react";
import { composing } from "../ui/keys";
import { useShell } from "../api/cache";
import type { Column } from "../api/metadata";
import { valueAt, type Values } from "../api/paths";
import { Edit, type Surroundings } from "../fields/edit";
import { KINDS } from "../fields/kinds";
import { Show } from "../fields/show";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as texts from "../texts/form";
import { Button } from "../ui/button";
import { tell } from "../ui/toasts";
import { readTable } from "../values/paste";
import ui from "../ui/ui.module.css";
import styles from "./form.module.css";
import { pastedValue } from "../fields/pasted";
import { RowDialog } from "./row-dialog";
import { editable, type LineRow, moved } from "./values";

interface Props {
  name: string;
  label: string;
  object: string;
  columns: Column[];
  rows: LineRow[];
  /** The lines of the drafted record. */
  record: ReadonlyMap<string, Values> | undefined;
  faults: ReadonlyMap<string, string>;
  readOnly: boolean;
  change: (edit: (rows: LineRow[]) => LineRow[]) => void;
  setFault: (place: string, fault: string | null) => void;
  draft: () => Values;
  Creator: Surroundings["Creator"];
}

export const newRow = (values: Values = {}): LineRow => ({
  key: crypto.randomUUID(),
  id: null,
  values,
  stored: {},
  removed: false,
});

export function Lines({
  name,
  label,
  object,
  columns,
  rows,
  record,
  faults,
  readOnly,
  change,
  setFault,
  draft,
  Creator,
}: Props) {
  const t = useTexts();
  const a = useArea(texts);
  /** The row that is shown whole. */
  const [wide, openRow] = useState<string | null>(null);
  const today = useShell().data?.viewer.today ?? "";
  const body = useRef<HTMLTableSectionElement>(null);
  const shown = rows.filter(({ removed }) => !removed);

  const focus = (row: number, column: number) =>
    requestAnimationFrame(() =>
      body.current
        ?.querySelectorAll("tr")
        [row]?.querySelectorAll("td[data-label]")
        [column]?.querySelector<HTMLElement>("input, select, textarea")
        ?.focus(),
    );
  /** What is to be typed next in a row; nothing moves where all of it is there. */
  const next = (row: LineRow, place: number, column: number) => {
    const after = columns.findIndex(
      ({ name: path, field }, at) => at > column && editable(field) && (valueOf(row, path) ?? "") === "",
    );
    if (after >= 0) focus(place, after);
  };
  const write = (key: string, path: string, value: unknown) =>
    change((all) => all.map((row) => (row.key === key ? { ...row, values: { ...row.values, [path]: value } } : row)));
  const valueOf = (row: LineRow, path: string) => {
    if (path in row.values) return row.values[path];
    const line = record?.get(row.key);
    return line === undefined ? valueAt(row.stored, path) : valueAt(line, path);
  };
  const add = () => {
    change((all) => [...all, newRow()]);
    focus(shown.length, 0);
  };

  const remove = (row: LineRow) => {
    for (const { name: path } of columns) setFault(`${name}/${row.key}/${path}`, null);
    change((all) =>
      row.id === null
        ? all.filter(({ key }) => key !== row.key)
        : all.map((one) => (one.key === row.key ? { ...one, removed: true } : one)),
    );
  };

  const pressed = (event: KeyboardEvent, place: number, column: number) => {
    if (composing(event)) return;
    if (event.altKey && event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      openRow(shown[place]!.key);
    } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      const by = event.key === "ArrowUp" ? -1 : 1;
      const { key } = shown[place]!;
      if (shown[place + by] === undefined) return;
      if (moved(rows, key, by) === null) return tell(a.rowsKeep);
      change((all) => moved(all, key, by) ?? all);
      focus(place + by, column);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && place === shown.length - 1) {
      event.preventDefault();
      add();
    } else if (event.key.toLowerCase() === "d" && (event.ctrlKey || event.metaKey) && place > 0) {
      event.preventDefault();
      const path = columns[column]!.name;
      write(shown[place]!.key, path, valueOf(shown[place - 1]!, path));
    }
  };

  /** A table from a spreadsheet fills cells from here to the right and down, and makes the rows that it needs. */
  const pasted = async (event: ClipboardEvent, place: number, column: number) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const table = readTable(text);
    const made: { values: Values; foreign: [string, string][] }[] = [];
    for (const cells of table) {
      const values: Values = {};
      const foreign: [string, string][] = [];
      for (const [at, cell] of cells.entries()) {
        const target = columns[column + at];
        if (target === undefined || !editable(target.field) || cell.trim() === "") continue;
        // A cell that cannot be looked up now is told like one that is not understood.
        const value = await pastedValue(target.field, cell, object, draft(), today).catch(() => undefined);
        if (value === undefined) foreign.push([target.name, cell]);
        else values[target.name] = value;
      }
      made.push({ values, foreign });
    }
    const rows_ = shown.slice(place);
    const fresh = made.slice(rows_.length).map(({ values }) => newRow(values));
    change((all) => [
      ...all.map((row) => {
        const given = made[rows_.findIndex(({ key }) => key === row.key)];
        return given === undefined ? row : { ...row, values: { ...row.values, ...given.values } };
      }),
      ...fresh,
    ]);
    // What a cell could not take is told there: nothing of an order is dropped in silence.
    const keys = [...rows_, ...fresh].map(({ key }) => key);
    for (const [at, { values, foreign }] of made.entries()) {
      for (const path of Object.keys(values)) setFault(`${name}/${keys[at]}/${path}`, null);
      for (const [path, cell] of foreign) setFault(`${name}/${keys[at]}/${path}`, t.pasteFault(cell));
    }
  };

  return (
    <div className={styles.lines}>
      <table aria-label={label}>
        <thead hidden={shown.length === 0}>
          <tr>
            <th scope="col">#</th>
            {columns.map(({ name: path, field }) => (
              <th key={path} scope="col" className={KINDS[field.type].end ? styles.end : undefined}>
                {field.label}
              </th>
            ))}
            {!readOnly && (
              <th scope="col">
                <span className={ui.hiddenVisually}>{t.remove}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody ref={body}>
          {shown.map((row, place) => (
            <tr key={row.key}>
              <td className={styles.number}>{place + 1}</td>
              {columns.map(({ name: path, field }, column) => {
                const cell = `${name}/${row.key}/${path}`;
                const fault = faults.get(cell);
                const value = valueOf(row, path);
                const kind = KINDS[field.type];
                const wide = field.type === "RELATION" || kind.entry === "longText";
                return (
                  <td
                    key={path}
                    data-label={field.label}
                    className={[wide && styles.wideCell, kind.end && styles.end].filter(Boolean).join(" ")}
                    onKeyDown={(event) => pressed(event, place, column)}
                    onPaste={(event) => void pasted(event, place, column)}
                  >
                    {readOnly || !editable(field) || kind.entry === "rich" ? (
                      <div className={styles.shown}>
                        <Show field={field} value={value} cell />
                      </div>
                    ) : (
                      <Edit
                        id={`${row.key}-${path}`}
                        label={`${field.label} ${place + 1}`}
                        field={kind.entry === "longText" ? { ...field, type: "TEXT" } : field}
                        value={value}
                        around={{ object, id: row.id, draft, Creator }}
                        invalid={fault !== undefined}
                        describedBy={fault === undefined ? undefined : `${row.key}-${path}-fault`}
                        onChange={(value_, wrong) => {
                          setFault(cell, wrong);
                          if (wrong === null) write(row.key, path, value_);
                        }}
                        onTaken={() => next(row, place, column)}
                      />
                    )}
                    {fault !== undefined && (
                      <div id={`${row.key}-${path}-fault`} className={styles.fault}>
                        {fault}
                      </div>
                    )}
                  </td>
                );
              })}
              {!readOnly && (
                <td className={styles.last}>
                  <Button kind="quiet" icon aria-label={a.wholeRow(place + 1)} onPress={() => openRow(row.key)}>
                    <Maximize2 size={15} aria-hidden="true" />
                  </Button>
                  <Button kind="quiet" icon aria-label={`${t.remove} ${place + 1}`} onPress={() => remove(row)}>
                    <Trash2 size={15} aria-hidden="true" />
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {!readOnly && (
        <Button kind="quiet" onPress={add}>
          <Plus size={15} aria-hidden="true" />
          {t.addRow}
        </Button>
      )}
      {wide !== null && shown.some(({ key }) => key === wide) && (
        <RowDialog
          label={label}
          columns={columns}
          rows={shown}
          at={shown.findIndex(({ key }) => key === wide)}
          go={(place) => openRow(shown[place]!.key)}
          close={() => openRow(null)}
          valueOf={valueOf}
          around={(row) => ({ object, id: row.id, draft, Creator })}
          fault={(row, path) => faults.get(`${name}/${row.key}/${path}`)}
          write={(row, path, value, wrong) => {
            setFault(`${name}/${row.key}/${path}`, wrong);
            if (wrong === null) write(row.key, path, value);
          }}
        />
      )}
    </div>
  );
}
