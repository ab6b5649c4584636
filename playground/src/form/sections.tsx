/** The sections of a form, by the layout. */

import type { Layout, LayoutItem } from "../api/metadata";
import { valueAt, type Values } from "../api/paths";
import type { Surroundings } from "../fields/edit";
import type { Reference } from "../fields/kinds";
import { FormField } from "./field";
import styles from "./form.module.css";
import { Lines } from "./lines";
import type { Drafted } from "./use-draft";
import type { FormState, LineRow } from "./values";

interface Props {
  layout: Layout;
  state: FormState;
  /** The record as it is stored. */
  stored: Values | null;
  drafted: Drafted | null;
  faults: ReadonlyMap<string, string>;
  around: Surroundings;
  write: (path: string, value: unknown, fault: string | null) => void;
  changeLines: (name: string, edit: (rows: LineRow[]) => LineRow[]) => void;
  setFault: (place: string, fault: string | null) => void;
}

const COLUMNS = ["", styles.one, styles.two, styles.three] as const;

/** What a field shows: what has been typed, else what the draft says, else what is stored. */
export function shownValue(path: string, state: FormState, drafted: Drafted | null, stored: Values | null): unknown {
  const told = drafted?.record == null ? undefined : valueAt(drafted.record, path);
  if (!(path in state.values)) return told !== undefined ? told : valueAt(stored, path);
  const typed = state.values[path];
  // A reference that came with the address has no title yet; the draft knows it.
  const reference = typed as Reference | null;
  if (reference?.id !== undefined && reference._title == null) {
    const known = told as Reference | null | undefined;
    if (known?.id === reference.id) return known;
  }
  return typed;
}

export function FormSections({ layout, state, stored, drafted, faults, around, write, changeLines, setFault }: Props) {
  let first = true;
  const drawn = (item: LayoutItem) => {
    if (item.__typename === "TextItem")
      return (
        <p key={item.text} className={styles.wide}>
          {item.text}
        </p>
      );
    if (item.__typename === "LinesItem") {
      return (
        <div key={item.name} className={styles.wide}>
          <h3>{item.label}</h3>
          <Lines
            name={item.name}
            label={item.label}
            object={item.object}
            columns={item.columns}
            rows={state.lines[item.name] ?? []}
            record={drafted?.lines.get(item.name)}
            faults={faults}
            readOnly={!item.columns.some(({ field }) => field.writable)}
            change={(edit) => changeLines(item.name, edit)}
            setFault={setFault}
            draft={around.draft}
            Creator={around.Creator}
          />
          {faults.has(item.name) && <span className={styles.fault}>{faults.get(item.name)}</span>}
        </div>
      );
    }
    if (item.__typename !== "FieldItem") return null;
    const { name, field } = item;
    const told = drafted?.states.get(name);
    if (told?.visible === false) return null;
    const readOnly = item.readOnly || !field.writable || told?.readOnly === true || field.access === "MASKED";
    const value = shownValue(name, state, drafted, stored);
    if (readOnly && stored === null && (value === null || value === undefined)) return null;
    const autoFocus = first && !readOnly;
    if (autoFocus) first = false;
    return (
      <FormField
        key={name}
        field={field}
        value={value}
        onChange={(next, fault) => write(name, next, fault)}
        around={around}
        fault={faults.get(name)}
        required={told?.required ?? (field.required && field.type !== "BOOLEAN")}
        readOnly={readOnly}
        options={told?.options ?? null}
        span={field.type === "LONG_TEXT" || field.type === "RICH_TEXT" ? 3 : (item.width ?? 1)}
        autoFocus={autoFocus}
      />
    );
  };
  return (
    <div className={styles.sections}>
      {layout.tabs.flatMap((tab) =>
        tab.sections.map((section, place) => {
          const items = section.items.map(drawn).filter((one) => one !== null);
          if (items.length === 0) return null;
          return (
            <section key={`${tab.label} ${section.label} ${place}`} className={styles.section}>
              {section.label !== null && <h2>{section.label}</h2>}
              <div className={`${styles.fields} ${COLUMNS[Math.min(3, section.columns)] ?? ""}`}>{items}</div>
            </section>
          );
        }),
      )}
    </div>
  );
}
