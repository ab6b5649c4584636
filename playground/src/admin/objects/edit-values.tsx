/** The values of a picklist: their labels, colours, order, and whether they can still be chosen. */

import { type FormEvent, useState } from "react";
import { X } from "lucide-react";
import * as objects from "../../texts/objects";
import { useArea } from "../../texts/area";
import { useLang, useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Failed } from "../../ui/states";
import admin from "../admin.module.css";
import { apiName } from "../definition";
import { NameList } from "../layouts/name-list";
import type { DraftEditor } from "../use-draft";
import styles from "./objects.module.css";
import { type LiveValue, type ValueDesign, valuesOf, withDesign } from "./values";

interface Props {
  editor: DraftEditor;
  /** The picklist. */
  name: string;
  /** The field that is looked at. */
  label: string;
  live: readonly LiveValue[];
  close: () => void;
}

export function EditValues({ editor, name, label, live, close }: Props) {
  const t = useTexts();
  const a = useArea(objects);
  const zh = useLang() === "zh";
  const [values, set] = useState(() => valuesOf(editor.text, name, live));
  const [added, type] = useState({ name: "", zh: "", en: "" });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const known = values.some((value) => value.name === added.name);
  const nameable = /^[A-Z][A-Z0-9_]*$/.test(added.name) && !known;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const text = withDesign(editor.text, name, live, values);
    if (text === editor.text) return close();
    setBusy(true);
    try {
      await editor.save(text);
      close();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const fields = (value: ValueDesign, change: (next: ValueDesign) => void) => (
    <span className={styles.value}>
      <input
        aria-label={`${a.chinese}: ${value.name}`}
        placeholder={a.chinese}
        value={value.zh}
        onChange={(event) => change({ ...value, zh: event.target.value })}
      />
      <input
        aria-label={`${a.english}: ${value.name}`}
        placeholder={a.english}
        value={value.en}
        onChange={(event) => change({ ...value, en: event.target.value })}
      />
      <input
        type="color"
        aria-label={`${a.colour}: ${value.name}`}
        className={value.color === null ? styles.none : undefined}
        value={value.color ?? "#8c8c8c"}
        onChange={(event) => change({ ...value, color: event.target.value })}
      />
      {value.color !== null && (
        <Button
          icon
          kind="quiet"
          aria-label={`${a.noColour}: ${value.name}`}
          onPress={() => change({ ...value, color: null })}
        >
          <X size={14} aria-hidden="true" />
        </Button>
      )}
      <label>
        <input
          type="checkbox"
          checked={value.active}
          onChange={(event) => change({ ...value, active: event.target.checked })}
        />
        {a.active}
      </label>
    </span>
  );
  return (
    <Dialog title={a.valuesOf(label)} onClose={close} wide>
      {error !== null && <Failed error={error} />}
      <form className={admin.form} onSubmit={(event) => void submit(event)}>
        <NameList
          label={a.values}
          members={values}
          nameOf={(value) => value.name}
          labelOf={(one) => {
            const value = values.find((known) => known.name === one);
            return (zh ? value?.zh : value?.en) || one;
          }}
          offered={[]}
          make={(one): ValueDesign => ({ name: one, zh: "", en: "", color: null, active: true })}
          change={set}
          more={fields}
          fixed
        />
        <p className={admin.muted}>{a.inactiveHint}</p>
        <div className={admin.row}>
          <label>
            {t.labelEn}
            <input
              value={added.en}
              onChange={(event) => {
                const derived = (text: string) =>
                  apiName(text)
                    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
                    .toUpperCase();
                const follows = added.name === derived(added.en);
                type({
                  ...added,
                  en: event.target.value,
                  ...(follows ? { name: derived(event.target.value) } : {}),
                });
              }}
            />
          </label>
          <label>
            {t.labelZh}
            <input value={added.zh} onChange={(event) => type({ ...added, zh: event.target.value })} />
          </label>
          <label>
            {a.valueName}
            <input
              value={added.name}
              aria-invalid={added.name !== "" && !nameable ? true : undefined}
              onChange={(event) => type({ ...added, name: event.target.value.toUpperCase() })}
            />
          </label>
          <Button
            isDisabled={!nameable}
            onPress={() => {
              set([...values, { ...added, color: null, active: true }]);
              type({ name: "", zh: "", en: "" });
            }}
          >
            {a.addValue}
          </Button>
        </div>
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          <Button type="submit" kind="main" isDisabled={busy}>
            {t.addToDraft}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
