/** The form of a record that a picker does not find: made by the save of the record that refers to it. */

import { useMemo, useState } from "react";
import { useLayout, useShell } from "../api/cache";
import type { Layout, ObjectSummary } from "../api/metadata";
import type { CreatorProps } from "../fields/edit";
import { fieldsOf } from "../fields/documents";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as texts from "../texts/picker";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { Notice } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import ui from "../ui/ui.module.css";
import styles from "./form.module.css";
import { FormSections } from "./sections";
import { withStates } from "./start-states";
import { useForm } from "./use-form";
import { EMPTY, type FormState, isDirty } from "./values";

export default function Creator(props: CreatorProps) {
  const t = useTexts();
  const object = useShell().data?.objects.find(({ name }) => name === props.object);
  const layout = useLayout(object?.name, "EDIT", null);
  if (object !== undefined && layout.data != null) return <Filled {...props} summary={object} layout={layout.data} />;
  return (
    <Dialog title={object === undefined ? "" : t.createNamed(object.label)} onClose={props.close}>
      {layout.isError ? (
        <Failed error={layout.error} retry={() => void layout.refetch()} />
      ) : layout.data === null ? (
        <p>{t.notThereHint}</p>
      ) : (
        <Skeleton />
      )}
    </Dialog>
  );
}

/** What was typed in the picker is what displays the record, where people give that. */
function begun(layout: Layout, object: ObjectSummary, text: string): FormState {
  const shown = fieldsOf(layout).find(({ name }) => name === object.display);
  const named = text !== "" && shown?.writable === true && (shown.type === "TEXT" || shown.type === "LONG_TEXT");
  return named ? { ...EMPTY, values: { [shown.name]: text } } : EMPTY;
}

function Filled(props: CreatorProps & { summary: ObjectSummary; layout: Layout }) {
  const { summary: object, text, atOnce, done, close } = props;
  const layout = useMemo(() => withStates(props.layout, object.flow, true), [props.layout, object.flow]);
  const t = useTexts();
  const a = useArea(texts);
  const [start] = useState(() => (props.begun as FormState | undefined) ?? begun(layout, object, text));
  const form = useForm(object, layout, null, start);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [wrong, setWrong] = useState<{ general: string[]; alike: boolean }>({ general: [], alike: false });
  const [leaving, leave] = useState(false);
  const title = () => {
    const typed = object.display === null ? undefined : form.state.values[object.display];
    return typeof typed === "string" && typed !== "" ? typed : t.createNamed(object.label);
  };

  async function finish(allowDuplicates = false) {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      if (!atOnce) {
        const found = await form.check();
        if (found.faults + found.general.length > 0 && !found.alike) return setWrong(found);
        const create = { input: form.patch(), form: form.state };
        return done({ id: "", _title: title(), create });
      }
      const outcome = await form.save(null, [], allowDuplicates);
      if ("saved" in outcome && outcome.saved !== null) return done(outcome.saved);
      if ("faults" in outcome) setWrong(outcome);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  const duplicates = form.drafted?.duplicates ?? [];
  return (
    <Dialog
      title={t.createNamed(object.label)}
      onClose={() => (form.state !== start && isDirty(form.state) ? leave(true) : close())}
      wide
    >
      {!atOnce && <p className={styles.help}>{a.savedWith}</p>}
      {error !== null && <Failed error={error} retry={() => void finish()} />}
      {wrong.general.length > 0 && (
        <Notice tone="bad" role="alert">
          <div className={ui.noticeText}>
            {wrong.general.map((line) => (
              <div key={line}>{line}</div>
            ))}
          </div>
        </Notice>
      )}
      {duplicates.length > 0 && (
        <Notice tone="warn" role="status">
          <div className={ui.noticeText}>
            {t.duplicates}{" "}
            {duplicates.map(({ id, text: other }) => (id === null ? t.hidden : (other ?? id))).join(", ")}
          </div>
        </Notice>
      )}
      {wrong.alike && (
        <Notice tone="warn" role="alert">
          <span className={ui.noticeText}>{t.alikeRefused}</span>
          <Button onPress={() => void finish(true)}>{t.saveAlike}</Button>
        </Notice>
      )}
      <form
        inert={busy}
        onSubmit={(event) => {
          event.preventDefault();
          void finish();
        }}
        onKeyDown={(event) => {
          if ((event.key !== "Enter" && event.key !== "s") || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          void finish();
        }}
      >
        <FormSections
          layout={layout}
          state={form.state}
          stored={null}
          drafted={form.drafted}
          faults={form.faults}
          around={{ object: object.name, id: null, draft: form.patch }}
          write={form.write}
          changeLines={form.changeLines}
          setFault={form.setFault}
        />
        <div className={styles.foot}>
          <Actions>
            {leaving ? (
              <>
                <span className={ui.noticeText} role="alert">
                  {t.leaveAsk}
                </span>
                <Button autoFocus onPress={() => leave(false)}>
                  {t.keepEditing}
                </Button>
                <Button kind="danger" onPress={close}>
                  {t.discard}
                </Button>
              </>
            ) : (
              <>
                <Button onPress={close}>{t.cancel}</Button>
                <Button kind="main" type="submit" isDisabled={busy}>
                  {atOnce ? t.save : a.take}
                </Button>
              </>
            )}
          </Actions>
        </div>
      </form>
    </Dialog>
  );
}
