/** The columns of a board, and the ways of a card from one to another: by moves of its flow, or by its state alone. */

import { useQuery } from "@tanstack/react-query";
import { client, recordsChanged } from "../../api/cache";
import { boardDocument, updateDocument } from "../../fields/documents";
import { useStateValues } from "../../fields/state-values";
import type { FieldInfo, FlowMove, ObjectSummary } from "../../api/metadata";
import { valueAt } from "../../api/paths";
import { ask } from "../../api/transport";
import type { Reference } from "../../fields/kinds";
import type { ListQuestion } from "../../question/question";
import { beginsIn, leadsTo } from "../moves/board";
import { type Action, allowedMoves } from "../moves/flow";
import { takingBack } from "../moves/make";
import { useMover } from "../moves/use-mover";
import { type ListPage, type Row, variablesOf } from "./use-list";

export type CardRow = Row & { _can: { edit: boolean }; _actions?: readonly Action[] };

export interface BoardColumn {
  /** The value of the state: a picklist's name or a record's id; empty for none. */
  value: string;
  label: string;
  /** What the flow calls it. */
  name: string | undefined;
  count: number;
  rows: CardRow[];
}

/** A way of a card to another column. */
export interface Way {
  key: string;
  /** What a move is called; none where the state is written. */
  label: string | null;
  /** The column to which it leads; none where that shows when it is gone. */
  to: string | undefined;
  move: FlowMove | null;
}

/** What came of a way; null where it was given up. */
export type Gone = { to: string; undo: (() => Promise<string | null>) | null } | { refused: string } | null;

interface Answer {
  columns: { key: Record<string, unknown>; count: number; top: CardRow[] }[] | null;
}

const valueOf = (state: FieldInfo, holder: Record<string, unknown>) => {
  const value = valueAt(holder, state.name);
  return state.type === "RELATION" ? ((value as Reference | null)?.id ?? "") : ((value as string | null) ?? "");
};

export function useBoard(
  object: ObjectSummary,
  list: ListPage,
  question: ListQuestion,
  t: { none: string; undoNot: string },
) {
  const state = list.fields.get(object.stateField ?? "");
  /** The flow by which cards are moved. */
  const flow = object.flow?.field === state?.name ? object.flow : null;
  const values = useStateValues(state, flow);
  const mover = useMover(object, list.fields);
  const { cards } = list;
  const document =
    state === undefined
      ? ""
      : boardDocument(
          object,
          state,
          cards.map(({ field }) => field),
        );
  const variables = variablesOf(list, question);
  const queryKey = [object.name, "board", document, variables];
  const answer = useQuery({
    queryKey,
    queryFn: async () => (await ask<Answer>("/graphql", document, variables)).data.columns ?? [],
    enabled: document !== "",
    placeholderData: (before, query) => (query?.queryKey[2] === document ? before : undefined),
  });

  const known = values ?? [];
  // States that are no choice any more, none at all, and those beyond the first have their records, too.
  const others = (answer.data ?? [])
    .map(({ key }) => (state === undefined ? "" : valueOf(state, key)))
    .filter((value) => values !== undefined && !known.some((one) => one.value === value))
    .map((value) => ({
      value,
      label: state?.options?.find(({ name }) => name === value)?.label ?? (value === "" ? t.none : "…"),
      name: state?.type === "RELATION" ? undefined : value,
    }));
  const columns = [...known, ...others].map((column): BoardColumn => {
    const found = answer.data?.find(({ key }) => state !== undefined && valueOf(state, key) === column.value);
    return { ...column, count: found?.count ?? 0, rows: found?.top ?? [] };
  });

  /** The ways of a card out of its column. */
  function waysOf(row: CardRow, from: BoardColumn): Way[] {
    if (state === undefined) return [];
    if (flow === null)
      return state.writable && row._can.edit
        ? columns
            .filter(({ value }) => value !== from.value)
            .map(({ value }) => ({ key: value, label: null, to: value, move: null }))
        : [];
    return allowedMoves(object, row._actions)
      .filter((move) => beginsIn(move, from))
      .map((move) => {
        const to = leadsTo(move, from.value, columns, state.type === "RELATION");
        return { key: move.code, label: move.label, to, move };
      });
  }

  /** Shows a card in another column before it is there. */
  function show(row: CardRow, from: string, to: string) {
    if (state === undefined) return;
    client.setQueryData<Answer["columns"]>(queryKey, (before) => {
      const other = (value: string) => (column: { key: Record<string, unknown> }) =>
        valueOf(state, column.key) === value;
      const key = state.type === "RELATION" ? { [state.name]: { id: to } } : { [state.name]: to };
      const all = before?.some(other(to)) ? before : [...(before ?? []), { key, count: 0, top: [] }];
      return all.map((column) => {
        if (other(from)(column))
          return { ...column, count: column.count - 1, top: column.top.filter(({ id }) => id !== row.id) };
        if (other(to)(column)) return { ...column, count: column.count + 1, top: [row, ...column.top] };
        return column;
      });
    });
  }

  /** Writes the state of a card; null, or what it was refused with. */
  async function write(row: CardRow, from: string, to: string): Promise<string | null> {
    if (state === undefined) return null;
    show(row, from, to);
    type Saved = { saved: { userErrors: { message: string; hint: string | null }[] } | null };
    const patch = { [state.name]: state.type === "RELATION" ? { id: to } : to };
    try {
      const { data } = await ask<Saved>("/graphql", updateDocument(object), {
        id: row.id,
        patch,
        expectedVersion: row.version,
        idempotencyKey: crypto.randomUUID(),
      });
      const refused = data.saved?.userErrors[0];
      return refused === undefined ? null : [refused.message, refused.hint].filter(Boolean).join(" ");
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      await client.invalidateQueries({ queryKey: [object.name] });
    }
  }

  async function written(row: CardRow, from: string, to: string): Promise<Gone> {
    const refused = await write(row, from, to);
    if (refused !== null) return { refused };
    /** The version that the move has made is in the answer that came after it. */
    const undo = async () => {
      const { data } = await answer.refetch();
      const now = data?.flatMap(({ top }) => top).find(({ id }) => id === row.id);
      return now === undefined ? t.undoNot : write(now, to, from);
    };
    return { to, undo };
  }

  async function moved(row: CardRow, from: BoardColumn, { to, move }: Way & { move: FlowMove }): Promise<Gone> {
    const before = client.getQueryData(queryKey);
    if (to !== undefined) show(row, from.value, to);
    const { id, version } = row;
    const outcome = await mover.move({ id, version, title: row._title ?? "", values: row, open: row._can.edit }, move);
    const stays = outcome === null || "refused" in outcome;
    // It goes back even where nobody can be asked where it is.
    if (stays) client.setQueryData(queryKey, before);
    await recordsChanged();
    if (stays) return outcome;
    const end = outcome.moved === null || state === undefined ? (to ?? from.value) : valueOf(state, outcome.moved);
    if (outcome.moved === null) return { to: end, undo: null };
    const back = takingBack(object, state, outcome.moved, [
      from.name,
      columns.find(({ value }) => value === end)?.name,
    ]);
    const undo = back && (() => back().finally(recordsChanged));
    return { to: end, undo };
  }

  const go = (row: CardRow, from: BoardColumn, way: Way): Promise<Gone> =>
    way.move === null ? written(row, from.value, way.to!) : moved(row, from, { ...way, move: way.move });

  return { state, columns, cards, answer, waysOf, go, dialog: mover.dialog, known: values !== undefined };
}
