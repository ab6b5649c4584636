/** The question of a list in words: search, whose records, conditions as chips. */

import { useEffect, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { ArrowUpDown, Columns3, ListFilter } from "lucide-react";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import { ask } from "../../api/transport";
import { conditionsOf } from "../../fields/kinds";
import { type Condition, type ListQuestion, withCondition } from "../../question/question";
import { useLang, useTexts, type Texts } from "../../texts";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { Button } from "../../ui/button";
import { Menu } from "../../ui/menu";
import { ColumnsDialog } from "./columns-dialog";
import { showDate } from "../../values/dates";
import { ConditionDialog } from "./condition-dialog";
import { GroupMenu } from "./group-menu";
import styles from "./list.module.css";
import type { ListPage } from "./use-list";
import { useTitles, words } from "./words";

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
  const titles = useTitles(list.fields, question.conditions);
  const [typed, type] = useState(question.search);
  const [edited, edit] = useState<{ field: FieldInfo; condition: Condition | null } | null>(null);
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

  const offered = [...list.fields.values()].filter((field) => conditionsOf(field).length > 0);
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
        const field = list.fields.get(condition.field);
        if (field === undefined) return null;
        const said = words(field, condition, t, lang, titles);
        return (
          <span key={condition.field} className={styles.condition}>
            <button onClick={() => edit({ field, condition })}>{said}</button>
            <button
              aria-label={`${t.remove}: ${said}`}
              onClick={() => askFor(withCondition(question, condition.field, null))}
            >
              ×
            </button>
          </span>
        );
      })}
      <Menu
        kind="quiet"
        label={t.addCondition}
        choices={sortedFields.map((field) => ({
          key: field.name,
          label: field.label,
          run: () => edit({ field, condition: question.conditions.find((one) => one.field === field.name) ?? null }),
        }))}
      >
        <ListFilter size={15} aria-hidden="true" data-add-condition="" />
        {t.filter}
      </Menu>
      {question.face === "list" && (
        <span className={styles.broad}>
          <GroupMenu list={list} question={question} askFor={askFor} />
          <Button kind="quiet" onPress={() => choose(true)}>
            <Columns3 size={15} aria-hidden="true" />
            {a.columns}
          </Button>
        </span>
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
      {choosing && (
        <ColumnsDialog list={list} object={object} question={question} askFor={askFor} close={() => choose(false)} />
      )}
      {edited !== null && (
        <ConditionDialog
          object={object}
          field={edited.field}
          condition={edited.condition}
          titles={titles}
          close={() => edit(null)}
          apply={(next) => {
            edit(null);
            askFor(withCondition(question, edited.field.name, next));
          }}
        />
      )}
    </div>
  );
}
