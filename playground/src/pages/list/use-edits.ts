/**
 * Changes to cells of a list: shown at once, saved record by record one change after the other, put back with the
 * reason at the cell if they are refused, undone by their reverse.
 */

import { useRef, useState } from "react";
import { client } from "../../api/cache";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import { ownSave, versionMade, versionOf } from "../../api/own-saves";
import { valueAt } from "../../api/paths";
import { ask, Offline } from "../../api/transport";
import { listDocument, selection, updateEachDocument } from "../../fields/documents";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { tell } from "../../ui/toasts";
import { byRecord, type CellChange, patchFor, portions, type RecordChange, reversed } from "./cell-changes";
import { inTurn } from "./in-turn";
import { type Pages, patched } from "./use-live";
import type { Row } from "./use-list";

interface UserError {
  code: string;
  path: string[];
  message: string;
  hint: string | null;
  theirs?: unknown;
}

type Answers = Record<string, { record: Row | null; userErrors: UserError[] } | null>;

/** What is wrong with a cell, and what was typed into it. */
export interface CellFault {
  text: string;
  typed: unknown;
}

/** Of one record: values on their way, and faults. */
interface Overlay {
  values: Record<string, unknown>;
  faults: Record<string, CellFault>;
}

const NONE: Overlay = { values: {}, faults: {} };
const PAUSES = [1_000, 3_000, 6_000];

const without = <T>(held: Record<string, T>, paths: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(held).filter(([path]) => !paths.includes(path)));

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const said = ({ message, hint }: UserError) => (hint === null ? message : `${message} ${hint}`);
const pathsOf = ({ cells }: RecordChange) => cells.map(({ field }) => field.name);

