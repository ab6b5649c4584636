/** What can be done with the records that are chosen: one field of all of them, or the recycle bin. */

import { lazy, Suspense, useState } from "react";
import { recordsChanged } from "../../api/cache";
import type { ObjectSummary } from "../../api/metadata";
import { ask } from "../../api/transport";
import { deleteManyDocument } from "../../fields/documents";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Notice } from "../../ui/notices";
import { Failed } from "../../ui/states";
import { tell } from "../../ui/toasts";
import styles from "./list.module.css";
import { type ListPage, variablesOf } from "./use-list";
import type { ListQuestion } from "../../question/question";
import type { Chosen } from "./use-selection";

const ChangeField = lazy(async () => ({ default: (await import("./change-field")).ChangeField }));

/** The records that an operation is for: a filter, and how many it may find at most. */
export interface Meant {
  filter: Record<string, unknown>;
  atMost: number;
  /** Every record of the object: the filter is empty, and that is meant. */
  all: boolean;
}

export interface Many {
  done: { count: number; userErrors: { message: string; hint: string | null }[] } | null;
}

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
  chosen: Chosen;
  /** How many records are shown, and how many there are. */
  shown: readonly string[];
  total: number;
}

/** Each refusal once: the same field of forty records is refused for one reason. */
export const reasons = (errors: { message: string; hint: string | null }[]) => [
  ...new Set(errors.map(({ message, hint }) => [message, hint].filter(Boolean).join(" "))),
];

export function SelectionBar({ object, list, question, chosen, shown, total }: Props) {
  const t = useTexts();
  const [changing, change] = useState(false);
  const [removing, remove] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const { selection } = chosen;
  const count = selection.all ? total : selection.ids.size;
  if (count === 0) return null;
  const { filter, search } = variablesOf(list, question);
  const meant: Meant = selection.all
    ? { filter: filter ?? {}, atMost: total, all: filter === undefined }
    : { filter: { id: { in: [...selection.ids] } }, atMost: count, all: false };
  // A filter of a change takes no words: all that a search finds are chosen one by one.
  const whole = !selection.all && total > count && shown.length === count && search === undefined;

  const removeThem = async () => {
    setBusy(true);
    setError(null);
    try {
      const { data } = await ask<Many>("/graphql", deleteManyDocument(object), {
        ...meant,
        idempotencyKey: crypto.randomUUID(),
      });
      const errors = reasons(data.done?.userErrors ?? []);
      setRefused(errors);
      if (errors.length > 0) return;
      remove(false);
      chosen.clear();
      tell(t.deletedMany(data.done?.count ?? 0));
      await recordsChanged();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className={styles.selection} role="region" aria-label={t.selection}>
      <strong>{t.ofTotal(count, total)}</strong>
      {whole && (
        <Button kind="quiet" onPress={chosen.chooseAll}>
          {t.chooseAll(total)}
        </Button>
      )}
      {object.may.includes("EDIT") && <Button onPress={() => change(true)}>{t.changeField}…</Button>}
      {object.may.includes("DELETE") && <Button onPress={() => remove(true)}>{t.delete}…</Button>}
      <Button kind="quiet" onPress={chosen.clear}>
        {t.clear}
      </Button>
      {changing && (
        <Suspense fallback={null}>
          <ChangeField
            object={object}
            list={list}
            meant={meant}
            count={count}
            close={() => change(false)}
            done={() => {
              change(false);
              chosen.clear();
            }}
          />
        </Suspense>
      )}
      {removing && (
        <Dialog title={t.deleteManyAsk(count)} role="alertdialog" onClose={() => remove(false)}>
          {error !== null && <Failed error={error} />}
          {refused.map((text) => (
            <Notice key={text} tone="bad" role="alert">
              {text}
            </Notice>
          ))}
          <Actions>
            <Button onPress={() => remove(false)}>{t.cancel}</Button>
            <Button kind="danger" isDisabled={busy} onPress={() => void removeThem()}>
              {t.delete}
            </Button>
          </Actions>
        </Dialog>
      )}
    </div>
  );
}
