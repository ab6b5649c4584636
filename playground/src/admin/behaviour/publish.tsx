/** What a publish or a removal of a text does, asked before it is done. */

import { type FormEvent, useState } from "react";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as behaviour from "../../texts/behaviour";
import * as changes from "../../texts/changes";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Notice } from "../../ui/notices";
import { Failed } from "../../ui/states";
import admin from "../admin.module.css";
import type { Diagnostic } from "../documents";
import { Faults } from "../draft-panel";
import { Differences } from "../roles/differences";
import type { Applied } from "./documents";
import { useObjectLabels } from "./holds";
import { readBehaviour, type StoredText, titleOf } from "./read";

/** Does something once, and keeps what stands against it. */
function useOnce() {
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<readonly Diagnostic[]>([]);
  const [error, setError] = useState<unknown>(null);
  const run = async (work: () => Promise<readonly Diagnostic[]>) => {
    setBusy(true);
    setError(null);
    try {
      setFaults(await work());
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return { busy, faults, error, run };
}

/** What a dry run has told. */
function Outcome({ tried }: { tried: Applied }) {
  const c = useArea(changes);
  return (
    <>
      {tried.warnings.length > 0 && (
        <Notice tone="warn">
          <ul>
            {tried.warnings.map(({ message }) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </Notice>
      )}
      <ul className={admin.list}>
        {tried.changes.map((change, place) => (
          <li key={place}>
            <span className={`${admin.risk} ${change.risk === "SAFE" ? "" : admin.risky}`}>
              {c.risks[change.risk] ?? change.risk}
            </span>{" "}
            {c.changeKinds[change.kind] ?? change.kind} <strong>{change.object}</strong>
            {change.reason !== null && <div className={admin.muted}>{change.reason}</div>}
          </li>
        ))}
      </ul>
      {tried.impact.length > 0 && <Differences found={tried.impact} />}
    </>
  );
}

interface PublishProps {
  name: string;
  tried: Applied;
  publish: (note: string) => Promise<readonly Diagnostic[]>;
  close: () => void;
}

export function Publish({ name, tried, publish, close }: PublishProps) {
  const t = useTexts();
  const a = useArea(behaviour);
  const [note, write] = useState("");
  const { busy, faults, error, run } = useOnce();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(() => publish(note.trim()));
  };
  return (
    <Dialog title={a.publishTitle(name)} onClose={close} wide={tried.impact.length > 0}>
      {error !== null && <Failed error={error} />}
      <Faults found={faults} />
      {tried.changes.length === 0 && <p>{a.notSame}</p>}
      <Outcome tried={tried} />
      <form className={admin.form} onSubmit={submit}>
        <label>
          {t.note}
          <input value={note} onChange={(event) => write(event.target.value)} autoFocus maxLength={500} />
        </label>
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          <Button type="submit" kind="main" isDisabled={busy || tried.changes.length === 0}>
            {t.publish}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

interface RemoveProps {
  name: string;
  all: readonly StoredText[];
  tried: Applied;
  remove: () => Promise<readonly Diagnostic[]>;
  close: () => void;
}

export function Remove({ name, all, tried, remove, close }: RemoveProps) {
  const t = useTexts();
  const a = useArea(behaviour);
  const lang = useLang();
  const labelOf = useObjectLabels();
  const { busy, faults, error, run } = useOnce();
  const text = all.find(({ path, custom }) => custom && path === name)?.text ?? "";
  const { flows, rules, others, approvals } = readBehaviour(text) ?? {
    flows: [],
    rules: [],
    others: [],
    approvals: [],
  };
  const standard = all
    .filter(({ custom }) => !custom)
    .flatMap((one) => readBehaviour(one.text)?.flows.map(({ object }) => object) ?? []);
  return (
    <Dialog title={a.removeTitle(name)} role="alertdialog" onClose={close} wide={tried.impact.length > 0}>
      {error !== null && <Failed error={error} />}
      <Faults found={[...tried.diagnostics, ...faults]} />
      {flows.length + rules.length + others.length + approvals.length > 0 && (
        <>
          <p>{a.removes}</p>
          <ul className={admin.rows}>
            {flows.map(({ object }, place) => (
              <li key={place}>
                {a.flowGone(labelOf(object))} {standard.includes(object) && a.flowBack(labelOf(object))}
              </li>
            ))}
            {approvals.map((approval) => (
              <li key={approval.code}>{a.approvalGone(titleOf(approval, lang), labelOf(approval.object))}</li>
            ))}
            {rules.map((rule) => (
              <li key={rule.code}>{a.ruleGone(titleOf(rule, lang))}</li>
            ))}
            {others.map((one) => (
              <li key={one.code}>{a.otherGone(titleOf(one, lang))}</li>
            ))}
          </ul>
        </>
      )}
      <Outcome tried={tried} />
      <Actions>
        <Button onPress={close}>{t.cancel}</Button>
        <Button kind="danger" isDisabled={busy || tried.diagnostics.length > 0} onPress={() => void run(remove)}>
          {a.remove}
        </Button>
      </Actions>
    </Dialog>
  );
}
