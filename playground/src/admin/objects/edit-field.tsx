/** The properties of a field of the company's own: names, type, rules, relation. They go into the draft as steps. */

import { type FormEvent, type ReactNode, useState } from "react";
import * as objects from "../../texts/objects";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Failed } from "../../ui/states";
import admin from "../admin.module.css";
import { TYPES } from "../definition";
import type { DraftEditor } from "../use-draft";
import { type Given, given, type MARKS, stepsOf } from "./field-steps";
import type { Member } from "./sdl";

interface Props {
  editor: DraftEditor;
  object: string;
  label: string;
  member: Member;
  /** Whether its values are those of another object's records. */
  relation: boolean;
  close: () => void;
}

const RETYPED = Object.keys(TYPES).filter((type) => TYPES[type] !== "");

export function EditField({ editor, object, label, member, relation, close }: Props) {
  const t = useTexts();
  const a = useArea(objects);
  const [now, set] = useState(() => given(member));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const scalar = !relation && RETYPED.length > 0 && !member.type.startsWith("[");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const steps = stepsOf(object, member, now);
    if (steps.length === 0) return close();
    setBusy(true);
    try {
      await editor.edit(steps);
      close();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  const text = (name: keyof Given, said: string, more: Record<string, unknown> = {}, hint?: string) => (
    <label key={name}>
      {said}
      <input
        value={String(now[name])}
        spellCheck={false}
        onChange={(event) => set({ ...now, [name]: event.target.value })}
        {...more}
      />
      {hint !== undefined && <span>{hint}</span>}
    </label>
  );
  const mark = (name: "required" | (typeof MARKS)[number], said: string) => (
    <label key={name} className={admin.inline}>
      <input type="checkbox" checked={now[name]} onChange={(event) => set({ ...now, [name]: event.target.checked })} />
      {said}
    </label>
  );
  return (
    <Dialog title={a.editTitle(label)} onClose={close} wide>
      {error !== null && <Failed error={error} />}
      <form className={admin.form} onSubmit={(event) => void submit(event)}>
        <Part title={a.names}>
          {text("label", t.labelZh, { autoFocus: true })}
          {text("labelEn", t.labelEn)}
          {text("name", t.apiName, { required: true, pattern: "[a-z][A-Za-z0-9]*" }, a.renameHint)}
          {text("help", a.help, {}, a.helpHint)}
        </Part>
        <Part title={a.value}>
          {scalar && (
            <label>
              {t.type}
              <select value={now.type} onChange={(event) => set({ ...now, type: event.target.value })}>
                <option value="">{a.asItIs(member.type)}</option>
                {RETYPED.map((type) => (
                  <option key={type} value={type}>
                    {t.types[type] ?? type}
                  </option>
                ))}
              </select>
            </label>
          )}
          {now.type !== "" && (
            <label>
              {a.onFailure}
              <select value={now.onFailure} onChange={(event) => set({ ...now, onFailure: event.target.value })}>
                {Object.entries(a.failures).map(([value, said]) => (
                  <option key={value} value={value}>
                    {said}
                  </option>
                ))}
              </select>
            </label>
          )}
          {text("default", a.defaultValue)}
          {!relation && text("max", a.max, { type: "number", min: 1 })}
          {!relation && text("scale", a.scale, { type: "number", min: 0, max: 8 })}
          {mark("required", t.needed)}
          {mark("unique", a.unique)}
          {mark("search", a.search)}
          {mark("index", a.index)}
          {mark("hidden", a.hidden)}
        </Part>
        {relation && (
          <Part title={a.relation}>
            {text("inverse", a.inverse, { pattern: "[a-z][A-Za-z0-9]*" }, a.inverseHint)}
            {text("inverseLabel", a.inverseLabel)}
            {text("inverseLabelEn", a.inverseLabelEn)}
            <label>
              {a.onDelete}
              <select value={now.onDelete} onChange={(event) => set({ ...now, onDelete: event.target.value })}>
                {Object.entries(a.onDeletes).map(([value, said]) => (
                  <option key={value} value={value}>
                    {said}
                  </option>
                ))}
              </select>
            </label>
          </Part>
        )}
        <Part title={a.rules}>
          <p className={admin.muted}>{a.expressionHint}</p>
          {text("requiredWhen", a.requiredWhen)}
          {text("visibleWhen", a.visibleWhen)}
          {text("readOnlyWhen", a.readOnlyWhen)}
          {text("check", a.check)}
          {text("message", a.message)}
          {text("messageEn", a.messageEn)}
        </Part>
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

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <fieldset className={admin.form}>
    <legend>
      <strong>{title}</strong>
    </legend>
    {children}
  </fieldset>
);
