/** A move of all records that are chosen, or of none: what it asks for, and what it was refused with. */

import { useState } from "react";
import { recordsChanged } from "../../api/cache";
import type { FieldInfo, FlowMove, ObjectSummary } from "../../api/metadata";
import { nested } from "../../api/paths";
import { ask } from "../../api/transport";
import { moveManyDocument } from "../../fields/moves";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/moves";
import { FormDialog } from "../../ui/form-dialog";
import { tell } from "../../ui/toasts";
import { type Many, type Meant, reasons } from "../list/many";
import { AskedFields, inputsOf, useAsked } from "./asked";
import { without } from "./flow";

interface Props {
  object: ObjectSummary;
  fields: ReadonlyMap<string, FieldInfo>;
  move: FlowMove;
  meant: Meant;
  count: number;
  close: () => void;
  done: () => void;
}

const NOTHING: ReadonlyMap<string, string> = new Map();
/** How many reasons are told. */
const MOST = 5;

export default function ManyDialog({ object, fields, move, meant, count, close, done }: Props) {
  const a = useArea(texts);
  const asked = useAsked(() => null);
  const [faults, setFaults] = useState(NOTHING);
  const [refused, refuse] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const own = inputsOf(move, fields);

  const submit = async () => {
    if (asked.misread.size > 0) return;
    const empty = asked.empty(own).map(({ name, label }) => [name, a.needed(label)] as const);
    setFaults(new Map(empty));
    if (empty.length > 0) return;
    setBusy(true);
    try {
      const given = own.length === 0 ? {} : { input: nested(asked.inputs(own)) };
      const variables = { ...meant, ...given, idempotencyKey: crypto.randomUUID() };
      const { data } = await ask<Many>("/graphql", moveManyDocument(object, move), variables);
      const errors = reasons(data.done?.userErrors ?? []);
      refuse(errors);
      if (errors.length > 0) return;
      tell(a.movedMany(move.label, data.done?.count ?? 0));
      done();
      await recordsChanged();
    } catch (error) {
      refuse([error instanceof Error ? error.message : String(error)]);
    } finally {
      setBusy(false);
    }
  };

  return (
    <FormDialog
      title={a.asksMany(move.label, count)}
      ok={move.label}
      problem={refused.length === 0 ? null : refused.slice(0, MOST).join(" ")}
      busy={busy}
      onClose={close}
      onSubmit={() => void submit()}
    >
      <AskedFields
        asked={asked}
        fields={own}
        faults={faults}
        forgive={(name) => setFaults((before) => without(before, name))}
        around={{ object: object.name, id: null, draft: () => ({}) }}
      />
    </FormDialog>
  );
}
