/** One row of lines with all its fields below one another, and the way to the next. */

import type { KeyboardEvent } from "react";
import { ChevronLeft, ChevronRight } from "lucide-react";
import type { Column } from "../api/metadata";
import type { Surroundings } from "../fields/edit";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as texts from "../texts/form";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { FormField } from "./field";
import styles from "./form.module.css";
import { editable, type LineRow } from "./values";

interface Props {
  label: string;
  columns: Column[];
  rows: LineRow[];
  /** The place of the row that is shown. */
  at: number;
  go: (place: number) => void;
  close: () => void;
  valueOf: (row: LineRow, path: string) => unknown;
  around: (row: LineRow) => Surroundings;
  fault: (row: LineRow, path: string) => string | undefined;
  write: (row: LineRow, path: string, value: unknown, wrong: string | null) => void;
}

export function RowDialog({ label, columns, rows, at, go, close, valueOf, around, fault, write }: Props) {
  const t = useTexts();
  const a = useArea(texts);
  const row = rows[at]!;
  const pressed = (event: KeyboardEvent) => {
    // What is pressed and pasted here is none of the table's below.
    event.stopPropagation();
    const to = event.key === "PageUp" ? at - 1 : event.key === "PageDown" ? at + 1 : null;
    if (to === null) return;
    event.preventDefault();
    if (rows[to] !== undefined) go(to);
  };
  const first = columns.findIndex(({ field }) => editable(field));
  return (
    <div onKeyDown={pressed} onPaste={(event) => event.stopPropagation()}>
      <Dialog title={`${label} ${a.rowOf(at + 1, rows.length)}`} onClose={close} wide>
        <div className={styles.fields} key={row.key}>
          {columns.map(({ name, field }, place) => (
            <FormField
              key={name}
              field={field}
              value={valueOf(row, name)}
              onChange={(value, wrong) => write(row, name, value, wrong)}
              around={around(row)}
              fault={fault(row, name)}
              required={field.required && field.type !== "BOOLEAN"}
              readOnly={!editable(field)}
              options={null}
              span={field.type === "LONG_TEXT" || field.type === "RICH_TEXT" ? 3 : 1}
              autoFocus={place === first}
            />
          ))}
        </div>
        <div className={styles.foot}>
          <Actions>
            <Button icon aria-label={t.previous} isDisabled={at === 0} onPress={() => go(at - 1)}>
              <ChevronLeft size={16} aria-hidden="true" />
            </Button>
            <Button icon aria-label={t.next} isDisabled={at === rows.length - 1} onPress={() => go(at + 1)}>
              <ChevronRight size={16} aria-hidden="true" />
            </Button>
            <Button kind="main" onPress={close}>
              {a.done}
            </Button>
          </Actions>
        </div>
      </Dialog>
    </div>
  );
}
