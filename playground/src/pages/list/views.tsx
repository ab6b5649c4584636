/** Saved views of an object: choose, save what is asked now, delete; and how the records are shown. */

import { lazy, Suspense, useState } from "react";
import { client, useShell } from "../../api/cache";
import { DELETE_VIEW, metadata, type ObjectSummary, SAVE_VIEW } from "../../api/metadata";
import { FACES, type ListQuestion, NOTHING } from "../../question/question";
import { viewedAs } from "../../signin/viewing";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { Confirm } from "../../ui/confirm";
import { FormDialog } from "../../ui/form-dialog";
import { type Choice, Menu } from "../../ui/menu";
import { tell } from "../../ui/toasts";
import { groupVariable } from "../../question/variables";
import { written } from "./columns";
import { type ListPage, variablesOf } from "./use-list";

const PinDialog = lazy(async () => ({ default: (await import("./pin")).PinDialog }));

interface Props {
  list: ListPage;
  object: ObjectSummary;
  question: ListQuestion;
  /** Goes to another question. */
  show: (next: ListQuestion) => void;
}

interface Saved {
  saveView: { view: { id: string } | null; userErrors: { message: string }[] };
}

export function ViewMenu({ list, object, question, show }: Props) {
  const t = useTexts();
  const share = useShell().data?.viewer.may.includes("SHARE_VIEWS") ?? false;
  const a = useArea(lists);
  const [saving, save] = useState(false);
  const [pinning, pin] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { view } = list;
  const [removing, askToRemove] = useState(false);
  const remove = async () => {
    askToRemove(false);
    await metadata(DELETE_VIEW, { id: view!.id });
    await client.invalidateQueries({ queryKey: ["meta", "object", object.name] });
    show(NOTHING);
  };
  const grouped = () => {
    const groups =
      question.face === "chart" ? [question.group, question.by] : question.face === "list" ? [question.group] : [];
    const groupBy = groups.flatMap((group) => (group === null ? [] : (groupVariable(group, list.fields) ?? [])));
    return groupBy.length === 0 ? {} : { groupBy };
  };
  const asked = () => ({ ...variablesOf(list, question), columns: list.columns.map(written), ...grouped() });
  /** What a view does not keep. */
  const charted = () => ({ face: question.face, measure: question.measure, chart: question.chart });
  /** The view asks what the list asks now. */
  const update = async () => {
    const { id, version } = view!;
    const told = await metadata<Saved>(SAVE_VIEW, {
      id,
      input: { object: object.name, name: view!.name, question: asked() },
      expectedVersion: version,
    });
    const refused = told.saveView.userErrors[0];
    if (refused !== undefined) return tell(refused.message);
    await client.invalidateQueries({ queryKey: ["meta", "object", object.name] });
    tell(t.savedNamed(view!.name));
    show({ ...NOTHING, ...charted(), view: id });
  };
  const submit = async (data: FormData) => {
    const input = {
      object: object.name,
      name: String(data.get("name")).trim(),
      face: question.face.toUpperCase(),
      share: data.get("share") === "ALL" ? "ALL" : "PRIVATE",
      question: asked(),
    };
    const { saveView } = await metadata<Saved>(SAVE_VIEW, { input });
    if (saveView.view === null) return setProblem(saveView.userErrors.map(({ message }) => message).join(" "));
    await client.invalidateQueries({ queryKey: ["meta", "object", object.name] });
    save(false);
    tell(t.saved);
    show({ ...NOTHING, ...charted(), view: saveView.view.id });
  };
  const choices: Choice[] = [
    {
      key: "none",
      label: t.all,
      selected: view === undefined,
      run: () => show({ ...NOTHING, view: list.views.some(({ isDefault }) => isDefault) ? "none" : null }),
    },
    ...list.views.map(({ id, name, share: shared, face }) => ({
      key: id,
      label: name,
      detail: shared === "PRIVATE" ? undefined : t.shared,
      selected: view?.id === id,
      run: () => show({ ...NOTHING, view: id, face: FACES.find((one) => one.toUpperCase() === face) ?? "list" }),
    })),
    ...(viewedAs() === null ? [{ key: "save", label: `${t.saveView}…`, run: () => save(true) }] : []),
    ...(viewedAs() === null && question.face === "list"
      ? [{ key: "pin", label: `${a.pinList}…`, run: () => pin(true) }]
      : []),
    ...(view?.mayEdit && question.changed
      ? [{ key: "update", label: t.viewUpdate(view.name), run: () => void update() }]
      : []),
    ...(view?.mayEdit ? [{ key: "delete", label: `${t.viewDelete}…`, run: () => askToRemove(true) }] : []),
  ];

  return (
    <>
      <Menu label={t.view} kind="quiet" choices={choices}>
        {view?.name ?? t.all} ▾
      </Menu>
      <Menu
        label={t.face}
        kind="quiet"
        choices={FACES.filter(
          (face) =>
            (face !== "board" || object.stateField !== null) && (face !== "calendar" || object.startField !== null),
        ).map((face) => ({
          key: face,
          label: t.faces[face]!,
          selected: question.face === face,
          run: () => show({ ...question, face, changed: question.view !== null }),
        }))}
      >
        {t.faces[question.face]} ▾
      </Menu>
      {pinning && (
        <Suspense fallback={null}>
          <PinDialog
            object={object}
            list={list}
            question={question}
            asked={null}
            title={view?.name ?? object.labelPlural}
            onClose={() => pin(false)}
          />
        </Suspense>
      )}
      {removing && (
        <Confirm
          title={t.viewDeleteAsk(view?.name ?? "")}
          go={t.delete}
          onStay={() => askToRemove(false)}
          onGo={() => void remove()}
        />
      )}
      {saving && (
        <FormDialog
          title={t.saveView}
          ok={t.save}
          problem={problem}
          onClose={() => save(false)}
          onSubmit={(data) => void submit(data)}
        >
          <label>
            {t.viewName}
            <input name="name" required autoFocus maxLength={80} />
          </label>
          {share && (
            <label>
              <input type="checkbox" name="share" value="ALL" /> {t.shareAll}
            </label>
          )}
        </FormDialog>
      )}
    </>
  );
}
