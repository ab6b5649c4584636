/** The columns of a board, and how a card is moved to another. */

import { useQuery } from "@tanstack/react-query";
import { client } from "../../api/cache";
import { boardDocument, updateDocument } from "../../fields/documents";
import { useStateValues } from "../../fields/state-values";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import { valueAt } from "../../api/paths";
import { ask } from "../../api/transport";
import type { Reference } from "../../fields/kinds";
import type { ListQuestion } from "../../question/question";
import { type ListPage, type Row, variablesOf } from "./use-list";

export type CardRow = Row & { _can: { edit: boolean } };

export interface BoardColumn {
  /** The value of the state: a picklist's name or a record's id; empty for none. */
  value: string;
  label: string;
  count: number;
  rows: CardRow[];
}

interface Answer {
  columns: { key: Record<string, unknown>; count: number; top: CardRow[] }[] | null;
}

const valueOf = (state: FieldInfo, holder: Record<string, unknown>) => {
  const value = valueAt(holder, state.name);
  return state.type === "RELATION" ? ((value as Reference | null)?.id ?? "") : ((value as string | null) ?? "");
};

export function useBoard(object: ObjectSummary, list: ListPage, question: ListQuestion, none: string) {
  const state = list.fields.get(object.stateField ?? "");
  const values = useStateValues(state);
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
      label: state?.options?.find(({ name }) => name === value)?.label ?? (value === "" ? none : "…"),
    }));
  const columns = [...known, ...others].map(({ value, label }): BoardColumn => {
    const found = answer.data?.find(({ key }) => state !== undefined && valueOf(state, key) === value);
    return { value, label, count: found?.count ?? 0, rows: found?.top ?? [] };
  });

  /** Shows the move at once; null, or what it was refused with. */
  async function move(row: CardRow, from: string, to: string): Promise<string | null> {
    if (state === undefined || from === to) return null;
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

  return { state, columns, cards, answer, move, known: values !== undefined };
}
