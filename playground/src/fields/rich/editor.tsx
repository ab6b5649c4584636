/** The editor of a rich text: what is typed is seen as it will be read, and what is pasted is cleaned. */

import { useEffect, useReducer, useRef, useState } from "react";
import { Editor } from "@tiptap/core";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/rich";
import type { EditProps } from "../edit";
import fields from "../fields.module.css";
import { Bar } from "./bar";
import { richText } from "./marks";
import styles from "./rich.module.css";
import { unstyled } from "./unstyled";

/** The text as it is saved; null for none. */
const written = (editor: Editor) => (editor.isEmpty ? null : editor.getHTML());

export function RichEditor({
  field,
  value,
  onChange,
  id,
  disabled,
  invalid,
  describedBy,
  autoFocus,
  label,
}: EditProps) {
  const a = useArea(texts);
  const place = useRef<HTMLDivElement>(null);
  const [editor, hold] = useState<Editor | null>(null);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const sent = useRef(value);
  const changed = useRef(onChange);
  changed.current = onChange;
  const name = label ?? field.label;
  const attributes = {
    id,
    role: "textbox",
    class: `${styles.area} ${fields.rich}`,
    "aria-multiline": "true",
    "aria-label": name,
    ...(invalid ? { "aria-invalid": "true" } : {}),
    ...(field.required ? { "aria-required": "true" } : {}),
    ...(describedBy === undefined ? {} : { "aria-describedby": describedBy }),
  };
  const said = JSON.stringify(attributes);

  useEffect(() => {
    const made = new Editor({
      element: place.current!,
      extensions: richText(a.noAlt),
      content: typeof value === "string" ? value : "",
      injectCSS: false,
      autofocus: autoFocus === true ? "end" : false,
      editorProps: { attributes, transformPastedHTML: unstyled },
      onTransaction: redraw,
      onUpdate: ({ editor: now }) => {
        sent.current = written(now);
        changed.current(sent.current, null);
      },
    });
    hold(made);
    return () => made.destroy();
  }, []);
  useEffect(() => {
    // A value that did not come from here takes the place of what was typed.
    if (editor === null || value === sent.current) return;
    sent.current = value;
    editor.commands.setContent(typeof value === "string" ? value : "", { emitUpdate: false });
  }, [editor, value]);
  useEffect(() => {
    editor?.setEditable(disabled !== true, false);
    editor?.setOptions({ editorProps: { attributes, transformPastedHTML: unstyled } });
  }, [editor, disabled, said]);

  return (
    <div className={styles.box} data-invalid={invalid || undefined}>
      {editor !== null && disabled !== true && <Bar editor={editor} label={name} />}
      <div ref={place} />
    </div>
  );
}
