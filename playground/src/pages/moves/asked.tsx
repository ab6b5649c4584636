/** The fields that a move or an action asks for, as they are typed: what is needed, what is wrong, what is given. */

import { useState } from "react";
import type { FieldInfo } from "../../api/metadata";
import type { Values } from "../../api/paths";
import type { Surroundings } from "../../fields/edit";
import { FormField } from "../../form/field";
import { inputOf } from "../../form/values";

/** What stands in fields of no record: nothing, but that a box which must say yes or no says no. */
export const begun = (fields: readonly FieldInfo[]) => (name: string) =>
  fields.some((field) => field.name === name && field.required && field.type === "BOOLEAN") ? false : null;

/** What has been typed over what is there. */
export function useAsked(stored: (name: string) => unknown) {
  const [values, write] = useState<Values>({});
  const [misread, misreads] = useState<ReadonlyMap<string, string>>(new Map());
  const valueOf = (name: string) => (name in values ? values[name] : stored(name));
  return {
    valueOf,
    misread,
    type: (name: string, value: unknown, fault: string | null) => {
      misreads((before) => new Map([...before, [name, fault ?? ""] as const].filter(([, text]) => text !== "")));
      if (fault === null) write((before) => ({ ...before, [name]: value }));
    },
    /** Those that are needed and empty. */
    empty: (fields: readonly FieldInfo[]) =>
      fields.filter(({ name, required }) => required && (valueOf(name) ?? null) === null),
    /** As inputs take them: what is typed, and what is there where it is needed. */
    inputs: (fields: readonly FieldInfo[]): Values =>
      Object.fromEntries(
        fields
          .filter(({ name, required }) => name in values || required)
          .map((field) => [field.name, inputOf(field, valueOf(field.name), undefined)]),
      ),
  };
}

interface Props {
  asked: ReturnType<typeof useAsked>;
  fields: readonly FieldInfo[];
  faults: ReadonlyMap<string, string>;
  /** What was wrong with a field is as good as gone once it is typed in. */
  forgive: (name: string) => void;
  around: Surroundings;
}

export const AskedFields = ({ asked, fields, faults, forgive, around }: Props) =>
  fields.map((field, place) => (
    <FormField
      key={field.name}
      field={field}
      value={asked.valueOf(field.name)}
      onChange={(value, fault) => {
        forgive(field.name);
        asked.type(field.name, value, fault);
      }}
      around={around}
      fault={asked.misread.get(field.name) ?? faults.get(field.name)}
      required={field.required}
      readOnly={false}
      options={null}
      span={1}
      autoFocus={place === 0}
    />
  ));
