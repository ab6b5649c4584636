/** The editor of one field where it stands: saved by Enter or by leaving it, given up by Escape. */

import { type KeyboardEvent, useEffect, useId, useMemo, useRef } from "react";
import type { FieldInfo } from "../../api/metadata";
import { nested, valueAt } from "../../api/paths";
import { draftDocument } from "../../fields/documents";
import { Edit } from "../../fields/edit";
import { KINDS } from "../../fields/kinds";
import form from "../../form/form.module.css";
import { Creator } from "../../form/lazy-creator";
import { useDraft } from "../../form/use-draft";
import { EMPTY, type FormState, inputOf } from "../../form/values";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/record";
import { Button } from "../../ui/button";
import { composing } from "../../ui/keys";
import styles from "./record.module.css";
import type { OpenRecord } from "./use-record";

export interface Typed {
  value: unknown;
  changed: boolean;
  /** What is wrong with what has been typed. */
  fault: string | null;
}

interface Props {
  open: OpenRecord;
  field: FieldInfo;
  typed: Typed;
  type: (typed: Typed) => void;
  /** What the last save was refused with. */
  reason: { text: string; alike: boolean } | null;
  /** Saves what is typed; `focus` is whether the field keeps the focus. */
  leave: (typed: Typed, focus: boolean, allowDuplicates?: boolean) => void;
  giveUp: () => void;
}

/** What a choice of ends at once; anything else is typed on. */
const CHOSEN = ["record", "union"];

export function FieldEditor({ open, field, typed, type, reason, leave, giveUp }: Props) {
  const { object, layout, record } = open;
  const t = useTexts();
  const a = useArea(texts);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(typed);
  latest.current = typed;
  const entry = KINDS[field.type].entry;
  const state = useMemo(
    (): FormState => (typed.changed ? { ...EMPTY, values: { [field.name]: typed.value } } : EMPTY),
    [field.name, typed.changed, typed.value],
  );
  const patch = () =>
    typed.changed ? nested({ [field.name]: inputOf(field, typed.value, valueAt(record, field.name)) }) : {};
  const document = useMemo(() => draftDocument(object, layout), [object, layout]);
  const told = useDraft(document, record.id, state, patch);
  const condition = told?.states.get(field.name);
  const closed = condition?.readOnly === true || condition?.visible === false;
  const fault = typed.fault ?? reason?.text ?? (typed.changed ? (told?.faults.get(field.name) ?? null) : null);

  useEffect(() => {
    // The editor takes the focus when it is opened, and has all of a short value chosen.
    const input = box.current?.querySelector<HTMLElement>("input, select, textarea, [contenteditable=true]");
    input?.focus();
    if (input instanceof HTMLInputElement && /^(text|email|tel|url)$/.test(input.type) && entry !== "record")
      input.select();
  }, []);

  /** What has been left is not left again by the blur that follows. */
  const over = useRef(false);
  const end = (next: Typed, focus: boolean) => {
    if (over.current) return;
    over.current = next.fault === null;
    leave(next, focus);
  };

  const pressed = (event: KeyboardEvent) => {
    if (composing(event)) return;
    const many = entry === "longText" || entry === "rich";
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      over.current = true;
      giveUp();
    } else if (event.key === "Enter" && (!many || event.ctrlKey || event.metaKey)) {
      if ((event.target as Element).closest("button") !== null) return;
      event.preventDefault();
      event.stopPropagation();
      end(latest.current, true);
    } else if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      end(latest.current, true);
    }
  };

  if (closed)
    return (
      <div className={styles.editor} role="alert">
        <span className={form.fault}>{a.closedField}</span>
        <Button kind="quiet" autoFocus onPress={giveUp}>
          {t.cancel}
        </Button>
      </div>
    );
  return (
    <div
      ref={box}
      className={styles.editor}
      onKeyDown={pressed}
      onBlur={(event) => {
        const to = event.relatedTarget as Element | null;
        // A dialog that the editor has opened is still its own; another window is no leaving.
        const dialog = to?.closest("[role=dialog]") ?? null;
        const opened = dialog !== null && !dialog.contains(box.current);
        if (box.current?.contains(to) || opened || !globalThis.document.hasFocus()) return;
        // What the inputs make of being left comes first.
        queueMicrotask(() => end(latest.current, false));
      }}
    >
      <Edit
        id={id}
        field={condition?.required === true ? { ...field, required: true } : field}
        label={field.label}
        autoFocus={entry === "rich"}
        value={typed.value}
        around={{
          object: object.name,
          id: record.id,
          draft: patch,
          Creator,
        }}
        invalid={fault !== null}
        describedBy={fault === null ? undefined : `${id}-fault`}
        options={condition?.options ?? null}
        onChange={(value, wrong) => {
          const next = { value, changed: true, fault: wrong };
          latest.current = next;
          type(next);
          if (wrong === null && value !== null && CHOSEN.includes(entry)) end(next, true);
        }}
      />
      {fault !== null && (
        <span id={`${id}-fault`} className={form.fault} role="alert">
          {fault}
        </span>
      )}
      {reason?.alike === true && <Button onPress={() => leave(latest.current, true, true)}>{t.saveAlike}</Button>}
    </div>
  );
}
