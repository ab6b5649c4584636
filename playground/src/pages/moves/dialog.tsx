/** What a move asks for: its own fields, and those without which the state to which it leads takes no record. */

import { useState } from "react";
import type { FieldInfo, FlowMove, ObjectSummary } from "../../api/metadata";
import { nested, valueAt, type Values } from "../../api/paths";
import { FormField } from "../../form/field";
import { Creator } from "../../form/lazy-creator";
import { inputOf } from "../../form/values";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/moves";
import { FormDialog } from "../../ui/form-dialog";
import { lacking, type Lacking } from "./flow";
import { makeMove, type Movable, type Moved } from "./make";

interface Props {
  object: ObjectSummary;
  fields: ReadonlyMap<string, FieldInfo>;
  record: Movable;
  move: FlowMove;
  /** What the move was refused with. */
  lacks: Lacking;
  close: () => void;
  done: (moved: Moved | null) => void;
}

export default function MoveDialog({ object, fields, record, move, lacks, close, done }: Props) {
  const a = useArea(texts);
  const [values, write] = useState<Values>({});
  const [told, tell] = useState<Lacking>(lacks);
  const [misread, misreads] = useState<ReadonlyMap<string, string>>(new Map());
  const [busy, setBusy] = useState(false);
  const own = move.input.flatMap(({ field, required }) => {
    const known = fields.get(field);
    return known === undefined ? [] : [{ ...known, required }];
  });
  const given = (name: string) => own.some((field) => field.name === name);
  const asked = [
    ...own,
    ...told.fields
      .filter(({ name }) => !given(name))
      .map((field) => ({ ...field, required: field.type !== "BOOLEAN" })),
  ];
  const stored = (name: string) => valueAt(record.values, name);
  const valueOf = (name: string) => (name in values ? values[name] : stored(name));

  /** As inputs take it: what is typed, and what is there where the move needs it. */
  const inputs = (which: readonly FieldInfo[]): Values =>
    Object.fromEntries(
      which
        .filter(({ name, required }) => name in values || (required && given(name)))
        .map((field) => [field.name, inputOf(field, valueOf(field.name), undefined)]),
    );
  const patch = () => inputs(asked.filter(({ name }) => !given(name)));

  const submit = async () => {
    if (misread.size > 0) return;
    const empty = asked.filter(({ name, required }) => required && (valueOf(name) ?? null) === null);
    if (empty.length > 0)
      return tell({ ...told, faults: new Map(empty.map(({ name, label }) => [name, a.needed(label)])), general: [] });
    setBusy(true);
    try {
      const answer = await makeMove(object, fields.get(object.flow!.field), move, record, {
        input: inputs(own),
        patch: patch(),
      });
      if ("moved" in answer) return done(answer.moved);
      const next = lacking(answer.errors, move, fields, object.flow!.field, record.open);
      const before = told.fields.filter(({ name }) => !next.fields.some((field) => field.name === name));
      tell({ ...next, fields: [...before, ...next.fields] });
    } catch (error) {
      tell({ ...told, general: [error instanceof Error ? error.message : String(error)] });
    } finally {
      setBusy(false);
    }
  };

  return (
    <FormDialog
      title={a.asks(move.label, record.title)}
      ok={move.label}
      problem={told.general.length === 0 ? null : told.general.join(" ")}
      busy={busy}
      onClose={close}
      onSubmit={() => void submit()}
    >
      {asked.map((field, place) => (
        <FormField
          key={field.name}
          field={field}
          value={valueOf(field.name)}
          onChange={(value, fault) => {
            const still = (faults: ReadonlyMap<string, string>) =>
              new Map([...faults].filter(([name]) => name !== field.name));
            misreads((before) => (fault === null ? still(before) : new Map(before).set(field.name, fault)));
            tell((before) => ({ ...before, faults: still(before.faults) }));
            if (fault === null) write((before) => ({ ...before, [field.name]: value }));
          }}
          around={{ object: object.name, id: record.id, draft: () => nested(patch()), Creator }}
          fault={misread.get(field.name) ?? told.faults.get(field.name)}
          required={field.required}
          readOnly={false}
          options={null}
          span={1}
          autoFocus={place === 0}
        />
      ))}
    </FormDialog>
  );
}
