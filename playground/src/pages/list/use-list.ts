/** The records of a list, page by page, and how the question is changed. */

import { useCallback, useMemo } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useObjectPage, useShell } from "../../api/cache";
import { listDocument } from "../../fields/documents";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import type { Values } from "../../api/paths";
import { ask } from "../../api/transport";
import { conditionsIn, type ListQuestion, readQuestion, writeQuestion } from "../../question/question";
import { cardsOf, columnsOf, ownColumns } from "./columns";
import { useKnown } from "./use-known";
import { useLive } from "./use-live";
import { groupsFrom, listVariables, unfolded } from "../../question/variables";

export interface Row extends Values {
  id: string;
  version: number;
  _title: string | null;
  /** Asked where anything may be edited. */
  _can?: { edit: boolean };
}

interface ListAnswer {
  list: { totalCount?: number; nodes: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } | null;
}

const NO_FIELDS: FieldInfo[] = [];
const FIRST = 50;
const MORE = 200;

/** The object that an address names; undefined while it is not known, null where there is none. */
export function useNamedObject(plural: string): ObjectSummary | null | undefined {
  const shell = useShell();
  if (shell.data === undefined) return undefined;
  return shell.data.objects.find((object) => object.plural === plural) ?? null;
}

/** The question in the address, and how another takes its place. */
export function useQuestion(): [ListQuestion, (next: ListQuestion) => void] {
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const navigate = useNavigate();
  const question = useMemo(() => readQuestion(search), [search]);
  const ask = useCallback(
    (next: ListQuestion) => void navigate({ to: ".", search: writeQuestion(next), replace: true }),
    [navigate],
  );
  return [question, ask];
}

/** Every field that a question can name, by name. */
export const fieldMap = (fields: readonly FieldInfo[]) => new Map(fields.map((field) => [field.name, field]));

/** What the page of a list is drawn from. `question` is the address's; `asked` is it with what its view brings. */
export function useListPage(object: ObjectSummary | null | undefined, question: ListQuestion) {
  const page = useObjectPage(object?.name);
  const shell = useShell();
  const fields = useMemo(() => fieldMap(page.data?.object?.fields ?? []), [page.data]);
  const views = page.data?.views ?? [];
  // What an address asks itself counts; a view that is the default is for addresses that ask nothing.
  const asksItself =
    question.changed || conditionsIn(question).length > 0 || question.search !== "" || question.mine !== null;
  const view =
    question.view === "none"
      ? undefined
      : (views.find(({ id }) => id === question.view) ??
        (question.view === null && !asksItself
          ? views.find(({ isDefault, face }) => isDefault && face === "LIST")
          : undefined));
  const layout = page.data?.list ?? null;
  const { known, relatedAt, waiting } = useKnown(object?.name ?? "", fields, question, view);
  const own = ownColumns(page.data?.preferences, object?.name ?? "");
  const columns = useMemo(
    () => (layout === null ? [] : columnsOf(question.columns, view, own, layout, fields)),
    [question.columns, view, page.data, fields],
  );
  const cards = useMemo(() => cardsOf(own, page.data?.card ?? null, columns, fields), [page.data, columns, fields]);
  const asked = useMemo((): ListQuestion => {
    if (view === undefined || question.changed) return question;
    const own = unfolded(view, known);
    // What the address says beside its view counts before it.
    const given = new Set(question.conditions.map(({ field }) => field));
    const conditions = [...own.conditions.filter(({ field }) => !given.has(field)), ...question.conditions];
    const mine = question.mine ?? own.mine;
    const search = question.search === "" ? (view.question.search ?? "") : question.search;
    const alternatives = [...own.alternatives, ...question.alternatives];
    const [first, second] = groupsFrom(view.question.groupBy, fields);
    const group = question.group ?? first;
    const by = question.by ?? second;
    return { ...question, view: view.id, conditions, alternatives, mine, group, by, search };
  }, [question, view, fields, known]);
  /** Another question, asked from the view that is shown: a usual one does not come back by itself. */
  const seen = (next: ListQuestion): ListQuestion => {
    const usual = views.some(({ isDefault }) => isDefault);
    const named = next.view ?? (usual ? "none" : null);
    return { ...next, view: named, changed: named !== null && named !== "none" };
  };
  /** What the address names and nobody here has. */
  const unknown = [
    ...[
      ...conditionsIn(question).map(({ field }) => field),
      ...(question.group === null ? [] : [question.group.split(":", 1)[0]!]),
      ...(question.columns ?? []),
    ].filter((name) => page.data != null && !waiting && !known.has(name)),
    ...(page.data != null && question.view !== null && question.view !== "none" && view === undefined
      ? [question.view]
      : []),
  ];
  return {
    page,
    shell,
    fields,
    known,
    relatedAt,
    waiting,
    views,
    view,
    layout,
    columns,
    cards,
    own,
    asked,
    unknown,
    seen,
  };
}

export type ListPage = ReturnType<typeof useListPage>;

/** The variables that a question comes to. */
export const variablesOf = ({ view, known, shell, layout }: ListPage, question: ListQuestion) =>
  listVariables(question, view, known, shell.data?.objects ?? [], layout?.orderBy ?? null);

/** The rows of a list page by page, unless they are asked for group by group. */
export function useRows(
  object: ObjectSummary | null | undefined,
  list: ListPage,
  question: ListQuestion,
  asked: boolean,
) {
  const variables = variablesOf(list, question);
  const fields = useMemo(() => {
    // Which moves fit is told by the state.
    const state = list.fields.get(object?.flow?.field ?? "");
    const shown = [...list.columns, ...list.cards].map(({ field }) => field);
    return state === undefined ? shown : [...shown, state];
  }, [list.columns, list.cards, list.fields, object]);
  const document = object == null || list.layout === null ? "" : listDocument(object, fields);
  const queryKey = [object?.name, "list", document, variables];
  const live = useLive(object, document === "" ? NO_FIELDS : fields, variables, queryKey);
  const rows = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam }) => {
      const page = { first: pageParam === null ? FIRST : MORE, after: pageParam, counted: pageParam === null };
      return ask<ListAnswer>("/graphql", document, { ...variables, ...page });
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ data }) => (data.list?.pageInfo.hasNextPage ? data.list.pageInfo.endCursor : undefined),
    enabled: document !== "" && asked,
    placeholderData: (before, query) => (query?.queryKey[0] === object?.name ? before : undefined),
  });
  return { ...rows, live, fields };
}
