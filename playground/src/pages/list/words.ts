/** What a condition says in words, with the titles of the records that it names. */

import { useQuery } from "@tanstack/react-query";
import type { FieldInfo } from "../../api/metadata";
import { ask } from "../../api/transport";
import type { Condition } from "../../question/question";
import type { Texts } from "../../texts";
import { showDate } from "../../values/dates";

/** What a condition says. */
export function words(
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
  if (operator === "any" || operator === "none") return `${field.label}: ${t.operators[operator]}`;
  if (operator === "period") return `${field.label}: ${t.periods[value] ?? value}`;
  if (operator === "between") return `${field.label}: ${value.split("..").map(one).join(" – ")}`;
  const said = operator === "in" || operator === "eq" ? ":" : ` ${t.operators[operator] ?? operator}`;
  return `${field.label}${said} ${value
    .split(",")
    .map(one)
    .join(lang === "zh" ? "、" : ", ")}`;
}

/** The titles of records that conditions name. */
export function useTitles(
  fields: ReadonlyMap<string, FieldInfo>,
  conditions: readonly Condition[],
): Map<string, string> {
  const wanted = conditions.flatMap(({ field: name, operator, value }) => {
    const field = fields.get(name);
    if (field?.target == null || !["in", "notIn"].includes(operator)) return [];
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
