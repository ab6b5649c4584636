/** The parameters of a dashboard: each a condition that all widgets that answer to it obey; it stands in the address. */

import { useState } from "react";
import { useQueries } from "@tanstack/react-query";
import { SlidersHorizontal, X } from "lucide-react";
import { objectPage, useShell } from "../../api/cache";
import type { Dashboard, Parameter } from "../../api/dashboards";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import type { Condition } from "../../question/question";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/dashboards";
import { Button } from "../../ui/button";
import { ConditionDialog } from "../list/condition-dialog";
import { useTitles, words } from "../list/words";
import styles from "./dashboard.module.css";
import { conditionOn } from "./edits";

interface Props {
  dashboard: Dashboard;
  values: Readonly<Record<string, string | null>>;
  set: (name: string, said: string | null) => void;
  /** While the dashboard is edited: takes a parameter away. */
  remove: ((name: string) => void) | null;
}

export interface Narrowed {
  object: ObjectSummary;
  field: FieldInfo;
}

/** The first field that each parameter narrows: what it can be asked. */
export function useNarrowed(dashboard: Dashboard): Map<string, Narrowed> {
  const objects = useShell().data?.objects ?? [];
  const wanted = dashboard.parameters.flatMap(({ name }) => {
    for (const { object: named, parameters } of dashboard.widgets) {
      const object = objects.find((one) => one.name === named);
      const field = parameters.find(({ parameter }) => parameter === name)?.path;
      if (object !== undefined && field !== undefined) return [{ name, object, field }];
    }
    return [];
  });
  const pages = useQueries({ queries: wanted.map(({ object }) => objectPage(object.name)) });
  return new Map(
    wanted.flatMap(({ name, object, field }, place): [string, Narrowed][] => {
      const found = pages[place]?.data?.object?.fields.find((one) => one.name === field);
      return found === undefined ? [] : [[name, { object, field: found }]];
    }),
  );
}

export function Parameters({ dashboard, values, set, remove }: Props) {
  const a = useArea(texts);
  const narrowed = useNarrowed(dashboard);
  if (dashboard.parameters.length === 0) return null;
  return (
    <div className={styles.parameters} role="group" aria-label={a.parameters}>
      {dashboard.parameters.map((parameter) => (
        <One
          key={parameter.name}
          parameter={parameter}
          narrowed={narrowed.get(parameter.name)}
          said={values[parameter.name] ?? null}
          set={(said) => set(parameter.name, said)}
          remove={remove === null ? null : () => remove(parameter.name)}
        />
      ))}
    </div>
  );
}

interface OneProps {
  parameter: Parameter;
  narrowed: Narrowed | undefined;
  said: string | null;
  set: (said: string | null) => void;
  remove: (() => void) | null;
}

function One({ parameter, narrowed, said, set, remove }: OneProps) {
  const t = useTexts();
  const a = useArea(texts);
  const lang = useLang();
  const [open, show] = useState(false);
  const condition: Condition | null = narrowed === undefined ? null : conditionOn(narrowed.field.name, said);
  const fields = new Map(narrowed === undefined ? [] : [[narrowed.field.name, narrowed.field]]);
  const titles = useTitles(fields, condition === null ? [] : [condition]);
  const text =
    narrowed === undefined || condition === null
      ? `${parameter.label}: ${a.notAsked}`
      : words({ ...narrowed.field, label: parameter.label }, condition, t, lang, titles);
  return (
    <>
      <Button onPress={() => show(true)} isDisabled={narrowed === undefined}>
        <SlidersHorizontal size={14} aria-hidden="true" />
        {text}
      </Button>
      {remove !== null && (
        <Button kind="quiet" icon aria-label={`${a.removeWidget}: ${parameter.label}`} onPress={remove}>
          <X size={14} aria-hidden="true" />
        </Button>
      )}
      {open && narrowed !== undefined && (
        <ConditionDialog
          of={{ object: narrowed.object.name, name: narrowed.field.name }}
          field={{ ...narrowed.field, label: parameter.label }}
          condition={condition}
          titles={titles}
          close={() => show(false)}
          apply={(next) => {
            show(false);
            set(next === null ? null : `${next.operator}:${next.value}`);
          }}
        />
      )}
    </>
  );
}
