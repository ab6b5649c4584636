/** New fields, put into the draft one after the other. */

import { useRef, useState } from "react";
import { useShell } from "../api/cache";
import * as texts from "../texts/objects";
import { useArea } from "../texts/area";
import { useTexts } from "../texts";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { Failed } from "../ui/states";
import styles from "./admin.module.css";
import { apiName, fieldDefinition, type NewField, TYPES } from "./definition";
import { guessed } from "./guesses";
import type { DraftEditor } from "./use-draft";

interface Props {
  editor: DraftEditor;
  object: string;
  close: () => void;
}

export function AddField({ editor, object, close }: Props) {
  const t = useTexts();
  const a = useArea(texts);
  const objects = useShell().data?.objects ?? [];
  const [error, setError] = useState<unknown>(null);
  const targets = objects.filter(({ plural }) => plural !== null);
  const fresh: NewField = {
    name: "",
    label: "",
    labelEn: "",
    type: "TEXT",
    target: targets[0]?.name ?? "",
    values: "",
    required: false,
  };
  const [field, set] = useState<NewField>(fresh);
  /** Whether a person has chosen the type: until then it follows the labels. */
  const [typed, type] = useState(false);
  const [before, setBefore] = useState<string | null>(null);
  const first = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const change = (more: Partial<NewField>) => set({ ...field, ...more });
  const name = (more: Partial<NewField>) => {
    const next = { ...field, ...more };
    const guess = guessed([next.label, next.labelEn], targets);
    set(typed ? next : { ...next, type: guess.type, target: guess.target ?? next.target });
  };
  const put = async (again: boolean) => {
    const written = fieldDefinition(object, field);
    const steps = [
      { defineField: { object, sdl: written.field } },
      ...(written.picklist === null ? [] : [{ defineObject: { sdl: written.picklist } }]),
    ];
    try {
      await editor.edit(steps.reverse());
      if (!again) return close();
      setError(null);
      setBefore(field.label);
      set(fresh);
      type(false);
      first.current?.focus();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Dialog title={`${t.addField}: ${object}`} onClose={close}>
      {error !== null && <Failed error={error} />}
      <p className={styles.muted} role="status">
        {before === null ? a.oneAfterOther : a.fieldPut(before)}
      </p>
      <form
        ref={form}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void put(true);
        }}
      >
        <label>
          {t.labelZh}
          <input
            ref={first}
            value={field.label}
            required
            autoFocus
            onChange={(event) => name({ label: event.target.value })}
          />
        </label>
        <label>
          {t.labelEn}
          <input
            value={field.labelEn}
            onChange={(event) => {
              const follows = field.name === apiName(field.labelEn);
              name({ labelEn: event.target.value, ...(follows ? { name: apiName(event.target.value) } : {}) });
            }}
          />
        </label>
        <label>
          {t.apiName}
          <input
            value={field.name}
            required
            pattern="[a-z][A-Za-z0-9]*"
            onChange={(event) => change({ name: event.target.value })}
          />
        </label>
        <label>
          {t.type}
          <select
            value={field.type}
            onChange={(event) => {
              type(true);
              change({ type: event.target.value });
            }}
          >
            {Object.keys(TYPES).map((type) => (
              <option key={type} value={type}>
                {t.types[type] ?? type}
              </option>
            ))}
          </select>
        </label>
        {field.type === "RELATION" && (
          <label>
            {t.target}
            <select
              value={field.target}
              onChange={(event) => {
                type(true);
                change({ target: event.target.value });
              }}
            >
              {targets.map((target) => (
                <option key={target.name} value={target.name}>
                  {target.label}
                </option>
              ))}
            </select>
          </label>
        )}
        {field.type === "RELATION" && (
          <>
            <label>
              {a.inverse}
              <input
                value={field.inverse ?? ""}
                pattern="[a-z][A-Za-z0-9]*"
                onChange={(event) => change({ inverse: event.target.value })}
              />
              <span>{a.inverseHint}</span>
            </label>
            {(field.inverse ?? "") !== "" && (
              <>
                <label>
                  {a.inverseLabel}
                  <input
                    value={field.inverseLabel ?? ""}
                    onChange={(event) => change({ inverseLabel: event.target.value })}
                  />
                </label>
                <label>
                  {a.inverseLabelEn}
                  <input
                    value={field.inverseLabelEn ?? ""}
                    onChange={(event) => change({ inverseLabelEn: event.target.value })}
                  />
                </label>
              </>
            )}
            <label>
              {a.onDelete}
              <select
                value={field.onDelete ?? "RESTRICT"}
                onChange={(event) => change({ onDelete: event.target.value })}
              >
                {Object.entries(a.onDeletes).map(([value, said]) => (
                  <option key={value} value={value}>
                    {said}
                  </option>
                ))}
              </select>
            </label>
          </>
        )}
        {field.type === "PICKLIST" && (
          <label>
            {t.picklistValues}
            <textarea
              value={field.values}
              required
              rows={4}
              onChange={(event) => change({ values: event.target.value })}
            />
          </label>
        )}
        <label className={styles.inline}>
          <input
            type="checkbox"
            checked={field.required}
            onChange={(event) => change({ required: event.target.checked })}
          />
          {t.needed}
        </label>
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          <Button type="submit">{a.putAnother}</Button>
          <Button
            kind="main"
            onPress={() => {
              if (form.current?.reportValidity() === true) void put(false);
            }}
          >
            {t.addToDraft}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
