/** One field of a form: its label, what is typed, what is wrong with it. */

import { useId } from "react";
import type { FieldInfo } from "../api/metadata";
import { Edit, type Surroundings } from "../fields/edit";
import { Show } from "../fields/show";
import { useTexts } from "../texts";
import styles from "./form.module.css";

interface Props {
  field: FieldInfo;
  value: unknown;
  onChange: (value: unknown, fault: string | null) => void;
  around: Surroundings;
  fault: string | undefined;
  required: boolean;
  readOnly: boolean;
  options: string[] | null;
  /** How many columns it takes. */
  span: number;
  autoFocus: boolean;
}

export function FormField({
  field,
  value,
  onChange,
  around,
  fault,
  required,
  readOnly,
  options,
  span,
  autoFocus,
}: Props) {
  const t = useTexts();
  const id = useId();
  const said = [fault !== undefined && `${id}-fault`, field.help !== null && `${id}-help`].filter(Boolean).join(" ");
  return (
    <div
      className={`${styles.field} ${span > 2 ? styles.wide : span === 2 ? styles.span2 : ""}`}
      data-field={field.name}
    >
      {readOnly ? (
        <>
          <span className={styles.label}>{field.label}</span>
          <div className={styles.value}>
            <Show field={field} value={value} />
          </div>
        </>
      ) : (
        <>
          <label
            className={styles.label}
            htmlFor={id}
            onClick={() => {
              // A text with a look is no input that a label leads to by itself.
              if (field.type === "RICH_TEXT") document.getElementById(id)?.focus();
            }}
          >
            {field.label}
            {required && (
              <span className={styles.needed} title={t.needed} aria-hidden="true">
                *
              </span>
            )}
          </label>
          <Edit
            id={id}
            field={required === field.required ? field : { ...field, required }}
            value={value}
            onChange={onChange}
            around={around}
            invalid={fault !== undefined}
            describedBy={said === "" ? undefined : said}
            options={options}
            autoFocus={autoFocus}
          />
          {field.help !== null && (
            <span id={`${id}-help`} className={styles.help}>
              {field.help}
            </span>
          )}
        </>
      )}
      {fault !== undefined && (
        <span id={`${id}-fault`} className={styles.fault}>
          {fault}
        </span>
      )}
    </div>
  );
}
