/** The value of a field as people type it. */

import { type ComponentType, lazy, Suspense, useEffect, useRef, useState } from "react";
import { useShell } from "../api/cache";
import type { FieldInfo } from "../api/metadata";
import { useTexts } from "../texts";
import { instantOf, localOf } from "../values/dates";
import { readDecimal, showDecimal } from "../values/decimal";
import { readMinutes } from "../values/duration";
import styles from "./fields.module.css";
import { KINDS, type Reference } from "./kinds";
import { Picker, UnionPicker } from "./picker";

/** It weighs more than all other entries together. */
const RichEditor = lazy(async () => ({ default: (await import("./rich/editor")).RichEditor }));

/** What a picker needs to know of the record that is edited. */
export interface Surroundings {
  object: string;
  /** Its id, unless it is new. */
  id: string | null;
  /** Its values so far, as inputs take them. */
  draft: () => Record<string, unknown>;
  /** What asks, where the fields are no fields of the record: candidates of `customer` are those of `convert.customer`. */
  asker?: string;
  /** The form of a record that is not there yet; without it, only records that are there can be chosen. */
  Creator?: ComponentType<CreatorProps>;
}

export interface CreatorProps {
  object: string;
  /** What was typed when nothing was found. */
  text: string;
  /** The form of one that was begun before. */
  begun: unknown;
  /** Whether it is saved at once, where the reference takes none that is made with it. */
  atOnce: boolean;
  done: (reference: Reference) => void;
  close: () => void;
}

export interface EditProps {
  field: FieldInfo;
  value: unknown;
  /** `fault` is what is wrong with what has been typed; the value is the last good one then. */
  onChange: (value: unknown, fault: string | null) => void;
  /** A record was chosen by Enter: whoever types on goes to what comes next. */
  onTaken?: () => void;
  around: Surroundings;
  id: string;
  disabled?: boolean;
  invalid?: boolean;
  describedBy?: string;
  /** Values of a picklist that can be chosen now; null for all. */
  options?: string[] | null;
  autoFocus?: boolean;
  /** For a cell, which shows no label of its own. */
  label?: string;
}

const shown = (value: unknown) => (value === null || value === undefined ? "" : String(value));

export function Edit(props: EditProps) {
  const { field, value, onChange, id, disabled, invalid, describedBy, autoFocus, label } = props;
  const t = useTexts();
  const zone = useShell().data?.viewer.timeZone ?? "UTC";
  const kind = KINDS[field.type].entry;
  const common = {
    id,
    disabled,
    autoFocus,
    "aria-label": label,
    "aria-invalid": invalid || undefined,
    "aria-describedby": describedBy,
    "aria-required": field.required || undefined,
    maxLength: kind === "text" || kind === "longText" ? (field.max ?? undefined) : undefined,
  };
  const text = (next: string) => onChange(next === "" ? null : next, null);
  switch (kind) {
    case "rich":
      return (
        <Suspense fallback={<div className={styles.awaited} />}>
          <RichEditor {...props} />
        </Suspense>
      );
    case "longText":
      return <textarea {...common} rows={3} value={shown(value)} onChange={(event) => text(event.target.value)} />;
    case "boolean":
      return field.required || value === true || value === false ? (
        <span className={styles.check}>
          <input
            {...common}
            maxLength={undefined}
            type="checkbox"
            checked={value === true}
            onChange={(event) => onChange(event.target.checked, null)}
          />
        </span>
      ) : (
        <select {...common} value="" onChange={(event) => onChange(event.target.value === "true", null)}>
          <option value="">–</option>
          <option value="true">{t.yes}</option>
          <option value="false">{t.no}</option>
        </select>
      );
    case "date":
      return <input {...common} type="date" value={shown(value)} onChange={(event) => text(event.target.value)} />;
    case "time":
      return (
        <input
          {...common}
          type="time"
          value={shown(value).slice(0, 5)}
          onChange={(event) => text(event.target.value)}
        />
      );
    case "dateTime":
      return (
        <input
          {...common}
          type="datetime-local"
          value={value ? localOf(String(value), zone) : ""}
          onChange={(event) => onChange(event.target.value === "" ? null : instantOf(event.target.value, zone), null)}
        />
      );
    case "pick":
      return <Pick {...props} common={common} />;
    case "picks":
      return <Picks {...props} />;
    case "rating":
      return (
        <select
          {...common}
          value={shown(value)}
          onChange={(event) => onChange(event.target.value === "" ? null : Number(event.target.value), null)}
        >
          <option value="">–</option>
          {Array.from({ length: field.max ?? 5 }, (_, place) => (
            <option key={place} value={place + 1}>
              {"★".repeat(place + 1)}
            </option>
          ))}
        </select>
      );
    case "record":
      return <Picker {...props} value={(value ?? null) as Reference | null} />;
    case "records":
      return <Records {...props} />;
    case "union":
      return <UnionPicker {...props} value={(value ?? null) as Reference | null} />;
    case "integer":
    case "decimal":
    case "duration":
      return <Typed {...props} common={common} />;
    case "none":
      return <input {...common} value={shown(value)} readOnly />;
    default:
      return <input {...common} type={kind} value={shown(value)} onChange={(event) => text(event.target.value)} />;
  }
}

