/** Chooses the record to which a field refers: candidates by characters, pinyin or initials. */

import { type KeyboardEvent, Suspense, useEffect, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { composing } from "../ui/keys";
import { client, useShell } from "../api/cache";
import { type Candidate, candidates } from "../api/finding";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as texts from "../texts/picker";
import { useBelow } from "../ui/below";
import type { EditProps } from "./edit";
import styles from "./fields.module.css";
import type { Reference } from "./kinds";

type Props = Omit<EditProps, "value"> & {
  value: Reference | null;
  /** The name of the field for candidates, where it is not its own. */
  asked?: string;
  /** The object of the records, where the field does not say it. */
  target?: string;
};

/** What happens in a dialog is none of the keys, pastes and departures of the field that opened it. */
const apart = (event: { stopPropagation: () => void }) => event.stopPropagation();

export function Picker({
  field,
  value,
  onChange,
  onTaken,
  around,
  id,
  disabled,
  invalid,
  describedBy,
  autoFocus,
  label,
  asked,
  target,
}: Props) {
  const t = useTexts();
  const a = useArea(texts);
  const [typed, setTyped] = useState<string | null>(null);
  /** The same at once: the focus may go before the page is drawn anew. */
  const typedNow = useRef<string | null>(null);
  const type = (text: string | null) => {
    typedNow.current = text;
    setTyped(text);
  };
  const [chosen, choose] = useState(0);
  const [search, setSearch] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const open = typed !== null;
  /** Whether a key has changed the text since the list was opened. */
  const changed = useRef(false);
  const show = () => {
    changed.current = false;
    type("");
  };
  const wanted = typed?.trim() ?? "";
  useEffect(() => {
    const timer = setTimeout(() => setSearch(wanted), 150);
    return () => clearTimeout(timer);
  }, [wanted]);
  const question = (text: string) => {
    const draft = around.draft();
    const named = asked ?? field.name;
    const path = around.asker === undefined ? named : `${around.asker}.${named}`;
    const asked_ = { object: around.object, field: path, id: around.id, draft };
    return {
      queryKey: ["candidates", asked_, text],
      queryFn: () => candidates({ ...asked_, search: text === "" ? undefined : text, first: 20 }),
      staleTime: 5_000,
    };
  };
  const found = useQuery({ ...question(search), enabled: open, placeholderData: (before) => before });
  const rows = found.data ?? [];
  const settled = search === wanted && !found.isFetching;
  useEffect(() => choose(0), [found.data]);
  const [making, make] = useState<{ text: string; begun: unknown } | null>(null);
  const { Creator } = around;
  const object = useShell().data?.objects.find(({ name }) => name === (target ?? field.target));
  const creates = Creator !== undefined && object?.may.includes("CREATE") === true;
  /** The row behind those that were found. */
  const last = rows.length;
  const begin = () => {
    changed.current = false;
    type(null);
    make({ text: wanted, begun: wanted === "" ? value?.create?.form : undefined });
  };

  /** Whether the dialog was open: once it is closed, the focus is here again, unless it has gone on. */
  const opened = useRef(false);
  useEffect(() => {
    if (making === null && opened.current && document.activeElement === document.body)
      box.current?.querySelector<HTMLElement>("[role=combobox]")?.focus();
    opened.current = making !== null;
  }, [making]);

  const take = (candidate: Candidate | undefined) => {
    if (candidate === undefined) return;
    changed.current = false;
    type(null);
    onChange({ id: candidate.id, _title: candidate.text, __typename: candidate.object }, null);
  };
  const takeAndGoOn = (candidate: Candidate | undefined) => {
    take(candidate);
    if (candidate !== undefined) onTaken?.();
  };
  const pressed = (event: KeyboardEvent) => {
    if (composing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) show();
      else choose(Math.max(0, Math.min(creates ? last : last - 1, chosen + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      event.stopPropagation();
      // The first of an earlier answer is not what was meant.
      if (creates && settled && chosen === last) begin();
      else if (settled) takeAndGoOn(rows[chosen]);
      else
        void client.fetchQuery(question(wanted)).then(
          ([first]) => takeAndGoOn(first),
          () => undefined,
        );
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      changed.current = false;
      type(null);
    }
  };
  /** What is left half typed: emptied is none, the only record that it can mean is that one. */
  const left = () => {
    if (typedNow.current === null) return;
    if (wanted === "") {
      if (changed.current && value !== null) onChange(null, null);
      else if (invalid) onChange(value, null);
    } else if (settled && rows.length === 1) {
      return take(rows[0]);
    } else {
      // Nobody's record: what stood there before must not pass for what was meant.
      onChange(value, t.notChosen(wanted));
    }
    type(null);
  };
  const place = useBelow(box, open);
  const list = `${id}-list`;
  const title =
    value === null ? "" : value.create !== undefined ? a.unsaved(value._title ?? "") : (value._title ?? t.hidden);
  const active = !open ? undefined : rows[chosen] ? `${list}-${rows[chosen].id}` : creates ? `${list}-new` : undefined;

  return (
    <div
      className={styles.picker}
      ref={box}
      onBlur={(event) => {
        if (!box.current?.contains(event.relatedTarget)) left();
      }}
    >
      <input
        id={id}
        role="combobox"
        autoComplete="off"
        autoFocus={autoFocus}
        aria-label={label}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={active}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        aria-required={field.required || undefined}
        disabled={disabled}
        placeholder={title === "" ? t.choose : title}
        value={typed ?? title}
        onChange={(event) => {
          changed.current = true;
          type(event.target.value);
        }}
        onClick={() => {
          if (!open) show();
        }}
        onKeyDown={pressed}
      />
      {value !== null && !open && !disabled && (
        <button
          type="button"
          className={styles.clear}
          tabIndex={-1}
          aria-label={`${t.clear}: ${label ?? field.label}`}
          onClick={() => onChange(null, null)}
        >
          ×
        </button>
      )}
      {open && place !== null && (
        <div id={list} role="listbox" aria-label={field.label} className={styles.options} style={{ ...place }}>
          {rows.map((row, at) => (
            <div
              key={row.id}
              id={`${list}-${row.id}`}
              role="option"
              aria-selected={at === chosen}
              className={styles.option}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => choose(at)}
              onClick={() => take(row)}
            >
              {row.text ?? t.hidden}
              {row.detail !== null && <div className={styles.detail}>{row.detail}</div>}
            </div>
          ))}
          {rows.length === 0 && (!creates || !settled) && (
            <div className={styles.option} role="option" aria-selected="false" aria-disabled="true">
              {found.isFetching ? t.loading : t.noMatches}
            </div>
          )}
          {creates && (
            <div
              id={`${list}-new`}
              role="option"
              aria-selected={chosen === last}
              className={`${styles.option} ${styles.creates}`}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => choose(last)}
              onClick={begin}
            >
              {wanted !== "" ? a.createTyped(wanted) : value?.create ? a.goOn(title) : t.createNamed(object!.label)}
            </div>
          )}
        </div>
      )}
      {making !== null && Creator !== undefined && object !== undefined && (
        <div onKeyDown={apart} onKeyUp={apart} onPaste={apart} onBlur={apart} onFocus={apart} onSubmit={apart}>
          <Suspense fallback={null}>
            <Creator
              object={object.name}
              text={making.text}
              begun={making.begun}
              atOnce={field.type === "MANY_TO_MANY"}
              done={(reference) => {
                make(null);
                onChange({ ...reference, __typename: object.name }, null);
              }}
              close={() => make(null)}
            />
          </Suspense>
        </div>
      )}
    </div>
  );
}

/** A reference to one of several objects: first which, then the record. */
export function UnionPicker(props: Props) {
  const { field, value, id, disabled } = props;
  const targets = field.targets ?? [];
  const [object, setObject] = useState(value?.__typename ?? targets[0]?.object ?? "");
  useEffect(() => {
    if (value?.__typename !== undefined) setObject(value.__typename);
  }, [value]);
  const target = targets.find((one) => one.object === object);
  return (
    <div className={styles.pair}>
      <select
        aria-label={field.label}
        disabled={disabled}
        value={object}
        onChange={(event) => {
          setObject(event.target.value);
          props.onChange(null, null);
        }}
      >
        {targets.map((one) => (
          <option key={one.object} value={one.object}>
            {one.label}
          </option>
        ))}
      </select>
      <Picker {...props} id={id} asked={target?.field} target={target?.object} label={target?.label ?? field.label} />
    </div>
  );
}
