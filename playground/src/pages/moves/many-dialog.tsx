/** A move or an action of all records that are chosen, or of none: what it asks for, and what it was refused with. */

import { useState } from "react";
import { recordsChanged } from "../../api/cache";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import { nested } from "../../api/paths";
import { ask } from "../../api/transport";
import * as actionTexts from "../../texts/actions";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/moves";
import { FormDialog } from "../../ui/form-dialog";
import { Notice } from "../../ui/notices";
import { tell } from "../../ui/toasts";
import { type Many, type Meant, reasons } from "../list/many";
import { AskedFields, begun, useAsked } from "./asked";
import { without } from "./flow";

/** What is done with all of them. */
export interface Deed {
  label: string;
  /** What it asks for. */
  input: readonly FieldInfo[];
  document: string;
  /** The action that asks; none for a move, which asks for fields of the record. */
  asker?: string;
  /** Whether it is tried first: nothing takes back at once what it makes. */
  tries: boolean;
}

interface Props {
  object: ObjectSummary;
  deed: Deed;
  meant: Meant;
  count: number;
  close: () => void;
  done: () => void;
}

const NOTHING: ReadonlyMap<string, string> = new Map();
/** How many reasons are told. */
const MOST = 5;

export default function ManyDialog({ object, deed, meant, count, close, done }: Props) {
  const a = useArea(texts);
  const b = useArea(actionTexts);
  const asked = useAsked(begun(deed.input));
  const [faults, setFaults] = useState(NOTHING);
  const [refused, refuse] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const { label, input, document, asker, tries } = deed;
  /** How many of them it would be done for, once that was tried with what is typed. */
  const [tried, setTried] = useState<number | null>(null);
  const trial = tries && tried === null;

  const submit = async () => {
    if (asked.misread.size > 0) return;
    const empty = asked.empty(input).map((field) => [field.name, a.needed(field.label)] as const);
    setFaults(new Map(empty));
    if (empty.length > 0) return;
    setBusy(true);
    try {
      const given = input.length === 0 ? {} : { input: nested(asked.inputs(input)) };
      const variables = { ...meant, ...given, ...(trial ? { dryRun: true } : { idempotencyKey: crypto.randomUUID() }) };
      const { data } = await ask<Many>("/graphql", document, variables);
      const errors = reasons(data.done?.userErrors ?? []);
      refuse(errors);
      if (errors.length > 0) return setTried(null);
      if (trial) return setTried(data.done?.count ?? 0);
      tell(a.movedMany(label, data.done?.count ?? 0));
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
      title={a.asksMany(label, count)}
      ok={trial ? b.check : label}
      problem={refused.length === 0 ? null : refused.slice(0, MOST).join(" ")}
      busy={busy}
      onClose={close}
      onSubmit={() => void submit()}
    >
      {tried !== null && (
        <Notice tone="good" role="status">
          {b.tried(tried)}
        </Notice>
      )}
      <AskedFields
        asked={asked}
        fields={input}
        faults={faults}
        forgive={(name) => {
          setTried(null);
          setFaults((before) => without(before, name));
        }}
        around={{ object: object.name, id: null, draft: () => ({}), asker }}
      />
    </FormDialog>
  );
}
