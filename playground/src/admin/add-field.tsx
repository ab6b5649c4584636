/** A new field, or a new object, put into the draft. */

import { type FormEvent, useState } from "react";
import { useShell } from "../api/cache";
import * as texts from "../texts/objects";
import { useArea } from "../texts/area";
import { useTexts } from "../texts";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { Failed } from "../ui/states";
import styles from "./admin.module.css";
import { apiName, fieldDefinition, type NewField, objectDefinition, TYPES, typeName } from "./definition";
import type { DraftEditor } from "./use-draft";

interface Props {
  editor: DraftEditor;
  close: () => void;
}

export function AddField({ editor, object, close }: Props & { object: string }) {
  const t = useTexts();
  const a = useArea(texts);
  const objects = useShell().data?.objects ?? [];
  const [error, setError] = useState<unknown>(null);
  const [field, set] = useState<NewField>({
    name: "",
    label: "",
    labelEn: "",
    type: "TEXT",
    target: objects.find(({ plural }) => plural !== null)?.name ?? "",
    values: "",
    required: false,
  });
  const change = (more: Partial<NewField>) => set({ ...field, ...more });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const written = fieldDefinition(object, field);
    const steps = [
      { defineField: { object, sdl: written.field } },
      ...(written.picklist === null ? [] : [{ defineObject: { sdl: written.picklist } }]),
    ];
    try {
      await editor.edit(steps.reverse());
      close();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Dialog title={`${t.addField}: ${object}`} onClose={close}>
      {error !== null && <Failed error={error} />}
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <label>
          {t.labelZh}
          <input value={field.label} required autoFocus onChange={(event) => change({ label: event.target.value })} />
        </label>
        <label>
          {t.labelEn}
          <input
            value={field.labelEn}
            onChange={(event) => {
              const follows = field.name === apiName(field.labelEn);
              change({ labelEn: event.target.value, ...(follows ? { name: apiName(event.target.value) } : {}) });
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
          <select value={field.type} onChange={(event) => change({ type: event.target.value })}>
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
            <select value={field.target} onChange={(event) => change({ target: event.target.value })}>
              {objects
                .filter(({ plural }) => plural !== null)
                .map(({ name, label }) => (
                  <option key={name} value={name}>
                    {label}
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
          <Button type="submit" kind="main">
            {t.addToDraft}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

export function AddObject({ editor, close }: Props) {
  const t = useTexts();
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name)).trim();
    const name = typeName(text("labelEn"));
    const plural = text("plural");
    try {
      await editor.edit([
        { defineObject: { sdl: objectDefinition(name, plural, text("label"), text("labelEn"), text("system")) } },
      ]);
      close();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Dialog title={t.addObject} onClose={close}>
      {error !== null && <Failed error={error} />}
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <label>
          {t.labelZh}
          <input name="label" required autoFocus />
        </label>
        <label>
          {t.labelEn}
          <input name="labelEn" required pattern="[A-Za-z].*" />
        </label>
        <label>
          {t.pluralName}
          <input name="plural" required pattern="[a-z][A-Za-z0-9]*" />
        </label>
        <label>
          {t.system}
          <select name="system">
            {["SALES", "SERVICE", "SALES_SERVICE"].map((system) => (
              <option key={system} value={system}>
                {t.systems[system]}
              </option>
            ))}
          </select>
        </label>
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          <Button type="submit" kind="main">
            {t.addToDraft}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
