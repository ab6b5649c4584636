/** One form: what is typed, saved, kept, and settled with what others have done. */

import { useEffect, useMemo, useRef, useState } from "react";
import { Link, useBlocker, useNavigate, useRouter } from "@tanstack/react-router";
import { useKeys } from "../../ui/keys";
import { client, recordsChanged } from "../../api/cache";
import { fieldsOf, formDocument, itemsOf } from "../../fields/documents";
import { DROP_DRAFT, type FormDraft, type Layout, metadata, type ObjectSummary } from "../../api/metadata";
import { valueAt, type Values } from "../../api/paths";
import { ask } from "../../api/transport";
import { type Clash, ConflictDialog } from "../../form/conflict";
import { Creator } from "../../form/lazy-creator";
import { Retired } from "../../form/retired";
import { FormSections } from "../../form/sections";
import { withStates } from "../../form/start-states";
import type { UserError } from "../../form/use-draft";
import { useForm } from "../../form/use-form";
import { useKept } from "../../form/use-kept";
import { EMPTY, type FormState, isDirty, type LineRow, retiredFields } from "../../form/values";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { buttonLook } from "../../ui/button-look";
import { Actions, Dialog } from "../../ui/dialog";
import { Notice } from "../../ui/notices";
import { Failed } from "../../ui/states";
import { tell } from "../../ui/toasts";
import ui from "../../ui/ui.module.css";
import { localOf } from "../../values/dates";
import styles from "../page.module.css";

export type Stored = Values & { id: string; version: number; _title: string | null; _can: { edit: boolean } };

export interface Props {
  object: ObjectSummary;
  layout: Layout;
  /** The layout that it was opened with. */
  opened: Layout;
  stored: Stored | null;
  /** What was typed before and is gone on with. */
  kept: FormDraft | undefined;
  /** What was typed before and waits. */
  waiting: FormDraft | undefined;
  search: Record<string, string>;
}

/** The first state: what was kept, else what the address gives (`with.customer=ID`) and the stored lines. */
function starting({ layout, stored, kept, search }: Props): FormState {
  const before = kept?.data as FormState | undefined;
  if (before?.values !== undefined && before.lines !== undefined) return before;
  const values: Values = {};
  for (const [key, id] of Object.entries(search)) {
    const name = key.startsWith("with.") ? key.slice(5) : null;
    const field = name === null ? undefined : fieldsOf(layout).find((one) => one.name === name);
    if (field === undefined || stored !== null) continue;
    if (field.type === "RELATION") values[field.name] = { id, _title: null };
    else if (field.type === "DATE" && /^\d{4}-\d\d-\d\d$/.test(id)) values[field.name] = id;
    else if (field.type === "DATE_TIME" && localOf(id, "UTC") !== "") values[field.name] = id;
  }
  const lines: Record<string, LineRow[]> = {};
  for (const item of itemsOf(layout)) {
    if (item.__typename !== "LinesItem") continue;
    const rows = (stored?.[item.name] ?? []) as (Values & { id: string })[];
    lines[item.name] = rows.map((row) => ({ key: row.id, id: row.id, values: {}, stored: row, removed: false }));
  }
  return { ...EMPTY, values, lines };
}

