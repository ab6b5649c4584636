/** Puts what a list shows onto a dashboard, as a chart or as a list: a new dashboard or one that there is. */

import { useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import type { Widget } from "../../api/dashboards";
import type { ObjectSummary } from "../../api/metadata";
import type { ChartAsked } from "../../chart/choices";
import type { ListQuestion } from "../../question/question";
import { groupVariable } from "../../question/variables";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as dashboards from "../../texts/dashboards";
import { FormDialog } from "../../ui/form-dialog";
import { tell } from "../../ui/toasts";
import { freshKey, inputOf, readDashboard, saveDashboard, useDashboards } from "../dashboard/use-dashboards";
import { type ListPage, variablesOf } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
  /** The chart; null for the list itself. */
  asked: ChartAsked | null;
  /** What is shown, in words. */
  title: string;
  onClose: () => void;
}

/** What is shown as a widget. */
function widgetOf({ object, list, question, asked }: Props, title: string, key: string): Widget {
  const { filter, search, orderBy } = variablesOf(list, question);
  if (asked === null) {
    return {
      key,
      title,
      face: "LIST",
      object: object.name,
      question: {
        ...(filter === undefined ? {} : { filter }),
        ...(search === undefined ? {} : { search }),
        ...(orderBy === undefined ? {} : { orderBy }),
        columns: list.columns.slice(0, MOST_COLUMNS).map(({ name }) => name),
      },
      chart: null,
      parameters: [],
      text: null,
      width: 6,
      height: 4,
    };
  }
  const groups = asked.kind === "NUMBER" ? [] : [asked.group, asked.by];
  const groupBy = groups.flatMap((group) => {
    const variable = group === null ? null : groupVariable(group, list.fields);
    return variable === null ? [] : [variable];
  });
  return {
    key,
    title,
    face: asked.kind,
    object: object.name,
    question: {
      ...(filter === undefined ? {} : { filter }),
      ...(search === undefined ? {} : { search }),
      ...(groupBy.length === 0 ? {} : { groupBy }),
    },
    chart: { measures: asked.measure === null ? [] : [{ function: "SUM", field: asked.measure }] },
    parameters: [],
    text: null,
    width: asked.kind === "NUMBER" ? 3 : 6,
    height: asked.kind === "NUMBER" ? 2 : 4,
  };
}

/** More than fit beside the title of a record. */
const MOST_COLUMNS = 5;

const NEW = "new";

export function PinDialog(props: Props) {
  const t = useTexts();
  const a = useArea(dashboards);
  const navigate = useNavigate();
  const known = useDashboards();
  const open = (known.data ?? []).filter(({ mayEdit }) => mayEdit);
  const [chosen, choose] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, work] = useState(false);
  const target = chosen ?? open[0]?.id ?? NEW;
  const submit = async (data: FormData) => {
    const title = String(data.get("title")).trim();
    work(true);
    try {
      // As it is now: someone may have pinned another chart meanwhile.
      const before = target === NEW ? null : await readDashboard(target);
      const widget = widgetOf(props, title, freshKey(before?.widgets ?? []));
      const input =
        before === null
          ? { name: String(data.get("name")).trim(), share: "PRIVATE" as const, parameters: [], widgets: [widget] }
          : { ...inputOf(before), widgets: [...before.widgets, widget] };
      const told = await saveDashboard(input, before);
      if ("refused" in told) return setProblem(told.refused);
      const { id, name } = told.dashboard;
      props.onClose();
      tell(a.addedTo(name), { label: a.dashboard, run: () => void navigate({ to: "/d/$id", params: { id } }) });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      work(false);
    }
  };
  return (
    <FormDialog
      title={a.pin}
      ok={t.save}
      problem={problem}
      busy={busy || known.isPending}
      onClose={props.onClose}
      onSubmit={(data) => void submit(data)}
    >
      <label>
        {a.title}
        <input name="title" required autoFocus maxLength={120} defaultValue={props.title} />
      </label>
      <label>
        {a.pinTo}
        <select value={target} onChange={(event) => choose(event.target.value)}>
          {open.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value={NEW}>{a.newDashboard}</option>
        </select>
      </label>
      {target === NEW && (
        <label>
          {a.dashboardName}
          <input name="name" required maxLength={80} defaultValue={a.dashboard} />
        </label>
      )}
    </FormDialog>
  );
}
