/** The design on a real record, at the width of a desk and of a phone, drawn by the parts of the real pages. */

import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { accountNames } from "../../api/accounts";
import { useShell } from "../../api/cache";
import { fieldsAs, type ObjectInfo } from "../../api/metadata";
import { valueAt, type Values } from "../../api/paths";
import { ask } from "../../api/transport";
import { formDocument, itemsOf, listDocument, recordDocument } from "../../fields/documents";
import { Show } from "../../fields/show";
import { FormSections } from "../../form/sections";
import { EMPTY, type FormState } from "../../form/values";
import page from "../../pages/page.module.css";
import { RecordSection } from "../../pages/record/sections";
import type { RecordValues } from "../../pages/record/use-record";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Empty, Failed, Skeleton } from "../../ui/states";
import { inColumns, type LayoutKind } from "./design";
import { Frame } from "./frame";
import type { Known } from "./known";
import styles from "./layouts.module.css";
import { ListPreview, type PreviewRow } from "./list-preview";
import { RecordChooser } from "./record-chooser";
import { objectsOn, seenBy } from "./seen-by";

const WIDTHS = [1280, 390] as const;
const HEIGHTS = { 1280: 960, 390: 760 } as const;
const PAUSE = 350;
const NONE: ReadonlySet<string> = new Set();
const nothing = () => undefined;
const NO_FAULTS: ReadonlyMap<string, string> = new Map();

interface Props {
  kind: LayoutKind;
  known: Known;
  /** The record that is shown; the first one unless chosen. */
  first: string | null;
}

