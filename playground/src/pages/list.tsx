/** The records of an object: the question above, the answer below, as a list or a board. */

import { lazy, Suspense, useEffect } from "react";
import { Link, useParams } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useKeys } from "../ui/keys";
import { conditionsIn, type ListQuestion, writeQuestion } from "../question/question";
import { client } from "../api/cache";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as lists from "../texts/lists";
import { Button } from "../ui/button";
import { buttonLook } from "../ui/button-look";
import { Notice, NotThere } from "../ui/notices";
import { Empty, Failed, Skeleton } from "../ui/states";
import { useNarrow } from "../ui/use-narrow";
import { Cards } from "./list/cards";
import { Grouped } from "./list/grouped";
import styles from "./list/list.module.css";
import { QuestionBar } from "./list/question-bar";
import { Rows } from "./list/rows";
import { useFigures } from "./list/use-groups";
import { useListPage, useNamedObject, useQuestion, useRows } from "./list/use-list";
import { useSelection } from "./list/use-selection";
import { ViewMenu } from "./list/views";

const Chart = lazy(async () => ({ default: (await import("./list/chart")).Chart }));

const GroupedCards = lazy(async () => ({ default: (await import("./list/grouped-cards")).GroupedCards }));
const SelectionBar = lazy(async () => ({ default: (await import("./list/selection-bar")).SelectionBar }));
const Board = lazy(() => import("./list/board").then(({ Board: page }) => ({ default: page })));
const Calendar = lazy(() => import("./list/calendar").then(({ Calendar: page }) => ({ default: page })));