type Common = Record<string, unknown>;

/** Numbers: what is typed stays as it is until it is left, what it means is told at once. */
function Typed({ field, value, onChange, common }: EditProps & { common: Common }) {
  const t = useTexts();
  const kind = KINDS[field.type].entry;
  const written = (of: unknown) =>
    of === null || of === undefined ? "" : kind === "decimal" ? showDecimal(String(of)) : String(of);
  const [typed, type] = useState<string | null>(null);
  const sent = useRef(value);
  useEffect(() => {
    // A value that did not come from here takes the place of what was typed.
    if (value !== sent.current) type(null);
    sent.current = value;
  }, [value]);
  const read = (text: string): { value: unknown } | { fault: string } => {
    if (text.trim() === "") return { value: null };
    if (kind === "duration") {
      const minutes = readMinutes(text);
      return minutes === null ? { fault: t.numberFault } : { value: minutes };
    }
    const found = readDecimal(text, kind === "integer" ? 0 : (field.scale ?? undefined));
    if ("fault" in found) return { fault: found.fault === "digits" ? t.digitsFault(field.scale ?? 0) : t.numberFault };
    return { value: kind === "integer" ? Number(found.value) : found.value };
  };
  return (
    <input
      {...common}
      inputMode={kind === "duration" ? "text" : "decimal"}
      autoComplete="off"
      value={typed ?? written(value)}
      onChange={(event) => {
        type(event.target.value);
        const found = read(event.target.value);
        if ("fault" in found) onChange(value, found.fault);
        else {
          sent.current = found.value;
          onChange(found.value, null);
        }
      }}
      onBlur={() => {
        // What is no number stays to be mended.
        if (typed !== null && !("fault" in read(typed))) type(null);
      }}
    />
  );
}

function Pick({ field, value, onChange, options, common }: EditProps & { common: Common }) {
  const offered = (field.options ?? []).filter(
    ({ name, active }) => name === value || (active && (options == null || options.includes(name))),
  );
  return (
    <select {...common} value={shown(value)} onChange={(event) => onChange(event.target.value || null, null)}>
      <option value="">–</option>
      {offered.map(({ name, label }) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  );
}

function Picks({ field, value, onChange, disabled, options, id, label }: EditProps) {
  const chosen = (value ?? []) as string[];
  return (
    <fieldset id={id} className={styles.checks} disabled={disabled} aria-label={label ?? field.label}>
      {(field.options ?? [])
        .filter(({ name, active }) => chosen.includes(name) || (active && (options == null || options.includes(name))))
        .map(({ name, label: text }) => (
          <label key={name} className={styles.check}>
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name), null)
              }
            />
            {text}
          </label>
        ))}
    </fieldset>
  );
}

function Records(props: EditProps) {
  const { value, onChange, disabled } = props;
  const t = useTexts();
  const chosen = (value ?? []) as Reference[];
  return (
    <div className={styles.picked}>
      {chosen.map((reference) => (
        <span key={reference.id} className={styles.pick}>
          {reference._title ?? t.hidden}
          <button
            type="button"
            disabled={disabled}
            aria-label={`${t.remove}: ${reference._title ?? t.hidden}`}
            onClick={() =>
              onChange(
                chosen.filter(({ id }) => id !== reference.id),
                null,
              )
            }
          >
            ×
          </button>
        </span>
      ))}
      <Picker
        {...props}
        value={null}
        onChange={(next, fault) => {
          if (next !== null && !chosen.some(({ id }) => id === (next as Reference).id)) {
            onChange([...chosen, next], fault);
          }
        }}
      />
    </div>
  );
}
