/** A cell while it is typed into. Enter and Tab keep the value and go on, Escape gives it up. */

import { type FocusEvent, type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import type { FieldInfo } from "../../api/metadata";
import { Edit } from "../../fields/edit";
import { KINDS } from "../../fields/kinds";
import type { Leave } from "../../grid/use-range";
import { composing } from "../../ui/keys";
import styles from "./cells.module.css";
import type { Row } from "./use-list";

interface Props {
  object: string;
  row: Row;
  field: FieldInfo;
  value: unknown;
  /** Opened by a key that begins a new value. */
  typed: boolean;
  leave: (how: Leave) => void;
  /** Takes the value; `how` tells whether it is for the whole range, `opened` is the row when typing began. */
  keep: (value: unknown, how: Leave, opened: Row) => void;
  /** What is left in the cell is no value. */
  refuse: (fault: string, value: unknown) => void;
}

export function CellEditor({ object, row, field, value, typed, leave, keep, refuse }: Props) {
  const box = useRef<HTMLDivElement>(null);
  // While it is typed into, others may change the row below.
  const [opened] = useState(row);
  const faultId = useId();
  const entry = KINDS[field.type].entry;
  const [now, write] = useState<unknown>(typed && entry !== "picks" && entry !== "records" ? null : value);
  const [fault, setFault] = useState<string | null>(null);
  const latest = useRef<{ value: unknown; fault: string | null; touched: boolean; over: boolean }>({
    value: now,
    fault: null,
    touched: false,
    over: false,
  });

  useLayoutEffect(() => {
    const input = box.current?.querySelector<HTMLElement>("input, select, textarea");
    if (input == null) return;
    input.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (typed) return;
    if (input instanceof HTMLInputElement && !["checkbox", "radio"].includes(input.type)) input.select();
    if (entry === "record") input.click();
  }, []);

  const done = (how: Leave) => {
    const held = latest.current;
    if (held.over) return;
    if (held.fault !== null) {
      if (how !== "away") return;
      refuse(held.fault, held.value);
    } else if (held.touched || how === "fill") keep(held.value, how, opened);
    held.over = true;
    leave(how);
  };
  const pressed = (event: KeyboardEvent) => {
    // Letters, Ctrl+Z and the like are the field's own here.
    if (event.key !== "k") event.stopPropagation();
    if (composing(event)) return;
    const held = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") {
      event.preventDefault();
      latest.current.over = true;
      leave("stay");
    } else if (event.key === "Tab") {
      event.preventDefault();
      done(event.shiftKey ? "previous" : "next");
    } else if (event.key === "Enter" && !event.altKey && !(event.shiftKey && entry === "longText")) {
      event.preventDefault();
      done(held ? "fill" : event.shiftKey ? "up" : "down");
    }
  };
  const left = (event: FocusEvent) => {
    if (box.current?.contains(event.relatedTarget) || !document.hasFocus()) return;
    done("away");
  };

  return (
    <div ref={box} data-editor="" className={styles.editor} onKeyDown={pressed} onBlur={left}>
      <Edit
        id={`${faultId}-input`}
        label={field.label}
        field={field}
        value={now}
        around={{ object, id: row.id, draft: () => ({}) }}
        invalid={fault !== null}
        describedBy={fault === null ? undefined : faultId}
        onChange={(next, told) => {
          latest.current = { ...latest.current, value: next, fault: told, touched: true };
          setFault(told);
          write(next);
          // A record that is chosen is meant.
          if (told === null && next !== null && entry === "record") done("stay");
        }}
      />
      {fault !== null && (
        <span id={faultId} className={styles.fault} role="alert">
          {fault}
        </span>
      )}
    </div>
  );
}
