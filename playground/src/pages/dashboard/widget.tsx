/** One widget: a chart, a figure, a list or a text, answered as whoever looks at it when it comes into view. */

import { type DOMAttributes, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Table2 } from "lucide-react";
import { useObjectPage, useShell } from "../../api/cache";
import type { Widget as Stored } from "../../api/dashboards";
import type { Column, FieldInfo, ObjectPage, ObjectSummary, SavedView } from "../../api/metadata";
import { valueAt, type Values } from "../../api/paths";
import { ask } from "../../api/transport";
import { readGrouping, showFigure, summable } from "../../chart/groups";
import { Figure } from "../../chart/figure";
import { type ChartKind, drawn } from "../../chart/option";
import type { Cell } from "../../chart/series";
import { useGroups } from "../../chart/use-groups";
import { listDocument } from "../../fields/documents";
import { Show } from "../../fields/show";
import { alsoWith, type Condition, NOTHING, writeQuestion } from "../../question/question";
import { groupsFrom, listVariables, unfolded } from "../../question/variables";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/dashboards";
import { Button } from "../../ui/button";
import { Empty, Failed, Skeleton } from "../../ui/states";
import { useKnown } from "../list/use-known";
import styles from "./dashboard.module.css";

interface Props {
  widget: Stored;
  /** What the parameters narrow this widget by. */
  conditions: readonly Condition[];
  className?: string;
  /** Takes another widget that is dropped here. */
  drop?: Pick<DOMAttributes<HTMLElement>, "onDragOver" | "onDrop">;
  /** Beside the title. */
  children?: ReactNode;
}

/** Whether a part of the page has been looked at. */
function useSeen() {
  const place = useRef<HTMLElement>(null);
  const [seen, see] = useState(false);
  useEffect(() => {
    const eye = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) see(true);
      },
      { rootMargin: "200px" },
    );
    eye.observe(place.current!);
    return () => eye.disconnect();
  }, []);
  return { place, seen };
}

export function Widget({ widget, conditions, className = "", drop, children }: Props) {
  const a = useArea(texts);
  const { place, seen } = useSeen();
  const [table, showTable] = useState(false);
  const shell = useShell();
  const object = shell.data?.objects.find(({ name }) => name === widget.object);
  const page = useObjectPage(seen && object !== undefined ? object.name : undefined);
  const { title } = widget;
  const pictured = widget.face !== "TEXT" && widget.face !== "LIST" && drawn(widget.face);
  return (
    <section
      ref={place}
      aria-label={title || widget.text?.slice(0, 40)}
      className={`${styles.widget} ${styles[`w${widget.width}`] ?? styles.w6} ${styles[`h${widget.height}`] ?? styles.h4} ${className}`}
      {...drop}
    >
      <div className={styles.widgetHead}>
        <h2>{title}</h2>
        {pictured && (
          <Button
            kind="quiet"
            icon
            aria-label={`${title}: ${table ? a.asPicture : a.asTable}`}
            onPress={() => showTable(!table)}
          >
            <Table2 size={16} aria-hidden="true" />
          </Button>
        )}
        {children}
      </div>
      <div className={styles.widgetBody}>
        {widget.face === "TEXT" ? (
          <p className={styles.text}>{widget.text}</p>
        ) : shell.data !== undefined && object === undefined ? (
          <Empty text={a.widgetGone} />
        ) : page.isError ? (
          <Failed error={page.error} retry={() => void page.refetch()} />
        ) : object === undefined || page.data === undefined ? (
          <Skeleton rows={3} />
        ) : widget.face === "LIST" ? (
          <Listed widget={widget} conditions={conditions} object={object} page={page.data} />
        ) : (
          <Charted widget={widget} conditions={conditions} object={object} page={page.data} table={table} />
        )}
      </div>
    </section>
  );
}

interface Asked extends Pick<Props, "widget" | "conditions"> {
  object: ObjectSummary;
  page: ObjectPage;
}

/** A widget's question as that of a list, with what the parameters say. */
function useAsked({ widget, conditions, object, page }: Asked) {
  const objects = useShell().data?.objects ?? [];
  const fields = useMemo(() => new Map((page.object?.fields ?? []).map((field) => [field.name, field])), [page]);
  const view = { question: widget.question } as SavedView;
  const { known, waiting } = useKnown(object.name, fields, NOTHING, view);
  const { rest, ...own } = unfolded(view, known);
  const question = conditions.reduce(alsoWith, {
    ...NOTHING,
    // The list that a part opens asks just this, and not what its reader is used to.
    view: "none",
    ...own,
    search: view.question.search ?? "",
  });
  return {
    objects,
    fields,
    view,
    question,
    variables: listVariables(question, view, known, objects, null),
    waiting,
    /** Whether a list can be asked for just these records. */
    opens: rest.length === 0,
  };
}

