/** The figures of a list, and its groups: folded with count and sums, each opens its records page by page. */

import { useMemo, useState } from "react";
import { useQueries, useQuery } from "@tanstack/react-query";
import { client } from "../../api/cache";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import { ask } from "../../api/transport";
import { type AnsweredGroup, figuresDocument } from "../../chart/document";
import { groupKey, readGrouping, summable } from "../../chart/groups";
import { listDocument } from "../../fields/documents";
import { useStateValues } from "../../fields/state-values";
import type { ListQuestion } from "../../question/question";
import { conditionFilter } from "../../question/variables";
import { useTexts } from "../../texts";
import type { Pages } from "./use-live";
import type { Item, ListGroup } from "./items";
import { type ListPage, variablesOf } from "./use-list";

interface Figures {
  whole: { count: number; sum?: Record<string, unknown> }[] | null;
  groups?: AnsweredGroup[] | null;
}

/** Set-up records have ranks and the like, which nobody adds up. */
const added = (object: ObjectSummary, list: ListPage): FieldInfo[] =>
  object.kind === "SETUP" ? [] : list.columns.map(({ field }) => field).filter(summable);

export function useFigures(object: ObjectSummary | undefined, list: ListPage, question: ListQuestion) {
  const t = useTexts();
  const grouping = readGrouping(question.group, list.fields, list.shell.data?.objects ?? []);
  const sums = object === undefined ? [] : added(object, list);
  const document = object === undefined ? "" : figuresDocument(object, grouping, sums);
  const { filter, search } = variablesOf(list, question);
  const answer = useQuery({
    queryKey: [object?.name, "figures", document, filter, search],
    queryFn: async () => (await ask<Figures>("/graphql", document, { filter, search })).data,
    enabled: object !== undefined && (grouping !== null || sums.length > 0),
    placeholderData: (before, query) => (query?.queryKey[2] === document ? before : undefined),
  });
  const state = grouping?.field.name === object?.stateField ? grouping?.field : undefined;
  const states = useStateValues(state);
  const groups = useMemo(() => {
    if (grouping === null) return null;
    const made = (answer.data?.groups ?? []).map(({ key, count, sum = {} }): ListGroup => {
      const { drill, ...named } = groupKey(grouping, valueOf(key, grouping.field.name), t);
      return { ...named, count, sum, filter: conditionFilter(grouping.field, drill) ?? {} };
    });
    // Choices stand in their order, all else by how many there are.
    const order = states?.map(({ value }) => value) ?? grouping.field.options?.map(({ name }) => name);
    if (order === undefined) return made;
    const place = ({ key }: ListGroup) => (order.includes(key) ? order.indexOf(key) : order.length);
    return made.sort((one, other) => place(one) - place(other));
  }, [answer.data, question.group, list.fields, states, t]);
  return {
    answer,
    groups,
    /** How many groups there are, shown or not. */
    all: answer.data?.groups?.[0]?.groupCount ?? 0,
    sums,
    whole: sums.length > 0 ? answer.data?.whole?.[0]?.sum : undefined,
    count: answer.data?.whole?.[0]?.count,
  };
}

function valueOf(key: Record<string, unknown> | null, path: string): unknown {
  return path.split(".").reduce<unknown>((at, step) => (at as Record<string, unknown> | null)?.[step], key);
}

/** The rows of a grouped list. */
export function useGroupRows(
  object: ObjectSummary,
  list: ListPage,
  question: ListQuestion,
  fields: readonly FieldInfo[],
  groups: readonly ListGroup[],
) {
  /** How many pages of each group are open. */
  const [open, set] = useState<ReadonlyMap<string, number>>(new Map());
  const document = listDocument(object, fields);
  const variables = variablesOf(list, question);
  const pageOf = (group: ListGroup, after: string | null) => {
    const filter = variables.filter === undefined ? group.filter : { and: [variables.filter, group.filter] };
    const asked = { ...variables, filter, first: after === null ? 50 : 200, after, counted: false };
    return {
      queryKey: [object.name, "list", document, asked],
      queryFn: async (): Promise<Pages> => ({ pages: [await ask("/graphql", document, asked)] }),
    };
  };
  // A page is asked for behind the cursor of the one before, once that is there.
  const wanted = groups.flatMap((group) => {
    const pages: { group: ListGroup; query: ReturnType<typeof pageOf> }[] = [];
    for (let after: string | null = null; pages.length < (open.get(group.key) ?? 0); ) {
      const query = pageOf(group, after);
      pages.push({ group, query });
      const info = client.getQueryData<Pages>(query.queryKey)?.pages[0]?.data.list?.pageInfo;
      if (info?.hasNextPage !== true || info.endCursor === null) break;
      after = info.endCursor;
    }
    return pages;
  });
  const answers = useQueries({ queries: wanted.map(({ query }) => query) });
  const items = groups.flatMap((group): Item[] => {
    const folded = !open.has(group.key);
    if (folded) return [{ head: group, open: false }];
    const theirs = answers.filter((_, place) => wanted[place]!.group === group);
    const rows = theirs.flatMap(({ data }) => data?.pages[0]?.data.list?.nodes ?? []);
    const last = theirs.at(-1);
    const busy = last?.isPending ?? true;
    const more = busy || last?.data?.pages[0]?.data.list?.pageInfo.hasNextPage === true;
    return [{ head: group, open: true }, ...rows, ...(more ? [{ more: group, busy }] : [])];
  });
  return {
    items,
    error: answers.find(({ isError }) => isError)?.error ?? null,
    toggle: ({ key }: ListGroup) =>
      set((before) => {
        const next = new Map(before);
        if (!next.delete(key)) next.set(key, 1);
        return next;
      }),
    more: ({ key }: ListGroup) => set((before) => new Map(before).set(key, (before.get(key) ?? 0) + 1)),
  };
}

export type GroupRows = ReturnType<typeof useGroupRows>;
