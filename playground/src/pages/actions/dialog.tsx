/** What an action asks for, and what it was refused with: at its place, or as another record that looks the same. */

import { useState } from "react";
import { Link } from "@tanstack/react-router";
import type { NamedAction } from "../../api/actions";
import { recordsChanged, useShell } from "../../api/cache";
import type { ObjectSummary } from "../../api/metadata";
import type { Duplicate } from "../../form/use-draft";
import { Creator } from "../../form/lazy-creator";
import { useTexts } from "../../texts";
import * as texts from "../../texts/actions";
import { useArea } from "../../texts/area";
import * as moveTexts from "../../texts/moves";
import { Button } from "../../ui/button";
import { FormDialog } from "../../ui/form-dialog";
import { Notice } from "../../ui/notices";
import ui from "../../ui/ui.module.css";
import { AskedFields, begun, useAsked } from "../moves/asked";
import { without } from "../moves/flow";
import { act, type Made, type Subject } from "./act";
import { refusal, type Refusal } from "./offered";

interface Props {
  object: ObjectSummary;
  record: Subject;
  action: NamedAction;
  close: () => void;
  done: (made: Made[]) => void;
}

const NOTHING: Refusal & { duplicates: Duplicate[] } = {
  faults: new Map(),
  general: [],
  alike: null,
  duplicates: [],
};

export default function ActionDialog({ object, record, action, close, done }: Props) {
  const t = useTexts();
  const a = useArea(texts);
  const m = useArea(moveTexts);
  const objects = useShell().data?.objects ?? [];
  const asked = useAsked(begun(action.input));
  const [told, tell] = useState(NOTHING);
  const [busy, setBusy] = useState(false);
  const known = (name: string | null) => objects.find((one) => one.name === name);
  const labelOf = (name: string) => known(name)?.label ?? name;
  const under = (name: string, text: string) => a.under(labelOf(name), text);

  const submit = async (allowDuplicates = false) => {
    if (busy || asked.misread.size > 0) return;
    const empty = asked.empty(action.input).map(({ name, label }) => [name, m.needed(label)] as const);
    tell({ ...NOTHING, faults: new Map(empty) });
    if (empty.length > 0) return;
    setBusy(true);
    try {
      const outcome = await act(action, record, asked.inputs(action.input), allowDuplicates);
      if ("made" in outcome) return done(outcome.made);
      tell({ ...refusal(outcome.errors, action, under), duplicates: outcome.duplicates });
      // The record may have been changed meanwhile: the page below shows it as it is.
      void recordsChanged();
    } catch (error) {
      tell({ ...NOTHING, general: [error instanceof Error ? error.message : String(error)] });
    } finally {
      setBusy(false);
    }
  };

  const makes = [...new Set(action.creates.map(({ object: made }) => labelOf(made)))];
  return (
    <FormDialog
      title={m.asks(action.label, record.title)}
      ok={action.label}
      problem={told.general.length === 0 ? null : told.general.join(" ")}
      busy={busy}
      onClose={close}
      onSubmit={() => void submit()}
    >
      {told.alike !== null && (
        <Notice tone="warn" role="alert">
          <span className={ui.noticeText}>
            {told.duplicates.length === 0 ? t.alikeRefused : `${t.duplicates} `}
            {told.duplicates.map(({ id, text, rule }, place) => (
              <Alike key={id ?? rule + place} plural={known(told.alike)?.plural ?? null} id={id} text={text} />
            ))}
          </span>
          <Button onPress={() => void submit(true)}>{a.makeAlike}</Button>
        </Notice>
      )}
      {action.input.length === 0 && <p>{a.makes(makes)}</p>}
      <AskedFields
        asked={asked}
        fields={action.input}
        faults={told.faults}
        forgive={(name) => tell((before) => ({ ...before, alike: null, faults: without(before.faults, name) }))}
        around={{ object: object.name, id: record.id, draft: () => ({}), asker: action.code, Creator }}
      />
    </FormDialog>
  );
}

/** A record that looks the same, as far as the viewer may know it. */
function Alike({ plural, id, text }: { plural: string | null; id: string | null; text: string | null }) {
  const t = useTexts();
  if (id === null) return <>{t.hidden} </>;
  if (plural === null) return <>{text ?? id} </>;
  return (
    <>
      <Link to="/o/$plural/$id" params={{ plural, id }} target="_blank">
        {text ?? id}
      </Link>{" "}
    </>
  );
}