function Charted({ table, ...asked }: Asked & { table: boolean }) {
  const t = useTexts();
  const lang = useLang();
  const navigate = useNavigate();
  const { widget, object } = asked;
  const { objects, fields, view, question, variables, waiting, opens } = useAsked(asked);
  const kind = widget.face as ChartKind;
  const groupings = groupsFrom(view.question.groupBy, fields).flatMap(
    (group) => readGrouping(group, fields, objects) ?? [],
  );
  const summed = fields.get(widget.chart?.measures.find(({ function: name }) => name === "SUM")?.field ?? "");
  const measure: FieldInfo | null = summed !== undefined && summable(summed) ? summed : null;
  const { answer, data } = useGroups({
    object,
    groupings: kind === "NUMBER" ? [] : groupings,
    measure,
    variables: { filter: variables.filter, search: variables.search },
    enabled: !waiting,
  });
  if (answer.isError) return <Failed error={answer.error} retry={() => void answer.refetch()} />;
  if (answer.isPending) return <Skeleton rows={3} />;
  const plural = object.plural;
  const search = ({ drill }: Cell) => writeQuestion(drill.reduce(alsoWith, question));
  const measured = measure === null ? t.count : t.sumOf(measure.label);
  if (data.categories.length === 0 && kind !== "NUMBER") return <Empty text={t.emptyFiltered} />;
  return (
    <Figure
      kind={kind}
      data={data}
      shown={(value) => showFigure(value, measure, lang)}
      label={`${widget.title || object.labelPlural}: ${measured}`}
      groupedBy={groupings[0]?.field.label ?? ""}
      measured={measured}
      summed={measure !== null}
      open={
        opens && plural !== null
          ? (cell) => void navigate({ to: "/o/$plural", params: { plural }, search: search(cell) })
          : null
      }
      link={(cell, text) =>
        opens && plural !== null ? (
          <Link to="/o/$plural" params={{ plural }} search={search(cell)}>
            {text}
          </Link>
        ) : (
          text
        )
      }
      table={table || kind === "TABLE" ? "instead" : "none"}
    />
  );
}

interface Answer {
  list: { nodes: (Values & { id: string; _title: string | null })[] } | null;
}

const ROWS = 10;

function Listed(asked: Asked) {
  const t = useTexts();
  const { object, page, widget } = asked;
  const { fields, view, question, variables, waiting, opens } = useAsked(asked);
  const columns: Column[] = (page.list?.columns ?? []).slice(0, 4);
  const wanted = view.question.columns?.flatMap(
    (column) => fields.get(typeof column === "string" ? column : column.field) ?? [],
  );
  // What names a record is its title already.
  const shown = (wanted !== undefined && wanted.length > 0 ? wanted : columns.map(({ field }) => field)).filter(
    ({ name }) => name !== object.display,
  );
  const document = listDocument(object, shown);
  const rows = useQuery({
    queryKey: [object.name, "widget", document, variables, ROWS],
    queryFn: async () =>
      (await ask<Answer>("/graphql", document, { ...variables, first: ROWS, counted: false })).data.list?.nodes ?? [],
    enabled: !waiting,
  });
  if (rows.isError) return <Failed error={rows.error} retry={() => void rows.refetch()} />;
  if (rows.isPending) return <Skeleton rows={3} />;
  if (rows.data.length === 0) return <Empty text={t.emptyFiltered} />;
  const plural = object.plural!;
  return (
    <div className={styles.listed} role="group" aria-label={widget.title || object.labelPlural} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{object.label}</th>
            {shown.map(({ name, label }) => (
              <th key={name} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.data.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <Link to="/o/$plural/$id" params={{ plural, id: row.id }}>
                  {row._title ?? row.id}
                </Link>
              </th>
              {shown.map((field) => (
                <td key={field.name}>
                  <Show field={field} value={valueAt(row, field.name)} cell />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {opens && (
        <Link to="/o/$plural" params={{ plural }} search={writeQuestion(question)}>
          {t.all}
        </Link>
      )}
    </div>
  );
}
