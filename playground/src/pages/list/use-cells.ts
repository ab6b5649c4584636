/** The cells of a list as the grid asks of them: what may be changed, copied, pasted, filled, emptied. */

import { useShell } from "../../api/cache";
import type { Column, FieldInfo, ObjectSummary } from "../../api/metadata";
import { valueAt } from "../../api/paths";
import { copiedText } from "../../fields/copied";
import { KINDS } from "../../fields/kinds";
import { pastedValue } from "../../fields/pasted";
import { movedOnly } from "../../form/start-states";
import { type Box, type Place, spread } from "../../grid/range";
import type { Cells, Leave } from "../../grid/use-range";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { tell } from "../../ui/toasts";
import { readTable, writeTable } from "../../values/paste";
import { type CellChange, MOST, sameValue, typedOver } from "./cell-changes";
import { type Edits, useEdits } from "./use-edits";
import type { Row } from "./use-list";

/** HTML is not typed as text, and what is seen in part would be written back as a part. */
const changeable = (object: ObjectSummary, field: FieldInfo) =>
  object.may.includes("EDIT") &&
  field.writable &&
  field.access === "READ_WRITE" &&
  KINDS[field.type].entry !== "none" &&
  field.type !== "RICH_TEXT" &&
  !movedOnly(object, field);

interface Found {
  record: Row;
  field: FieldInfo;
}

export function useCells(
  object: ObjectSummary,
  columns: readonly Column[],
  fields: readonly FieldInfo[],
  rowAt: (place: number) => Row | undefined,
  count: number,
): {
  cells: Cells;
  edits: Edits;
  /** Takes what was typed into a cell whose row was `opened` when that began. */
  keep: (place: Place, value: unknown, how: Leave, box: Box, opened: Row) => void;
} {
  const t = useTexts();
  const a = useArea(lists);
  const { timeZone = "UTC", today = "" } = useShell().data?.viewer ?? {};
  const text = (field: FieldInfo, value: unknown) => copiedText(field, value, timeZone, t.yes, t.no);
  const edits = useEdits(object, fields, text);

  const at = ({ row, column }: Place): Found | null => {
    const record = rowAt(row);
    const field = columns[column]?.field;
    return record === undefined || field === undefined ? null : { record, field };
  };
  const editable = (place: Place) => {
    const found = at(place);
    return found !== null && changeable(object, found.field) && found.record._can?.edit !== false;
  };
  const refuse = (place: Place) => {
    const found = at(place);
    if (found === null) return;
    const { record, field } = found;
    if (field.access === "MASKED") tell(a.maskedCell(field.label));
    else if (changeable(object, field)) tell(a.recordReadOnly(record._title ?? ""));
    else tell(a.fieldReadOnly(field.label));
  };
  const changed = ({ record, field }: Found, value: unknown, opened = record): CellChange[] => {
    if (sameValue(value, edits.valueOf(record, field.name))) return [];
    const over = typedOver(opened, record);
    return [{ id: over.id, version: over.version, field, value, stored: valueAt(over, field.name) ?? null }];
  };
  /** Changes the cells of a box that may be changed, the row typed into as it was; the first that may not is told. */
  const each = (box: Box, value: (place: Place) => unknown, opened?: Row) => {
    if (box.bottom - box.top >= MOST) return tell(a.tooMany(MOST));
    const changes: CellChange[] = [];
    let barred: Place | null = null;
    for (let row = box.top; row <= box.bottom; row += 1) {
      for (let column = box.left; column <= box.right; column += 1) {
        const place = { row, column };
        const found = at(place);
        if (found === null) continue;
        if (editable(place)) {
          changes.push(...changed(found, value(place), found.record.id === opened?.id ? opened : undefined));
        } else barred ??= place;
      }
    }
    if (barred !== null && changes.length === 0) refuse(barred);
    void edits.write(changes);
  };
  const valueIn = (place: Place) => {
    const found = at(place);
    return found === null ? null : edits.valueOf(found.record, found.field.name);
  };

  const paste = async (box: Box, given: string) => {
    const table = readTable(given);
    if (table.length === 0) return;
    // Heads of groups take none.
    const { placed, left } = spread(table, box, count, columns.length, (row) => rowAt(row) !== undefined);
    if (new Set(placed.map(({ row }) => row)).size > MOST) return tell(a.tooMany(MOST));
    const read = new Map<string, Promise<unknown>>();
    const changes: CellChange[] = [];
    const barred: Place[] = [];
    const foreign: string[] = [];
    for (const place of placed) {
      const found = at(place);
      if (found === null) continue;
      const { record, field } = found;
      if (!editable(place)) {
        // What is there already is not missed.
        if (place.text !== text(field, edits.valueOf(record, field.name))) barred.push(place);
        continue;
      }
      const key = `${field.name} ${place.text}`;
      const known =
        read.get(key) ??
        pastedValue(field, place.text, object.name, {}, today, timeZone).catch((): undefined => undefined);
      read.set(key, known);
      const empty = place.text.trim() === "";
      const value = empty ? null : await known;
      if (value === undefined) {
        foreign.push(place.text);
        edits.refuse(record.id, field.name, { text: t.pasteFault(place.text), typed: undefined });
      } else changes.push(...changed(found, value));
    }
    if (foreign.length > 0) tell(a.cellsRefused(foreign.length, t.pasteFault(foreign[0]!)));
    if (barred.length > 0 && left + foreign.length + changes.length === 0) refuse(barred[0]!);
    else if (left + barred.length > 0) tell(a.notPasted(left + barred.length));
    await edits.write(changes);
  };

  return {
    edits,
    keep: (place, value, how, box, opened) => {
      const whole = how === "fill" ? { ...box, left: place.column, right: place.column } : null;
      if (whole !== null) each(whole, () => value, opened);
      else {
        const found = at(place);
        if (found === null) return;
        edits.forgive(found.record.id, found.field.name);
        void edits.write(changed(found, value, opened));
      }
    },
    cells: {
      editable,
      refuse,
      empty: (box) => each(box, () => null),
      fill: (box, from) => each(box, ({ column }) => valueIn({ row: from, column })),
      copy: (box) => {
        const along = columns.slice(box.left, box.right + 1);
        const down = Array.from({ length: box.bottom - box.top + 1 }, (_, row) => rowAt(box.top + row));
        // As they are pasted: heads of groups are no lines.
        const records = down.filter((record) => record !== undefined);
        return writeTable(
          records.map((record) => along.map(({ field }) => text(field, edits.valueOf(record, field.name)))),
        );
      },
      paste: (box, given) => void paste(box, given),
      undo: edits.undo,
    },
  };
}