export function ListPage() {
  const { plural } = useParams({ strict: false }) as { plural: string };
  const t = useTexts();
  const a = useArea(lists);
  const narrow = useNarrow();
  const object = useNamedObject(plural);
  const [address, show] = useQuestion();
  const list = useListPage(object, address);
  const question = list.asked;
  /** Another question, seen from the view that is shown. */
  const askFor = (next: ListQuestion) => show(list.seen(next));
  const lacking =
    (question.face === "board" && object?.stateField == null) ||
    (question.face === "calendar" && object?.startField == null);
  const face = lacking ? "list" : question.face;
  const asRows = face === "list";
  // Before it is known what the question names, nothing is asked.
  const askable = asRows && !list.waiting ? object : undefined;
  // A phone shows no sums but those of groups.
  const figures = useFigures(narrow && question.group === null ? undefined : (askable ?? undefined), list, question);
  const groups = asRows ? figures.groups : null;
  const rows = useRows(askable, list, question, groups === null);
  const chosen = useSelection(`${plural} ${JSON.stringify(writeQuestion(question))}`);
  useEffect(() => {
    if (object != null) document.title = `${object.labelPlural} · Tradewind`;
  }, [object]);
  useKeys({
    "/": () => document.querySelector<HTMLElement>("input[type=search]")?.focus(),
    f: () => document.querySelector("[data-add-condition]")?.closest("button")?.click(),
  });

  if (object === null) return <NotThere />;
  if (list.page.isError && list.page.data === undefined)
    return <Failed error={list.page.error} retry={() => void list.page.refetch()} />;
  if (object === undefined || list.page.data === undefined || list.waiting) return <Skeleton rows={10} />;
  if (list.page.data.object === null || list.layout === null) return <NotThere />;

  const pages = rows.data?.pages ?? [];
  const found = pages.flatMap(({ data }) => data.list?.nodes ?? []);
  const total = groups === null ? pages[0]?.data.list?.totalCount : figures.count;
  const left = pages[0]?.extensions.left ?? [];
  const reads = pages.at(-1)?.extensions.cost?.reads?.left;
  const narrowed = conditionsIn(question).length > 0 || question.search !== "" || question.mine !== null;
  const create = object.may.includes("CREATE");
  const named = (object.flow?.moves.length ?? 0) + list.page.data.object.actions.length;
  const changed = object.may.includes("EDIT") || object.may.includes("DELETE") || named > 0;
  const selectable = changed ? chosen : null;

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{object.labelPlural}</h1>
        <ViewMenu list={list} object={object} question={question} show={show} />
        <span className={styles.count} role="status">
          {asRows && total !== undefined && (groups === null ? t.ofTotal(found.length, total) : a.recordsIn(total))}
        </span>
        {rows.live.news > 0 && (
          <Button
            kind="quiet"
            onPress={() => {
              rows.live.seenAll();
              if (groups === null) void rows.refetch();
              else void client.invalidateQueries({ queryKey: [object.name] });
            }}
          >
            {t.news(rows.live.news)}
          </Button>
        )}
        <span className={styles.space} />
        {create && (
          <Link to="/o/$plural/new" params={{ plural }} className={buttonLook("main")}>
            <Plus size={16} aria-hidden="true" />
            {t.createNamed(object.label)}
          </Link>
        )}
      </div>
      <QuestionBar key={object.name} list={list} object={object} question={question} askFor={askFor} />
      {asRows && !narrow && total !== undefined && (chosen.selection.all || chosen.selection.ids.size > 0) && (
        <Suspense fallback={null}>
          <SelectionBar object={object} list={list} question={question} chosen={chosen} shown={found} total={total} />
        </Suspense>
      )}
      <div className={styles.body}>
        {left.length + list.unknown.length > 0 && (
          <Notice tone="warn">
            {t.leftOut([...list.unknown, ...left.map((part) => JSON.stringify(part))].join(", "))}
          </Notice>
        )}
        {reads !== undefined && reads < 600 && <Notice tone="warn">{t.readsLeft(reads)}</Notice>}
        {rows.isError && <Failed error={rows.error} retry={() => void rows.refetch()} />}
        {face === "board" ? (
          <Suspense fallback={<Skeleton />}>
            <Board object={object} list={list} question={question} />
          </Suspense>
        ) : face === "calendar" ? (
          <Suspense fallback={<Skeleton />}>
            <Calendar object={object} list={list} question={question} askFor={askFor} narrow={narrow} />
          </Suspense>
        ) : face === "chart" ? (
          <Suspense fallback={<Skeleton />}>
            <Chart object={object} list={list} question={question} askFor={askFor} />
          </Suspense>
        ) : groups !== null && figures.answer.isError ? (
          <Failed error={figures.answer.error} retry={() => void figures.answer.refetch()} />
        ) : (groups === null ? rows : figures.answer).isPending ? (
          <Skeleton rows={10} />
        ) : (groups ?? found).length === 0 && !rows.isError ? (
          <Empty text={narrowed ? t.emptyFiltered : t.emptyList(object.labelPlural)}>
            {narrowed && (
              <Link
                to="/o/$plural"
                params={{ plural }}
                search={writeQuestion(
                  list.seen({ ...question, search: "", mine: null, conditions: [], alternatives: [] }),
                )}
                className={buttonLook()}
              >
                {t.clearFilters}
              </Link>
            )}
          </Empty>
        ) : groups !== null && narrow ? (
          <Suspense fallback={<Skeleton rows={10} />}>
            <GroupedCards
              key={`${object.name} ${question.group}`}
              object={object}
              list={list}
              question={question}
              fields={rows.fields}
              groups={groups}
              figures={figures}
            />
          </Suspense>
        ) : groups !== null ? (
          <Grouped
            key={`${object.name} ${question.group}`}
            object={object}
            list={list}
            question={question}
            askFor={askFor}
            fields={rows.fields}
            groups={groups}
            figures={figures}
            chosen={selectable}
          />
        ) : narrow ? (
          <Cards
            object={object}
            list={list}
            rows={found}
            more={rows.hasNextPage ? () => void rows.fetchNextPage() : undefined}
          />
        ) : (
          <Rows
            key={object.name}
            object={object}
            list={list}
            question={question}
            askFor={askFor}
            rows={found}
            fields={rows.fields}
            total={total}
            chosen={selectable}
            sums={figures.sums}
            whole={figures.whole}
            onNearEnd={() => {
              if (rows.hasNextPage && !rows.isFetching && !rows.isFetchNextPageError) void rows.fetchNextPage();
            }}
          />
        )}
      </div>
    </div>
  );
}
