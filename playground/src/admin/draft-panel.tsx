/** What a draft changes, what stands against it, whom it touches; and its publish. */

import { useState } from "react";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as changes from "../texts/changes";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { Notice } from "../ui/notices";
import { Failed } from "../ui/states";
import { tell } from "../ui/toasts";
import styles from "./admin.module.css";
import type { Diagnostic } from "./documents";
import type { DraftEditor } from "./use-draft";

export function DraftPanel({ editor }: { editor: DraftEditor }) {
  const t = useTexts();
  const c = useArea(changes);
  const { draft } = editor;
  const [publishing, ask] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (draft === null) return <p className={styles.muted}>{t.noDraft}</p>;
  const dangerous = draft.changes.some(({ risk }) => risk === "DESTRUCTIVE" || risk === "RETIRES");
  return (
    <section className={styles.panel} aria-label={t.draft}>
      <div className={styles.head}>
        <h2>{t.draft}</h2>
        <Button
          kind="quiet"
          onPress={() => {
            if (draft.changes.length === 0 || confirm(t.draftDropAsk)) void editor.drop().catch(setError);
          }}
        >
          {t.discard}
        </Button>
        <Button
          kind="main"
          isDisabled={draft.changes.length === 0 || draft.diagnostics.length > 0}
          onPress={() => ask(true)}
        >
          {t.publish}…
        </Button>
      </div>
      {error !== null && <Failed error={error} />}
      {draft.outdated && <Notice tone="warn">{t.draftOutdated}</Notice>}
      <Faults found={draft.diagnostics} />
      {draft.changes.length === 0 && draft.diagnostics.length === 0 && <p className={styles.muted}>{t.draftSame}</p>}
      <ul className={styles.list}>
        {draft.changes.map((change, place) => {
          const touched = draft.impact.find(({ object, field }) => object === change.object && field === change.field);
          return (
            <li key={place}>
              <span className={`${styles.risk} ${change.risk === "SAFE" ? "" : styles.risky}`}>
                {c.risks[change.risk] ?? change.risk}
              </span>{" "}
              {c.changeKinds[change.kind] ?? change.kind}{" "}
              <strong>{change.field === null ? change.object : `${change.object}.${change.field}`}</strong>
              {change.reason !== null && <div className={styles.muted}>{change.reason}</div>}
              {touched !== undefined && touched.records > 0 && (
                <div className={styles.muted}>{t.impactRecords(touched.records, touched.failing ?? 0)}</div>
              )}
              {touched !== undefined && touched.uses.length > 0 && (
                <div className={styles.muted}>
                  {t.usedBy} {touched.uses.map(({ kind, name }) => `${t.useKinds[kind] ?? kind} ${name}`).join(", ")}
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {publishing && <Publish editor={editor} dangerous={dangerous} close={() => ask(false)} />}
    </section>
  );
}

export const Faults = ({ found }: { found: readonly Diagnostic[] }) => (
  <ul className={styles.list}>
    {found.map((fault, place) => (
      <li key={place} className={styles.fault}>
        {fault.line > 0 ? `${fault.line}:${fault.column} ` : ""}
        {fault.message} {fault.hint}
      </li>
    ))}
  </ul>
);

function Publish({ editor, dangerous, close }: { editor: DraftEditor; dangerous: boolean; close: () => void }) {
  const t = useTexts();
  const [note, write] = useState("");
  const [layouts, accept] = useState(true);
  const [sure, confirmIt] = useState(false);
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<Diagnostic[]>([]);
  const [error, setError] = useState<unknown>(null);
  const publish = async () => {
    setBusy(true);
    setError(null);
    try {
      const told = await editor.publish(note.trim(), layouts);
      setFaults(told.diagnostics);
      if (told.diagnostics.length > 0) return;
      tell(t.published(told.version));
      if (told.lacking.length > 0) tell(t.lacking(told.lacking.map(({ object }) => object).join(", ")));
      close();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.publish} onClose={close}>
      {error !== null && <Failed error={error} />}
      <Faults found={faults} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void publish();
        }}
      >
        <label>
          {t.note}
          <input value={note} onChange={(event) => write(event.target.value)} autoFocus maxLength={500} />
        </label>
        <label className={styles.inline}>
          <input type="checkbox" checked={layouts} onChange={(event) => accept(event.target.checked)} />
          {t.acceptLayouts}
        </label>
        {dangerous && (
          <label className={styles.inline}>
            <input type="checkbox" checked={sure} onChange={(event) => confirmIt(event.target.checked)} />
            {t.dangerous}
          </label>
        )}
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          <Button type="submit" kind="main" isDisabled={busy || (dangerous && !sure)}>
            {t.publish}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
