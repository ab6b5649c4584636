/** Conditions of which one is enough. */

import { useState } from "react";
import { Plus } from "lucide-react";
import type { ObjectSummary } from "../../api/metadata";
import type { Condition } from "../../question/question";
import type { Related } from "../../question/related";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { ConditionForm } from "./condition-dialog";
import { FieldPicker } from "./field-picker";
import styles from "./filter.module.css";
import type { ListPage } from "./use-list";
import { useTitles, words } from "./words";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  conditions: Condition[];
  close: () => void;
  apply: (conditions: Condition[]) => void;
}

export default function AnyDialog({ object, list, conditions, close, apply }: Props) {
  const t = useTexts();
  const a = useArea(lists);
  const lang = useLang();
  const [group, set] = useState(conditions);
  /** The place of the condition that is written; the end for another one. */
  const [writing, write] = useState<number | null>(conditions.length === 0 ? 0 : null);
  const [picked, pick] = useState<ReadonlyMap<string, Related>>(new Map());
  const [chosen, choose] = useState<Related | null>(null);
  const relatedAt = (path: string) => picked.get(path) ?? list.relatedAt(path);
  const fields = new Map([...list.known, ...[...picked].map(([path, { field }]) => [path, field] as const)]);
  const titles = useTitles(fields, group);
  const stop = () => {
    choose(null);
    write(null);
  };

  return (
    <Dialog title={a.anyOf} onClose={close}>
      <ul className={styles.any}>
        {group.map((condition, at) => {
          const field = fields.get(condition.field);
          const said = field === undefined ? condition.field : words(field, condition, t, lang, titles);
          return (
            <li key={at}>
              <button
                type="button"
                onClick={() => {
                  choose(relatedAt(condition.field));
                  write(at);
                }}
              >
                {said}
              </button>
              {at + 1 < group.length && <span className={styles.or}>{a.or}</span>}
              <Button
                kind="quiet"
                icon
                aria-label={`${t.remove}: ${said}`}
                onPress={() => {
                  set(group.filter((_, place) => place !== at));
                  stop();
                }}
              >
                ×
              </Button>
            </li>
          );
        })}
      </ul>
      {writing === null ? (
        <>
          <Button onPress={() => write(group.length)}>
            <Plus size={15} aria-hidden="true" />
            {t.addCondition}
          </Button>
          <Actions>
            <Button onPress={close}>{t.cancel}</Button>
            <Button kind="main" onPress={() => apply(group)}>
              {t.apply}
            </Button>
          </Actions>
        </>
      ) : (
        <div className={styles.within}>
          {chosen === null ? (
            <>
              <FieldPicker
                object={object.name}
                take={(field) => {
                  pick(new Map(picked).set(field.field.name, field));
                  choose(field);
                }}
              />
              <Actions>
                <Button onPress={group.length === 0 ? close : stop}>{t.cancel}</Button>
              </Actions>
            </>
          ) : (
            <>
              <strong>{chosen.field.label}</strong>
              <ConditionForm
                of={chosen}
                field={chosen.field}
                condition={group[writing] ?? null}
                titles={titles}
                close={stop}
                apply={(condition) => {
                  if (condition !== null) set(group.toSpliced(writing, 1, condition));
                  stop();
                }}
              />
            </>
          )}
        </div>
      )}
    </Dialog>
  );
}