/** What is designed, once it rests: each step would ask for the record again. */
function useRested<T>(value: T): T {
  const [rested, rest] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => rest(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

export function Preview({ kind, known, first }: Props) {
  const a = useArea(layouts);
  const [width, resize] = useState<(typeof WIDTHS)[number]>(1280);
  const [chosen, choose] = useState<{ id: string; text: string } | null>(null);
  const [choosing, ask_] = useState(false);
  const { object } = known;
  const listed = inColumns(kind);
  const viewer = useShell().data?.viewer;
  const [as, readAs] = useState<string | null>(null);
  const people = useQuery({ ...accountNames, enabled: viewer?.may.includes("VIEW_AS") === true });
  const start = useQuery({
    queryKey: [object.name, "preview", "first", as],
    queryFn: async () => {
      const document = `query FirstRecord { list: ${object.plural}(first: 1) { nodes { id } } }`;
      const { data } = await ask<{ list: { nodes: { id: string }[] } | null }>("/graphql", document, {}, as);
      return data.list?.nodes[0]?.id ?? null;
    },
    enabled: !listed && object.plural !== null && chosen === null && first === null,
    retry: false,
  });
  const id = chosen?.id ?? first ?? start.data ?? null;
  const seen = useSeen(known, as);
  return (
    <section className={styles.preview} aria-label={a.preview}>
      <div className={styles.bar}>
        <h2 className={styles.grow}>{a.preview}</h2>
        {!listed && <Button onPress={() => ask_(true)}>{a.another}…</Button>}
        {(people.data ?? []).length > 0 && (
          <select aria-label={a.seenAs} value={as ?? ""} onChange={(event) => readAs(event.target.value || null)}>
            <option value="">{a.asMyself}</option>
            {people
              .data!.filter(({ account }) => account !== viewer?.account)
              .map(({ account, name }) => (
                <option key={account} value={account}>
                  {name} · {account}
                </option>
              ))}
          </select>
        )}
        {WIDTHS.map((one) => (
          <button key={one} className={styles.toggle} aria-pressed={width === one} onClick={() => resize(one)}>
            {one === 1280 ? a.previewWide : a.previewNarrow}
          </button>
        ))}
      </div>
      <Frame label={a.previewOf(width)} width={width} height={HEIGHTS[width]}>
        {seen.isError ? (
          <Failed error={seen.error} retry={() => void seen.refetch()} />
        ) : seen.known === null ? (
          <Skeleton />
        ) : seen.known === "absent" ? (
          <Empty text={a.notTheirs} />
        ) : listed ? (
          <Rows kind={kind} known={seen.known} narrow={width === 390} as={as} />
        ) : id !== null ? (
          <Record key={`${id} ${as}`} kind={kind} known={seen.known} id={id} as={as} />
        ) : start.isError ? (
          <Failed error={start.error} retry={() => void start.refetch()} />
        ) : start.isPending && object.plural !== null ? (
          <Skeleton />
        ) : (
          <Empty text={a.noRecord} />
        )}
      </Frame>
      {choosing && (
        <RecordChooser
          object={object}
          done={(record) => {
            choose(record);
            ask_(false);
          }}
          close={() => ask_(false)}
        />
      )}
      <span className={styles.muted}>
        {[chosen?.text, as === null ? undefined : a.asHint].filter(Boolean).join(" · ")}
      </span>
    </section>
  );
}

/** The object and the layout as a person has them; as they are for oneself. */
function useSeen(known: Known, as: string | null) {
  const { object, layout } = known;
  const names = objectsOn(object.name, layout);
  const told = useQuery({
    queryKey: ["meta", "fields as", as, names],
    queryFn: () => fieldsAs(as!, names),
    enabled: as !== null,
    staleTime: 60_000,
    placeholderData: (before, query) => (query?.queryKey[2] === as ? before : undefined),
  });
  const { data } = told;
  const seen = useMemo((): Known | "absent" | null => {
    if (as === null) return known;
    if (data === undefined) return null;
    const fields = data.get(object.name);
    if (fields == null) return "absent";
    return { ...known, object: { ...object, fields, may: ["READ"] }, layout: seenBy(data, object.name, layout) };
  }, [as, data, known]);
  return { known: seen, isError: as !== null && told.isError, error: told.error, refetch: told.refetch };
}

interface Asking {
  kind: LayoutKind;
  known: Known;
  /** As whom the records are read. */
  as: string | null;
}

function Rows({ kind, known, narrow, as }: Asking & { narrow: boolean }) {
  const layout = useRested(known.layout);
  const { object } = known;
  const fields = [...layout.columns.map(({ field }) => field), ...layout.fields];
  const document = object.plural === null ? "" : listDocument(object, fields);
  const variables = { first: 20, counted: false, orderBy: layout.orderBy ?? undefined };
  const rows = useQuery({
    queryKey: [object.name, "preview", document, variables, as],
    queryFn: async () =>
      (await ask<{ list: { nodes: PreviewRow[] } | null }>("/graphql", document, variables, as)).data.list?.nodes ?? [],
    enabled: document !== "",
    placeholderData: (before, query) => (query?.queryKey[4] === as ? before : undefined),
  });
  if (rows.isError) return <Failed error={rows.error} retry={() => void rows.refetch()} />;
  if (rows.data === undefined) return <Skeleton />;
  return <ListPreview kind={kind} object={object} layout={layout} rows={rows.data} narrow={narrow} />;
}

function Record({ kind, known, id, as }: Asking & { id: string }) {
  const a = useArea(layouts);
  const shell = useShell().data;
  const layout = useRested(known.layout);
  const shown = useDeferredValue(layout);
  const { object } = known;
  // What is only looked at needs no draft, which whoever may not change the record is refused.
  const looked = { ...object, may: ["READ"] };
  const document =
    kind === "EDIT" ? formDocument(object, layout) : recordDocument(looked, layout, shell?.objects ?? []);
  const record = useQuery({
    queryKey: [object.name, "preview", id, document, as],
    queryFn: async () => (await ask<{ record: RecordValues | null }>("/graphql", document, { id }, as)).data.record,
    enabled: shell !== undefined,
    placeholderData: (before, query) => (query?.queryKey[4] === as ? before : undefined),
  });
  if (record.isError) return <Failed error={record.error} retry={() => void record.refetch()} />;
  if (record.data === undefined) return <Skeleton />;
  if (record.data === null) return <Empty text={as === null ? a.noRecord : a.notTheirs} />;
  const values = record.data;
  if (kind === "EDIT") return <Form object={object} layout={shown} values={values} />;
  return <Page object={object} layout={shown} values={values} />;
}

interface Drawn {
  object: ObjectInfo;
  layout: Known["layout"];
  values: RecordValues;
}

function Page({ object, layout, values }: Drawn) {
  const t = useTexts();
  const [chosen, show] = useState(0);
  // What is looked at here is not edited.
  const record = { ...values, _can: { edit: false, delete: false } };
  const open = { object, layout, record, asOf: null, queryKey: [] };
  const tabs = layout.tabs.filter(({ sections }) => sections.some(({ items }) => items.length > 0));
  const tab = tabs[Math.min(chosen, tabs.length - 1)];
  const headed = layout.header.flatMap((name) => layout.fields.find((field) => field.name === name) ?? []);
  return (
    <div className={page.page}>
      <div className={page.titles}>
        <h1>{values._title ?? object.label}</h1>
      </div>
      {headed.length > 0 && (
        <dl className={page.key}>
          {headed.map((field) => (
            <div key={field.name}>
              <dt>{field.label}</dt>
              <dd>
                <Show field={field} value={valueAt(values, field.name)} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {tabs.length > 1 && (
        <div className={styles.strip}>
          {tabs.map(({ label }, place) => (
            <button key={place} aria-pressed={tabs[place] === tab} onClick={() => show(place)}>
              {label ?? t.details}
            </button>
          ))}
        </div>
      )}
      <div className={page.sections} inert>
        {tab?.sections.map((section, place) => (
          <RecordSection key={place} open={open} section={section} altered={NONE} setAltered={nothing} />
        ))}
      </div>
    </div>
  );
}

function Form({ object, layout, values }: Drawn) {
  const state: FormState = {
    ...EMPTY,
    lines: Object.fromEntries(
      itemsOf(layout).flatMap((item) =>
        item.__typename === "LinesItem"
          ? [
              [
                item.name,
                ((values[item.name] ?? []) as (Values & { id: string })[]).map((row) => ({
                  key: row.id,
                  id: row.id,
                  values: {},
                  stored: row,
                  removed: false,
                })),
              ],
            ]
          : [],
      ),
    ),
  };
  return (
    <div className={page.page} inert>
      <h1>{values._title ?? object.label}</h1>
      <FormSections
        layout={layout}
        state={state}
        stored={values}
        drafted={null}
        faults={NO_FAULTS}
        around={{ object: object.name, id: values.id, draft: () => ({}) }}
        write={nothing}
        changeLines={nothing}
        setFault={nothing}
      />
    </div>
  );
}