export function useEdits(
  object: ObjectSummary,
  fields: readonly FieldInfo[],
  shown: (field: FieldInfo, value: unknown) => string,
) {
  const t = useTexts();
  const a = useArea(lists);
  const [overlays, set] = useState<ReadonlyMap<string, Overlay>>(new Map());
  const [queued] = useState(() => inTurn((error) => tell(textOf(error))));
  const undos = useRef<{ back: CellChange[]; untell: () => void }[]>([]);

  const change = (id: string, edit: (before: Overlay) => Overlay) =>
    set((before) => {
      const next = new Map(before);
      const after = edit(before.get(id) ?? NONE);
      if (Object.keys(after.values).length + Object.keys(after.faults).length === 0) next.delete(id);
      else next.set(id, after);
      return next;
    });
  /** The values are no longer on their way, unless a later change of theirs is. */
  const settled = (record: RecordChange, faults: Record<string, CellFault> = {}) =>
    change(record.id, (before) => {
      const over = record.cells
        .filter(({ field, value }) => before.values[field.name] === value)
        .map(({ field }) => field.name);
      return {
        values: without(before.values, over),
        faults: { ...without(before.faults, pathsOf(record)), ...faults },
      };
    });
  const took = (row: Row) => {
    client.setQueriesData<Pages>({ queryKey: [object.name, "list"] }, (before) => before && patched(before, row));
  };

  const send = async (records: RecordChange[], over: number[], keys: string[]) => {
    const variables = records.flatMap((record, n) => [
      [`i${n}`, record.id],
      [`p${n}`, patchFor(record)],
      [`v${n}`, over[n]],
      [`k${n}`, keys[n]],
    ]);
    const document = updateEachDocument(object, fields, records.length);
    for (let round = 0; ; round += 1) {
      try {
        const { data } = await ask<Answers>("/graphql", document, Object.fromEntries(variables));
        return { answers: data, repeated: round > 0 };
      } catch (error) {
        // After a lost reply the same keys go again.
        if (!(error instanceof Offline) || round >= PAUSES.length) throw error;
        await new Promise((done) => setTimeout(done, PAUSES[round]));
      }
    }
  };
  /** The versions of the records as they are now. */
  const fresh = async (ids: string[]): Promise<Map<string, number>> => {
    const variables = { filter: { id: { in: ids } }, first: ids.length, after: null, counted: false };
    const { data } = await ask<{ list: { nodes: Row[] } | null }>("/graphql", listDocument(object, fields), variables);
    const rows = data.list?.nodes ?? [];
    rows.forEach(took);
    return new Map(rows.map(({ id, version }) => [id, version]));
  };

  /** All cells of the records are refused for one reason. */
  const failed = (records: RecordChange[], text: string, reasons: string[]) => {
    for (const record of records) {
      reasons.push(...record.cells.map(() => text));
      const faults = record.cells.map(({ field, value }) => [field.name, { text, typed: value }] as const);
      settled(record, Object.fromEntries(faults));
    }
  };

  /** Sends a portion; who comes too late for another field only goes again on the newest version. */
  const portion = async (records: RecordChange[], done: CellChange[], reasons: string[], again = true) => {
    const over = records.map(({ id, version }) => versionOf(id, version));
    let sent: Awaited<ReturnType<typeof send>>;
    try {
      sent = await send(
        records,
        over,
        records.map(() => crypto.randomUUID()),
      );
    } catch (error) {
      return failed(records, error instanceof Offline ? a.cannotOffline : textOf(error), reasons);
    }
    const late: RecordChange[] = [];
    const stale: { record: RecordChange; errors: UserError[] }[] = [];
    records.forEach((record, n) => {
      const { record: row = null, userErrors = [] } = sent.answers[`r${n}`] ?? {};
      if (userErrors.length === 0) {
        if (row !== null) {
          const made = versionMade(over[n]!, row.version, sent.repeated);
          ownSave(row.id, over[n]!, made);
          done.push(...reversed(record, made));
          took(row);
        }
        return settled(record);
      }
      if (userErrors.some(({ code }) => code === "RECORD_VERSION")) {
        const ours = pathsOf(record);
        const clash = userErrors.some(({ path }) => ours.includes(path.join(".")));
        if (clash || !again) stale.push({ record, errors: userErrors });
        else late.push(record);
        return;
      }
      const faults = Object.fromEntries(
        record.cells.map(({ field, value }) => {
          const own = userErrors.find(({ path }) => path.join(".") === field.name || path[0] === field.name);
          return [field.name, { text: said(own ?? userErrors[0]!), typed: value }];
        }),
      );
      reasons.push(...Object.values(faults).map(({ text }) => text));
      settled(record, faults);
    });
    const behind = [...late.map(({ id }) => id), ...stale.map(({ record }) => record.id)];
    const now = behind.length === 0 ? undefined : await fresh(behind).catch(() => undefined);
    for (const { record, errors } of stale) {
      const faults = Object.fromEntries(
        record.cells.map(({ field, value }) => {
          const own = errors.find(({ path }) => path.join(".") === field.name) ?? errors[0]!;
          const theirs = own.theirs === undefined ? said(own) : a.changedMeanwhile(shown(field, own.theirs));
          return [field.name, { text: theirs, typed: value }];
        }),
      );
      reasons.push(...Object.values(faults).map(({ text }) => text));
      settled(record, faults);
    }
    // Nobody else has changed their fields, so they may pass over what others have.
    const joined = late.map((record) => ({ ...record, version: now?.get(record.id) ?? record.version }));
    if (joined.length > 0) await portion(joined, done, reasons, false);
  };

  const save = (changes: CellChange[], undoing: boolean) => {
    const records = byRecord(changes);
    for (const record of records) {
      const values = Object.fromEntries(record.cells.map(({ field, value }) => [field.name, value]));
      change(record.id, (before) => ({
        values: { ...before.values, ...values },
        faults: without(before.faults, pathsOf(record)),
      }));
    }
    return queued(async () => {
      const done: CellChange[] = [];
      const reasons: string[] = [];
      const size = selection(fields).split(/\s+/).length + 12;
      for (const part of portions(records, size)) {
        await portion(part, done, reasons).catch((error: unknown) => {
          // What is not known to be saved must not look as if it were.
          const saved = new Set(done.map(({ id }) => id));
          for (const record of part) if (saved.has(record.id)) settled(record);
          failed(
            part.filter(({ id }) => !saved.has(id)),
            textOf(error),
            reasons,
          );
        });
      }
      if (reasons.length > 0) tell(a.cellsRefused(reasons.length, reasons[0]!));
      if (done.length === 0) return;
      if (undoing) tell(a.undone);
      else {
        const untell = tell(a.cellsChanged(done.length), { label: t.undo, run: () => undo(done) });
        undos.current = [...undos.current.slice(-19), { back: done, untell }];
      }
      // What other pages and figures were drawn from is of before.
      void client.invalidateQueries({
        predicate: (query) => {
          const [of, what] = query.queryKey;
          return of !== "meta" && !(of === object.name && what === "list" && query.isActive());
        },
      });
    });
  };
  const undo = (given?: CellChange[]) => {
    const last = given === undefined ? undos.current.at(-1) : undos.current.find(({ back }) => back === given);
    if (last === undefined) return;
    undos.current = undos.current.filter((one) => one !== last);
    last.untell();
    void save(last.back, true);
  };

  return {
    /** What a record's cells are drawn from beside the record. */
    stamp: (id: string): unknown => overlays.get(id),
    valueOf: (row: Row, path: string): unknown => {
      const overlay = overlays.get(row.id);
      return overlay !== undefined && path in overlay.values ? overlay.values[path] : valueAt(row, path);
    },
    faultOf: (id: string, path: string): CellFault | undefined => overlays.get(id)?.faults[path],
    /** What cannot be saved stays at its cell. */
    refuse: (id: string, path: string, fault: CellFault) =>
      change(id, (before) => ({ ...before, faults: { ...before.faults, [path]: fault } })),
    forgive: (id: string, path: string) =>
      change(id, (before) => ({ ...before, faults: without(before.faults, [path]) })),
    write: (changes: CellChange[]) => (changes.length === 0 ? Promise.resolve() : save(changes, false)),
    undo: () => undo(),
  };
}

export type Edits = ReturnType<typeof useEdits>;
