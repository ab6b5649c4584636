/** What can be done with the records that are chosen: a move, an action, one field of all of them, the recycle bin. */

import { lazy, Suspense, useState } from "react";
import { recordsChanged } from "../../api/cache";
import type { ObjectSummary } from "../../api/metadata";
import { ask } from "../../api/transport";
import { actOnManyDocument } from "../../fields/actions";
import { deleteManyDocument } from "../../fields/documents";
import { moveManyDocument } from "../../fields/moves";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as actionTexts from "../../texts/actions";
import * as moveTexts from "../../texts/moves";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Menu } from "../../ui/menu";
import { Notice } from "../../ui/notices";
import { Failed } from "../../ui/states";
import { tell } from "../../ui/toasts";
import { onMany } from "../actions/offered";
import { inputsOf, movesOfAll } from "../moves/flow";
import type { Deed } from "../moves/many-dialog";
import styles from "./list.module.css";
import { type Many, type Meant, reasons } from "./many";
import { type ListPage, type Row, variablesOf } from "./use-list";
import type { ListQuestion } from "../../question/question";
import type { Chosen } from "./use-selection";

const ManyDialog = lazy(() => import("../moves/many-dialog"));
const ChangeField = lazy(async () => ({ default: (await import("./change-field")).ChangeField }));

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
  chosen: Chosen;
  /** The records that are shown, and how many there are. */
  shown: readonly Row[];
  total: number;
}

export function SelectionBar({ object, list, question, chosen, shown, total }: Props) {
  const t = useTexts();
  const a = useArea(actionTexts);
  const m = useArea(moveTexts);
  const [deed, choose] = useState<Deed | null>(null);
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

  const moves = movesOfAll(object, selection.all ? [] : shown.filter(({ id }) => selection.ids.has(id)));
  const choices = moves.map((move) => {
    const input = inputsOf(move, list.fields);
    const meant = { label: move.label, input, document: moveManyDocument(object, move), tries: false };
    return { key: move.code, label: `${move.label}…`, run: () => choose(meant) };
  });
  const actions = onMany(list.page.data?.object?.actions ?? []).map((action) => {
    const { code, label, input } = action;
    const meant = { label, input, document: actOnManyDocument(object, action), asker: code, tries: true };
    return { key: code, label: `${label}…`, run: () => choose(meant) };
  });
  const done = () => {
    choose(null);
    change(false);
    chosen.clear();
  };

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
      {choices.length > 0 && (
        <Menu label={t.selection} choices={choices}>
          {m.moveThem}
        </Menu>
      )}
      {actions.length > 0 && (
        <Menu label={t.selection} choices={actions}>
          {a.actOn}
        </Menu>
      )}
      {object.may.includes("EDIT") && <Button onPress={() => change(true)}>{t.changeField}…</Button>}
      {object.may.includes("DELETE") && <Button onPress={() => remove(true)}>{t.delete}…</Button>}
      <Button kind="quiet" onPress={chosen.clear}>
        {t.clear}
      </Button>
      {deed !== null && (
        <Suspense fallback={null}>
          <ManyDialog object={object} deed={deed} meant={meant} count={count} close={() => choose(null)} done={done} />
        </Suspense>
      )}
      {changing && (
        <Suspense fallback={null}>
          <ChangeField
            object={object}
            list={list}
            meant={meant}
            count={count}
            close={() => change(false)}
            done={done}
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
