/** One field of a record's page: its value, and the editor that takes its place. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Ellipsis, Pencil } from "lucide-react";
import { useShell } from "../../api/cache";
import type { FieldInfo, LayoutItem, ObjectSummary } from "../../api/metadata";
import { valueAt } from "../../api/paths";
import { Offline } from "../../api/transport";
import { KINDS, type Reference } from "../../fields/kinds";
import { Show } from "../../fields/show";
import { type Clash, ConflictDialog } from "../../form/conflict";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as peekTexts from "../../texts/peek";
import * as texts from "../../texts/record";
import { Menu } from "../../ui/menu";
import { peek } from "../../ui/peek";
import { tell } from "../../ui/toasts";
import { movedOnly } from "../../form/start-states";
import { sameValue } from "./altered";
import { FieldEditor, type Typed } from "./field-editor";
import { FieldHistory } from "./history";
import styles from "./record.module.css";
import type { OpenRecord } from "./use-record";
import { type Change, takeBack, write } from "./write";

type FieldItem = LayoutItem & { __typename: "FieldItem" };

interface Props {
  item: FieldItem;
  open: OpenRecord;
  /** The fields that the last save altered beside its own. */
  altered: ReadonlySet<string>;
  setAltered: (names: ReadonlySet<string>) => void;
  className?: string;
}

/** Whether a field can be edited where it stands: what is masked is part of a value, and takes its place if written. */
export const editableInPlace = ({ item, open }: Pick<Props, "item" | "open">) =>
  open.asOf === null &&
  open.record._can.edit &&
  item.field.writable &&
  !movedOnly(open.object, item.field) &&
  !item.readOnly &&
  item.field.access === "READ_WRITE" &&
  KINDS[item.field.type].entry !== "none";

/** The record that a field refers to, if its page can be opened. */
function relatedTo({ type, target }: FieldInfo, value: unknown, objects: readonly ObjectSummary[]) {
  if ((type !== "RELATION" && type !== "UNION") || value == null) return null;
  const { id, _title, __typename } = value as Reference;
  const plural = objects.find(({ name }) => name === (target ?? __typename))?.plural;
  return plural == null || _title === null ? null : { plural, id, title: _title };
}

export function RecordField({ item, open, altered, setAltered, className }: Props) {
  const { field } = item;
  const t = useTexts();
  const a = useArea(texts);
  const p = useArea(peekTexts);
  const value = valueAt(open.record, field.name);
  const shell = useShell().data;
  // Whoever looks as another person does not write as them.
  const editable = shell?.viewer.actingAs == null && editableInPlace({ item, open });
  /** What is typed, with the version and value over which it is. */
  const [editing, edit] = useState<{ typed: Typed; version: number; before: unknown } | null>(null);
  const [reason, setReason] = useState<{ text: string; alike: boolean } | null>(null);
  const [clash, setClash] = useState<{ fields: Clash[]; version: number; change: Change } | null>(null);
  const related = relatedTo(field, value, shell?.objects ?? []);
  const box = useRef<HTMLDivElement>(null);
  const [history, showHistory] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const back = useRef(false);
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  useEffect(() => {
    if (editing !== null || !back.current) return;
    back.current = false;
    pencil.current?.focus();
  }, [editing]);

  const begin = () => {
    setReason(null);
    edit({ typed: { value, changed: false, fault: null }, version: open.record.version, before: value });
  };
  const close = (focus: boolean) => {
    back.current = focus;
    setReason(null);
    edit(null);
  };

  async function save(change: Change, focus: boolean) {
    close(focus);
    const reopen = (text: string, alike = false) => {
      // Whoever has gone on is told; the field shows what it was before.
      if (!here.current) return tell(`${field.label}: ${text}`);
      setReason({ text, alike });
      const typed = { value: change.value, changed: true, fault: null };
      edit({ typed, version: change.version, before: change.before });
    };
    const outcome = await write(open, change).catch((error: Error) => error);
    if (outcome instanceof Error) return reopen(outcome instanceof Offline ? t.offline : outcome.message);
    if ("refused" in outcome) return reopen(outcome.refused, outcome.alike);
    if ("theirs" in outcome) {
      if (sameValue(outcome.theirs, change.value)) return;
      if (!here.current) return tell(`${field.label}: ${t.conflict}`);
      const fields = [{ field, mine: change.value, theirs: outcome.theirs }];
      return setClash({ fields, version: outcome.version, change: { ...change, before: outcome.theirs } });
    }
    setAltered(new Set(outcome.altered.map(({ name }) => name)));
    const beside = outcome.altered.map(({ label }) => label);
    tell(beside.length === 0 ? a.fieldSaved(field.label) : a.fieldSavedBeside(field.label, beside), {
      label: t.undo,
      run: () =>
        void takeBack(open, change, outcome.saved).then(
          (refused) => refused !== null && tell(refused),
          (error: Error) => tell(error.message),
        ),
    });
  }

  /** Saves what is typed, or closes where nothing is; what is no value stays to be mended. */
  const leave = (typed: Typed, focus: boolean, allowDuplicates = false) => {
    if (editing === null || typed.fault !== null) return;
    const { before, version } = editing;
    if (!typed.changed || (sameValue(typed.value, before) && reason === null)) return close(focus);
    void save({ field, before, value: typed.value, version, allowDuplicates }, focus);
  };

  const pressed = (event: KeyboardEvent) => {
    if (event.key !== "F2" || !editable || editing !== null) return;
    event.preventDefault();
    begin();
  };

  return (
    <div
      ref={box}
      data-field={field.name}
      className={`${className ?? ""} ${styles.field} ${altered.has(field.name) ? styles.altered : ""}`}
      onKeyDown={pressed}
    >
      <dt>{field.label}</dt>
      {editing === null ? (
        <dd className={styles.value} onDoubleClick={editable ? begin : undefined}>
          <span className={styles.shown}>
            <Show field={field} value={value} />
          </span>
          {editable && (
            <button
              ref={pencil}
              type="button"
              className={styles.pencil}
              aria-label={a.editField(field.label)}
              title={a.editField(field.label)}
              onClick={begin}
            >
              <Pencil size={13} aria-hidden="true" />
            </button>
          )}
          {open.asOf === null && (
            <span className={styles.menu}>
              <Menu
                icon
                kind="quiet"
                label={a.fieldMenu(field.label)}
                choices={[
                  ...(editable ? [{ key: "edit", label: t.edit, run: begin }] : []),
                  ...(related === null
                    ? []
                    : [
                        {
                          key: "peek",
                          label: p.peek(related.title),
                          run: () => peek({ ...related, from: box.current! }),
                        },
                      ]),
                  { key: "history", label: a.fieldHistory, run: () => showHistory(true) },
                ]}
              >
                <Ellipsis size={14} aria-hidden="true" />
              </Menu>
            </span>
          )}
        </dd>
      ) : (
        <dd>
          <FieldEditor
            open={open}
            field={field}
            typed={editing.typed}
            type={(typed) => edit((now) => now && { ...now, typed })}
            reason={reason}
            leave={leave}
            giveUp={() => close(true)}
          />
        </dd>
      )}
      {history && <FieldHistory open={open} field={field} close={() => showHistory(false)} />}
      {clash !== null && (
        <ConflictDialog
          clashes={clash.fields}
          close={() => setClash(null)}
          settle={(theirs) => {
            setClash(null);
            if (theirs.length === 0) void save({ ...clash.change, version: clash.version }, true);
          }}
        />
      )}
    </div>
  );
}
