/** The question of a list in words: search, whose records, conditions as chips. */

import { useEffect, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { ArrowUpDown, ListFilter } from "lucide-react";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import { ask } from "../../api/transport";
import { conditionsOf } from "../../fields/kinds";
import { type Condition, type ListQuestion, withCondition } from "../../question/question";
import { useLang, useTexts, type Texts } from "../../texts";
import { Menu } from "../../ui/menu";
import { showDate } from "../../values/dates";
import { ConditionDialog } from "./condition-dialog";
import styles from "./list.module.css";
import type { ListPage } from "./use-list";

interface Props {
  list: ListPage;
  object: ObjectSummary;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
}

/** What a condition says. */
function words(
  field: FieldInfo,
  { operator, value }: Condition,
  t: Texts,
  lang: "zh" | "en",
  titles: Map<string, string>,
): string {
  const one = (text: string) => {
    if (field.type === "RELATION" || field.type === "MANY_TO_MANY") return titles.get(text) ?? "…";
    if (field.type === "BOOLEAN") return text === "true" ? t.yes : t.no;
    if (field.type === "DATE" || field.type === "DATE_TIME")
      return text === "" ? "…" : showDate(text.slice(0, 10), lang);
    return field.options?.find(({ name }) => name === text)?.label ?? text;
  };
  if (operator === "isNull") return `${field.label} ${value === "false" ? t.operators.notNull : t.operators.isNull}`;
  if (operator === "period") return `${field.label}: ${t.periods[value] ?? value}`;
  if (operator === "between") return `${field.label}: ${value.split("..").map(one).join(" – ")}`;
  const said = operator === "in" || operator === "eq" ? ":" : ` ${t.operators[operator] ?? operator}`;
  return `${field.label}${said} ${value
    .split(",")
    .map(one)
    .join(lang === "zh" ? "、" : ", ")}`;
}

/** The titles of records that conditions name. */
function useTitles(list: ListPage, conditions: readonly Condition[]): Map<string, string> {
  const wanted = conditions.flatMap(({ field: name, operator, value }) => {
    const field = list.fields.get(name);
    if (field?.target == null || operator === "isNull") return [];
    return value
      .split(",")
      .filter(Boolean)
      .map((id) => ({ object: field.target!, id }));
  });
  const titles = useQuery({
    queryKey: ["titles", wanted],
    queryFn: async () => {
      const root = (object: string) => object[0]!.toLowerCase() + object.slice(1);
      const asked = wanted.map(({ object }, place) => `t${place}: ${root(object)}(id: $i${place}) { id _title }`);
      const declared = wanted.map((_, place) => `$i${place}: ID!`).join(", ");
      const values = Object.fromEntries(wanted.map(({ id }, place) => [`i${place}`, id]));
      const { data } = await ask<Record<string, { id: string; _title: string | null } | null>>(
        "/graphql",
        `query Titles(${declared}) { ${asked.join(" ")} }`,
        values,
      );
      return Object.values(data).flatMap((record) =>
        record === null ? [] : [[record.id, record._title ?? record.id] as const],
      );
    },
    enabled: wanted.length > 0,
    staleTime: 60_000,
  });
  return new Map(wanted.length > 0 ? titles.data : []);
}

export function QuestionBar({ list, object, question, askFor }: Props) {
  const t = useTexts();
  const lang = useLang();
  const titles = useTitles(list, question.conditions);
  const [typed, type] = useState(question.search);
  const [edited, edit] = useState<{ field: FieldInfo; condition: Condition | null } | null>(null);
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