export function FormPage(props: Props) {
  const { object, stored, kept, waiting } = props;
  const [layout, opened] = useMemo(
    () => [props.layout, props.opened].map((one) => withStates(one, object.flow, stored === null)) as [Layout, Layout],
    [props.layout, props.opened, object.flow, stored],
  );
  const t = useTexts();
  const navigate = useNavigate();
  const router = useRouter();
  const [start] = useState(() => starting(props));
  const id = stored?.id ?? null;
  const form = useForm(object, layout, stored, start);
  const [busy, setBusy] = useState(false);
  const sending = useRef(false);
  const focused = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (busy || focused.current === null) return;
    // Back to what is to be mended, or to where the save was asked for.
    const wrong = body.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    (wrong ?? focused.current).focus();
    focused.current = null;
  }, [busy]);
  const [error, setError] = useState<unknown>(null);
  const [general, setGeneral] = useState<string[]>([]);
  const [clash, setClash] = useState<{ fields: Clash[]; version: number } | null>(null);
  // What was kept was typed over an earlier version: what has happened since is a conflict.
  const version = useRef(kept?.base ?? stored?.version ?? null);
  const [waits, setWaits] = useState(waiting !== undefined);
  const keeper = useKept(object.name, id, version, form.state, start, kept?.id ?? null, waits);
  const leaving = useRef(false);
  const body = useRef<HTMLDivElement>(null);
  const plural = object.plural!;
  const title = stored === null ? t.createNamed(object.label) : (stored._title ?? object.label);
  const latest = useRef(form);
  latest.current = form;
  const [alike, setAlike] = useState(false);
  // What the address or an earlier visit brought is not typed yet.
  const dirty = form.state !== start && isDirty(form.state);
  useEffect(() => {
    document.title = `${title} · Tradewind`;
  }, [title]);
  const blocker = useBlocker({
    shouldBlockFn: () => !leaving.current && dirty,
    enableBeforeUnload: () => !leaving.current && dirty,
    withResolver: true,
  });

  /** What was kept before is not wanted; from here on this form keeps its own. */
  async function dropWaiting() {
    try {
      await metadata(DROP_DRAFT, { id: waiting!.id });
      setWaits(false);
      await client.invalidateQueries({ queryKey: ["drafts"] });
    } catch (problem) {
      setError(problem);
    }
  }

  /** Saves all that has been typed, but for fields of which theirs shall stay. */
  async function save(theirs: string[] = [], allowDuplicates = false) {
    if (sending.current) return;
    sending.current = true;
    // A field that is being typed in has its word first.
    focused.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    if (body.current?.contains(focused.current)) {
      focused.current?.blur();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    setBusy(true);
    setError(null);
    setGeneral([]);
    setAlike(false);
    try {
      await send(theirs, allowDuplicates);
    } catch (problem) {
      setError(problem);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  }

  async function send(theirs: string[], allowDuplicates = false) {
    const outcome = await latest.current.save(version.current, theirs, allowDuplicates);
    if ("saved" in outcome) {
      leaving.current = true;
      await keeper.drop();
      await recordsChanged();
      tell(t.savedNamed(outcome.saved?._title ?? object.label));
      // Who may write a record need not be one who may read it.
      const to =
        outcome.saved === null
          ? { to: "/o/$plural" as const, params: { plural } }
          : { to: "/o/$plural/$id" as const, params: { plural, id: outcome.saved.id } };
      await navigate({ ...to, replace: true });
    } else if ("conflict" in outcome) {
      await meet(outcome.conflict, theirs);
    } else {
      setAlike(outcome.alike);
      setGeneral(outcome.general);
    }
  }

  /** What only one side has touched joins by itself; for the rest, the person chooses. */
  async function meet(errors: UserError[], theirs: string[]) {
    const { data } = await ask<{ record: Stored | null }>("/graphql", formDocument(object, layout), { id });
    if (data.record === null) return setGeneral([t.notThereHint]);
    const newer = data.record;
    const now = latest.current;
    const found = errors.flatMap(({ path }): Clash[] => {
      const name = path.join(".");
      const field = now.fields.get(name);
      if (field === undefined || !(name in now.state.values) || theirs.includes(name)) return [];
      return [{ field, mine: now.state.values[name], theirs: valueAt(newer, name) }];
    });
    const given = now.patch();
    const lines = errors.filter(({ path: [name] }) => name !== undefined && name in now.state.lines && name in given);
    if (lines.length > 0) setGeneral([...lines.map(({ message }) => message), t.linesConflict]);
    if (found.length > 0) return setClash({ fields: found, version: newer.version });
    if (lines.length > 0) {
      // Rows that both have changed are told once; the next save puts these over theirs.
      version.current = newer.version;
      return;
    }
    version.current = newer.version;
    await send(theirs);
  }

  /** Back to where the form was opened; to the list or record where it was opened by its address. */
  const cancel = () => {
    if (router.history.canGoBack()) return router.history.back();
    void navigate(
      id === null ? { to: "/o/$plural", params: { plural } } : { to: "/o/$plural/$id", params: { plural, id } },
    );
  };

  useKeys({
    "Control+s": () => void save(),
    "Control+Enter": () => void save(),
  });

  const faultCount = form.faults.size;
  return (
    <div className={styles.page} ref={body}>
      <div className={styles.head}>
        <div className={styles.titles}>
          <Link to="/o/$plural" params={{ plural }}>
            {object.labelPlural}
          </Link>
          <h1>{title}</h1>
        </div>
        <Button onPress={cancel}>{t.cancel}</Button>
        <Button kind="main" isDisabled={busy} onPress={() => void save()}>
          {busy ? t.saving : t.save}
        </Button>
        {(faultCount > 0 || general.length > 0) && (
          <div className={styles.headNotice}>
            <Notice tone="bad" role="alert">
              <div className={ui.noticeText}>
                <strong>{t.faults(faultCount + general.length)}</strong>
                {general.map((text) => (
                  <div key={text}>{text}</div>
                ))}
              </div>
            </Notice>
          </div>
        )}
      </div>
      {waiting !== undefined && waits && (
        <Notice>
          <span className={ui.noticeText}>{t.draftWaits}</span>
          <Button onPress={() => void dropWaiting()}>{t.discard}</Button>
          <Link to="." search={{ draft: waiting.id }} className={buttonLook()} onClick={() => (leaving.current = true)}>
            {t.draftResume}
          </Link>
        </Notice>
      )}
      {error !== null && <Failed error={error} retry={() => void save()} />}
      {form.drafted !== null && form.drafted.duplicates.length > 0 && (
        <Notice tone="warn" role="status">
          <div className={ui.noticeText}>
            {t.duplicates}{" "}
            {form.drafted.duplicates.map(({ id: other, text, rule }, place) => (
              <span key={other ?? rule + place}>
                {other === null ? (
                  t.hidden
                ) : (
                  <Link to="/o/$plural/$id" params={{ plural, id: other }} target="_blank">
                    {text ?? other}
                  </Link>
                )}{" "}
              </span>
            ))}
          </div>
        </Notice>
      )}
      {alike && (
        <Notice tone="warn" role="alert">
          <span className={ui.noticeText}>{t.alikeRefused}</span>
          <Button onPress={() => void save([], true)}>{t.saveAlike}</Button>
        </Notice>
      )}
      <form
        inert={busy}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <FormSections
          layout={layout}
          state={form.state}
          stored={stored}
          drafted={form.drafted}
          faults={form.faults}
          around={{ object: object.name, id, draft: form.patch, Creator }}
          write={form.write}
          changeLines={form.changeLines}
          setFault={form.setFault}
        />
        <Retired fields={retiredFields(opened, layout, form.state)} state={form.state} />
      </form>
      {clash !== null && (
        <ConflictDialog
          clashes={clash.fields}
          close={() => setClash(null)}
          settle={(theirs) => {
            version.current = clash.version;
            setClash(null);
            void save(theirs);
          }}
        />
      )}
      {blocker.status === "blocked" && (
        <Dialog title={t.leaveAsk} role="alertdialog" onClose={blocker.reset}>
          <Actions>
            <Button onPress={blocker.reset}>{t.keepEditing}</Button>
            <Button
              kind="danger"
              onPress={() => {
                leaving.current = true;
                void keeper.drop().then(blocker.proceed);
              }}
            >
              {t.discard}
            </Button>
            <Button
              kind="main"
              onPress={() =>
                void keeper.keep().then(blocker.proceed, (problem) => {
                  blocker.reset();
                  setError(problem);
                })
              }
            >
              {t.leaveKeep}
            </Button>
          </Actions>
        </Dialog>
      )}
    </div>
  );
}
