/** A new object, put into the draft: master data, a document, or one with lines. */

import { type FormEvent, useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as texts from "../texts/objects";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { Failed } from "../ui/states";
import styles from "./admin.module.css";
import { apiName, type NewObject, objectDefinitions, typeName } from "./definition";
import type { DraftEditor } from "./use-draft";

interface Props {
  editor: DraftEditor;
  close: () => void;
}

/** The list of `Sample loan` is `sampleLoans`. */
const pluralOf = (label: string) => {
  const name = apiName(label);
  return name === ""
    ? ""
    : /[^aeiou]y$/.test(name)
      ? `${name.slice(0, -1)}ies`
      : /(s|x|ch|sh)$/.test(name)
        ? `${name}es`
        : `${name}s`;
};

export function AddObject({ editor, close }: Props) {
  const t = useTexts();
  const a = useArea(texts);
  const navigate = useNavigate();
  const [labelEn, setLabelEn] = useState("");
  const [plural, setPlural] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name)).trim();
    const name = typeName(labelEn);
    const made = objectDefinitions({
      name,
      plural: text("plural"),
      label: text("label"),
      labelEn: labelEn.trim(),
      system: text("system"),
      kind: text("kind") as NewObject["kind"],
    });
    try {
      await editor.edit(made.map((sdl) => ({ defineObject: { sdl } })));
      close();
      await navigate({ to: "/admin/objects/$name", params: { name } });
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
          <input required pattern="[A-Za-z].*" value={labelEn} onChange={(event) => setLabelEn(event.target.value)} />
        </label>
        <label>
          {t.pluralName}
          <input
            name="plural"
            required
            pattern="[a-z][A-Za-z0-9]*"
            value={plural ?? pluralOf(labelEn)}
            onChange={(event) => setPlural(event.target.value)}
          />
        </label>
        <label>
          {t.kind}
          <select name="kind">
            <option value="MASTER">{t.kinds.MASTER}</option>
            <option value="DOCUMENT">{t.kinds.DOCUMENT}</option>
            <option value="LINED">{a.documentWithLines}</option>
          </select>
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
