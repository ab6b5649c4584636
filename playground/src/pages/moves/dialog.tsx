/** What a move asks for: its own fields, and those without which the state to which it leads takes no record. */

import { useState } from "react";
import type { FieldInfo, FlowMove, ObjectSummary } from "../../api/metadata";
import { nested, valueAt } from "../../api/paths";
import { Creator } from "../../form/lazy-creator";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/moves";
import { FormDialog } from "../../ui/form-dialog";
import { AskedFields, useAsked } from "./asked";
import { inputsOf, lacking, type Lacking, without } from "./flow";
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
  const asked = useAsked((name) => valueAt(record.values, name));
  const [told, tell] = useState<Lacking>(lacks);
  const [busy, setBusy] = useState(false);
  const own = inputsOf(move, fields);
  const others = told.fields
    .filter(({ name }) => !own.some((field) => field.name === name))
    .map((field) => ({ ...field, required: field.type !== "BOOLEAN" }));
  const all = [...own, ...others];

  const submit = async () => {
    if (asked.misread.size > 0) return;
    const empty = asked.empty(all).map(({ name, label }) => [name, a.needed(label)] as const);
    if (empty.length > 0) return tell({ ...told, faults: new Map(empty), general: [] });
    setBusy(true);
    try {
      const given = { input: asked.inputs(own), patch: asked.inputs(others) };
      const answer = await makeMove(object, fields.get(object.flow!.field), move, record, given);
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
      <AskedFields
        asked={asked}
        fields={all}
        faults={told.faults}
        forgive={(name) => tell((before) => ({ ...before, faults: without(before.faults, name) }))}
        around={{ object: object.name, id: record.id, draft: () => nested(asked.inputs(others)), Creator }}
      />
    </FormDialog>
  );
}
