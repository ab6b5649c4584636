/** A list's question in groups. */

import type { ObjectSummary } from "../../api/metadata";
import { type ChartAsked } from "../../chart/choices";
import { groupable, readGrouping, showFigure, summable } from "../../chart/groups";
import { type ChartKind, KINDS } from "../../chart/option";
import { useGroups } from "../../chart/use-groups";
import type { ListQuestion } from "../../question/question";
import { useLang } from "../../texts";
import { type ListPage, variablesOf } from "./use-list";

/** What the question comes to: the groups that are asked for, with those that are usual. */
export function useChart(object: ObjectSummary, list: ListPage, question: ListQuestion) {
  const lang = useLang();
  const objects = list.shell.data?.objects ?? [];
  const fields = [...list.fields.values()];
  const kind: ChartKind = KINDS.find((one) => one === question.chart) ?? "BAR";
  const read = (group: string | null) => readGrouping(group, list.fields, objects);
  const usual = list.fields.get(object.stateField ?? "");
  const first =
    read(question.group) ??
    read((usual !== undefined && groupable(usual) ? usual : fields.find(groupable))?.name ?? null);
  const second = ["BAR", "LINE", "AREA", "TABLE"].includes(kind) ? read(question.by) : null;
  const groupings = kind === "NUMBER" || first === null ? [] : second === null ? [first] : [first, second];
  const summed = list.fields.get(question.measure ?? "");
  const measure = summed !== undefined && summable(summed) ? summed : null;
  const { filter, search } = variablesOf(list, question);
  const { answer, data } = useGroups({ object, groupings, measure, variables: { filter, search } });
  const named = (grouping: typeof first) =>
    grouping === null ? null : `${grouping.field.name}${grouping.period === null ? "" : `:${grouping.period}`}`;
  const asked: ChartAsked = { kind, group: named(first), by: named(second), measure: measure?.name ?? null };
  return {
    asked,
    fields,
    first,
    measure,
    answer,
    data,
    shown: (value: string) => showFigure(value, measure, lang),
  };
}
