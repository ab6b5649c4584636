/** What an object is called, and what of it pages go by; one of the company's own can be taken out. */

import { type FormEvent, useState } from "react";
import type { FieldInfo, ObjectInfo } from "../../api/metadata";
import { useObjectPage } from "../../api/cache";
import * as objects from "../../texts/objects";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Failed, Skeleton } from "../../ui/states";
import admin from "../admin.module.css";
import type { DraftEditor } from "../use-draft";
import { GIVEN, headOf, type HeadDesign, readHead, readLook, withLook } from "./head";
import { IconPicker } from "./icon-picker";

interface Props {
  editor: DraftEditor;
  object: { name: string; label: string; labelZh: string | null; labelEn: string | null; custom: boolean };
  close: () => void;
}

export function EditObject({ editor, object, close }: Props) {
  const page = useObjectPage(object.name);
  const head = readHead(editor.text, object.name);
  if (page.isError) return <Failed error={page.error} retry={() => void page.refetch()} />;
  if (page.data === undefined) return <Skeleton rows={2} />;
  // One of the program is as it is live, but for what the draft says anew.
  const begun: HeadDesign = head ?? {
    ...GIVEN,
    label: object.labelZh ?? "",
    labelEn: object.labelEn ?? "",
    icon: page.data.object?.icon ?? "",
    color: page.data.object?.color ?? "",
    ...readLook(editor.text, object.name),
  };
  return <Form editor={editor} object={object} begun={begun} info={page.data.object} close={close} />;
}

const named = (fields: readonly FieldInfo[], fits: (field: FieldInfo) => boolean) =>
  fields.filter(fits).map(({ name, label }) => ({ name, label }));

function Form({ editor, object, begun, info, close }: Props & { begun: HeadDesign; info: ObjectInfo | null }) {
  const t = useTexts();
  const a = useArea(objects);
  const [now, set] = useState(begun);
  const [error, setError] = useState<unknown>(null);
  const [sure, ask] = useState(false);
  const fields = info?.fields ?? [];
  const send = async (steps: Record<string, unknown>[], text = editor.text) => {
    try {
      if (text !== editor.text) await editor.save(text);
      if (steps.length > 0) await editor.edit(steps);
      close();
    } catch (problem) {
      setError(problem);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const sdl = headOf(editor.text, object.name, begun, now);
    if (sdl !== null) return void send(sdl === "" ? [] : [{ updateObject: { object: object.name, sdl } }]);
    // One of the program, of which the text says nothing yet, is relabelled.
    const label = now.label === begun.label ? undefined : now.label;
    const labelEn = now.labelEn === begun.labelEn ? undefined : now.labelEn;
    void send(
      label === undefined && labelEn === undefined ? [] : [{ relabel: { object: object.name, label, labelEn } }],
      withLook(editor.text, object.name, begun, now),
    );
  };
  const own = object.custom;
  const text = (name: keyof HeadDesign, said: string, more: Record<string, unknown> = {}) => (
    <label>
      {said}
      <input value={now[name]} onChange={(event) => set({ ...now, [name]: event.target.value })} {...more} />
    </label>
  );
  const chooser = (name: keyof HeadDesign, said: string, choices: { name: string; label: string }[]) => (
    <label>
      {said}
      <select value={now[name]} onChange={(event) => set({ ...now, [name]: event.target.value })}>
        <option value="">{a.byItsName}</option>
        {choices.map((one) => (
          <option key={one.name} value={one.name}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  );
  const days = ({ type }: FieldInfo) => type === "DATE" || type === "DATE_TIME";
  return (
    <Dialog title={`${a.editObject}: ${object.label}`} onClose={close}>
      {error !== null && <Failed error={error} />}
      <form className={admin.form} onSubmit={submit}>
        {text("label", t.labelZh, { autoFocus: true })}
        {text("labelEn", t.labelEn)}
        {own && text("pluralLabelEn", a.pluralLabelEn)}
        <IconPicker value={now.icon} color={now.color} change={(icon) => set({ ...now, icon })} />
        {text("color", a.colour, { placeholder: "#1677ff", pattern: "#[0-9a-fA-F]{6}" })}
        {own && (
          <>
            {chooser(
              "display",
              a.display,
              named(fields, ({ type }) => type === "TEXT"),
            )}
            {chooser(
              "stateField",
              a.stateField,
              named(fields, ({ type }) => type === "PICKLIST" || type === "RELATION"),
            )}
            {chooser("startField", a.startField, named(fields, days))}
            {chooser("endField", a.endField, named(fields, days))}
            <label className={admin.inline}>
              <input type="checkbox" checked={sure} onChange={(event) => ask(event.target.checked)} />
              {a.retireObject}
            </label>
          </>
        )}
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          {sure ? (
            <Button kind="danger" onPress={() => void send([{ retireObject: { object: object.name } }])}>
              {t.retire}
            </Button>
          ) : (
            <Button type="submit" kind="main">
              {t.addToDraft}
            </Button>
          )}
        </Actions>
      </form>
    </Dialog>
  );
}
