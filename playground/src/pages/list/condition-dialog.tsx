/** One condition of a list: how a field is compared, and with what. */

import { type FormEvent, useState } from "react";
import type { FieldInfo } from "../../api/metadata";
import { Edit } from "../../fields/edit";
import fieldStyles from "../../fields/fields.module.css";
import { conditionsOf, type Reference } from "../../fields/kinds";
import type { Condition } from "../../question/question";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Notice } from "../../ui/notices";
import styles from "./list.module.css";

interface Props {
  /** The object that the field belongs to, and its name there. */
  of: { object: string; name: string };
  field: FieldInfo;
  condition: Condition | null;
  titles: ReadonlyMap<string, string>;
  close: () => void;
  apply: (next: Condition | null) => void;
}

export const ConditionDialog = (props: Props) => (
  <Dialog title={props.field.label} onClose={props.close}>
    <ConditionForm {...props} />
  </Dialog>
);

export function ConditionForm({ of, field, condition, titles, close, apply }: Props) {
  const t = useTexts();
  const offered = conditionsOf(field);
  const [operator, choose] = useState(condition?.operator ?? offered[0]!);
  const [value, write] = useState(condition?.value ?? "");
  const values = value.split(",").filter(Boolean);
  const [faults, setFaults] = useState<Record<string, string | null>>({});
  const fault = Object.values(faults).find((one) => one !== null) ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A form within a dialog of its own is not the one around it.
    event.stopPropagation();
    if (fault !== null) return;
    const said = UNARY.has(operator) && value !== "false" ? "true" : value;
    apply(said === "" ? null : { field: field.name, operator, value: said });
  };

  return (
    <form className={styles.form} onSubmit={submit}>
      {offered.length > 1 && (
        <select
          aria-label={t.filter}
          value={operator}
          onChange={(event) => {
            choose(event.target.value);
            setFaults({});
            write("");
          }}
        >
          {offered.map((name) => (
            <option key={name} value={name}>
              {name === "period" ? t.period : (t.operators[name] ?? name)}
            </option>
          ))}
        </select>
      )}
      <Value
        field={field}
        of={of}
        operator={operator}
        value={value}
        values={values}
        titles={titles}
        write={write}
        setFault={(end, told) => setFaults({ ...faults, [end]: told })}
      />
      {fault !== null && (
        <Notice tone="bad" role="alert">
          {fault}
        </Notice>
      )}
      <Actions>
        <Button onPress={close}>{t.cancel}</Button>
        <Button type="submit" kind="main">
          {t.apply}
        </Button>
      </Actions>
    </form>
  );
}

/** What needs no value. */
const UNARY: ReadonlySet<string> = new Set(["isNull", "any", "none"]);

interface ValueProps {
  field: FieldInfo;
  of: { object: string; name: string };
  operator: string;
  value: string;
  values: string[];
  titles: ReadonlyMap<string, string>;
  write: (value: string) => void;
  setFault: (end: string, fault: string | null) => void;
}

function Value({ field, of, operator, value, values, titles, write, setFault }: ValueProps) {
  const t = useTexts();
  // Titles of records that were chosen here and that nothing else has named yet.
  const [known, know] = useState(titles);
  if (UNARY.has(operator)) return null;
  if (operator === "period") {
    return (
      <select aria-label={t.period} autoFocus value={value} onChange={(event) => write(event.target.value)}>
        <option value="">–</option>
        {Object.entries(t.periods).map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  if (field.type === "PICKLIST" || field.type === "MULTI_PICKLIST") {
    const several = operator !== "has";
    return (
      <fieldset className={fieldStyles.checks} aria-label={field.label}>
        {(field.options ?? []).map(({ name, label }) => (
          <label key={name} className={fieldStyles.check}>
            <input
              type={several ? "checkbox" : "radio"}
              name="value"
              checked={values.includes(name)}
              onChange={(event) =>
                write(
                  !several
                    ? name
                    : (event.target.checked ? [...values, name] : values.filter((one) => one !== name)).join(","),
                )
              }
            />
            {label}
          </label>
        ))}
      </fieldset>
    );
  }
  const around = { object: of.object, id: null, draft: () => ({}) };
  if (field.type === "RELATION" || field.type === "MANY_TO_MANY") {
    const references = values.map((id): Reference => ({ id, _title: known.get(id) ?? "…" }));
    return (
      <Edit
        id="condition"
        label={field.label}
        field={{ ...field, name: of.name, type: "MANY_TO_MANY", required: false }}
        value={references}
        around={around}
        autoFocus
        onChange={(next) => {
          const chosen = next as Reference[];
          know(new Map([...known, ...chosen.map(({ id, _title }) => [id, _title ?? id] as const)]));
          write(chosen.map(({ id }) => id).join(","));
        }}
      />
    );
  }
  if (field.type === "BOOLEAN") {
    return (
      <select aria-label={field.label} value={value} onChange={(event) => write(event.target.value)}>
        <option value="">–</option>
        <option value="true">{t.yes}</option>
        <option value="false">{t.no}</option>
      </select>
    );
  }
  // A day is enough for an instant, too.
  const plain = { ...field, required: false, type: field.type === "DATE_TIME" ? ("DATE" as const) : field.type };
  if (operator === "between") {
    const [from = "", to = ""] = value.split("..", 2);
    return (
      <div className={styles.row}>
        {[from, to].map((end, place) => (
          <Edit
            key={place}
            id={`condition-${place}`}
            label={`${field.label} ${place === 0 ? "≥" : "≤"}`}
            field={plain}
            value={end === "" ? null : end}
            around={around}
            onChange={(next, told) => {
              setFault(String(place), told);
              const ends = [from, to];
              ends[place] = next === null ? "" : String(next);
              write(ends.join("") === "" ? "" : ends.join(".."));
            }}
          />
        ))}
      </div>
    );
  }
  return (
    <Edit
      id="condition"
      label={field.label}
      field={{
        ...plain,
        type: plain.type === "LONG_TEXT" || plain.type === "RICH_TEXT" || plain.type === "NUMBER" ? "TEXT" : plain.type,
      }}
      value={value === "" ? null : value}
      around={around}
      autoFocus
      onChange={(next, told) => {
        setFault("", told);
        write(next === null ? "" : String(next));
      }}
    />
  );
}
