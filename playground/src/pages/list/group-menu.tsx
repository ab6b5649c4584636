/** By which field a list is grouped. */

import { Rows3 } from "lucide-react";
import { dated, groupable, readGrouping } from "../../chart/groups";
import type { ListQuestion } from "../../question/question";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { Menu } from "../../ui/menu";
import type { ListPage } from "./use-list";

interface Props {
  list: ListPage;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
}

export function GroupMenu({ list, question, askFor }: Props) {
  const t = useTexts();
  const a = useArea(lists);
  const offered = [...list.fields.values()].filter(groupable);
  if (offered.length === 0) return null;
  const now = readGrouping(question.group, list.fields, []);
  const named = now === null ? null : `${now.field.name}${now.period === null ? "" : `:${now.period}`}`;
  const entries = offered.flatMap((field) =>
    dated(field)
      ? (["MONTH", "QUARTER", "YEAR"] as const).map((period) => ({
          key: `${field.name}:${period}`,
          label: a.byPeriod(field.label, t.periodNames[period]!),
        }))
      : [{ key: field.name, label: field.label }],
  );
  const choices = [{ key: "", label: a.ungrouped }, ...entries].map(({ key, label }) => ({
    key: key === "" ? "none" : key,
    label,
    selected: (named ?? "") === key,
    run: () => askFor({ ...question, group: key === "" ? null : key }),
  }));
  return (
    <Menu kind="quiet" label={t.groupBy} choices={choices}>
      <Rows3 size={15} aria-hidden="true" />
      {now === null ? a.group : (choices.find(({ selected }) => selected)?.label ?? now.field.label)}
    </Menu>
  );
}
