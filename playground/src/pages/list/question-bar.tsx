/** The question of a list in words: search, whose records, conditions as chips. */

import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { ArrowUpDown, Columns3, ListFilter } from "lucide-react";
import type { ObjectSummary } from "../../api/metadata";
import { conditionsOf } from "../../fields/kinds";
import {
  type Condition,
  conditionsIn,
  type ListQuestion,
  withAlternative,
  withCondition,
} from "../../question/question";
import type { Related } from "../../question/related";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { Button } from "../../ui/button";
import { Menu } from "../../ui/menu";
import { GroupMenu } from "./group-menu";
import styles from "./list.module.css";
import type { ListPage } from "./use-list";
import { useTitles, words } from "./words";

const ConditionDialog = lazy(async () => ({ default: (await import("./condition-dialog")).ConditionDialog }));
const ColumnsDialog = lazy(() => import("./columns-dialog"));
const FieldDialog = lazy(() => import("./field-dialog"));
const AnyDialog = lazy(() => import("./any-dialog"));

interface Props {
  list: ListPage;
  object: ObjectSummary;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
}

export function QuestionBar({ list, object, question, askFor }: Props) {
  const t = useTexts();
  const a = useArea(lists);
  const lang = useLang();
  const titles = useTitles(list.known, conditionsIn(question));
  const [typed, type] = useState(question.search);
  const [edited, edit] = useState<{ of: Related; condition: Condition | null } | null>(null);
  const [picking, pickField] = useState(false);
  /** The place of the alternative that is edited. */
  const [any, editAny] = useState<number | null>(null);
  const [choosing, choose] = useState(false);
  const asked = useRef(question);
  asked.current = question;
  useEffect(() => {
    // What is being typed may end with a blank; only another search takes its place.
    if (typed.trim() !== question.search) type(question.search);
  }, [question.search]);
  useEffect(() => {
    if (typed.trim() === question.search) return;
    const timer = setTimeout(() => askFor({ ...asked.current, search: typed.trim() }), 300);
    return () => clearTimeout(timer);
  }, [typed]);

  const offered = [...list.fields.values()].filter(
    // Lists are many, and seldom asked for: they are with the fields of related records.
    ({ type, ...field }) => type !== "INVERSE" && type !== "LINES" && conditionsOf({ type, ...field }).length > 0,
  );
  const quick = new Set(list.layout?.quickFilters ?? []);
  const sortedFields = [...offered].sort((a, b) => Number(quick.has(b.name)) - Number(quick.has(a.name)));

  return (
    <div className={styles.bar}>
      {object.searched && (
        <input
          type="search"
          className={styles.search}
          aria-label={t.searchIn(object.labelPlural)}
          placeholder={t.searchIn(object.labelPlural)}
          value={typed}
          onChange={(event) => type(event.target.value)}
        />
      )}
      {object.owned && (
        <Menu
          label={t.mine}
          choices={([null, "RESPONSIBLE", "RELATED"] as const).map((mine) => ({
            key: mine ?? "ALL",
            label: mine === null ? t.mineAll : mine === "RESPONSIBLE" ? t.mineResponsible : t.mineRelated,
            selected: question.mine === mine,
            run: () => askFor({ ...question, mine }),
          }))}
        >
          {question.mine === null ? t.mineAll : question.mine === "RESPONSIBLE" ? t.mineResponsible : t.mineRelated} ▾
        </Menu>
      )}
      {question.conditions.map((condition) => {
        const of = list.relatedAt(condition.field);
        if (of === null) return null;
        const said = words(of.field, condition, t, lang, titles);
        return (
          <span key={condition.field} className={styles.condition}>
            <button onClick={() => edit({ of, condition })}>{said}</button>
            <button
              aria-label={`${t.remove}: ${said}`}
              onClick={() => askFor(withCondition(question, condition.field, null))}
            >
              ×
            </button>
          </span>
        );
      })}
      {question.alternatives.map((group, at) => {
        const said = group
          .flatMap((condition) => {
            const field = list.known.get(condition.field);
            return field === undefined ? [] : [words(field, condition, t, lang, titles)];
          })
          .join(` ${a.or} `);
        if (said === "") return null;
        return (
          <span key={at} className={styles.condition}>
            <button title={said} onClick={() => editAny(at)}>
              {said}
            </button>
            <button aria-label={`${t.remove}: ${said}`} onClick={() => askFor(withAlternative(question, at, []))}>
              ×
            </button>
          </span>
        );
      })}
      <Menu
        kind="quiet"
        label={t.addCondition}
        choices={[
          ...sortedFields.map((field) => ({
            key: field.name,
            label: field.label,
            run: () =>
              edit({
                of: { field, object: object.name, name: field.name },
                condition: question.conditions.find((one) => one.field === field.name) ?? null,
              }),
          })),
          { key: "…", label: a.relatedFields, detail: a.relatedFieldsHint, run: () => pickField(true) },
          {
            key: "|",
            label: a.anyOf,
            detail: a.anyOfHint,
            run: () => editAny(question.alternatives.length),
          },
        ]}
      >
        <ListFilter size={15} aria-hidden="true" data-add-condition="" />
        {t.filter}
      </Menu>
      {question.face === "list" && (
        <>
          <GroupMenu list={list} question={question} askFor={askFor} />
          <Button kind="quiet" onPress={() => choose(true)}>
            <Columns3 size={15} aria-hidden="true" />
            {a.columns}
          </Button>
        </>
      )}
      <span className={styles.narrow}>
        <Menu
          kind="quiet"
          label={t.order}
          choices={list.columns
            .filter(({ field }) => field.sortable)
            .flatMap(({ name, field }) =>
              [false, true].map((descending) => ({
                key: `${name} ${descending}`,
                label: `${field.label}, ${descending ? t.descending : t.ascending}`,
                selected: question.order?.[0]?.field === name && question.order[0].descending === descending,
                run: () => askFor({ ...question, order: [{ field: name, descending }] }),
              })),
            )}
        >
          <ArrowUpDown size={15} aria-hidden="true" />
          {t.defaultOrder}
        </Menu>
      </span>
      <Suspense fallback={null}>
        {choosing && (
          <ColumnsDialog list={list} object={object} question={question} askFor={askFor} close={() => choose(false)} />
        )}
        {picking && (
          <FieldDialog
            object={object}
            titles={titles}
            close={() => pickField(false)}
            apply={(next) => askFor(withCondition(question, next.field, next))}
          />
        )}
        {any !== null && (
          <AnyDialog
            object={object}
            list={list}
            conditions={question.alternatives[any] ?? []}
            close={() => editAny(null)}
            apply={(group) => {
              editAny(null);
              askFor(withAlternative(question, any, group));
            }}
          />
        )}
      </Suspense>
      {edited !== null && (
        <Suspense fallback={null}>
          <ConditionDialog
            of={edited.of}
            field={edited.of.field}
            condition={edited.condition}
            titles={titles}
            close={() => edit(null)}
            apply={(next) => {
              edit(null);
              askFor(withCondition(question, edited.of.field.name, next));
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
