/** The state of one form, from its first key to its save. */

import { useMemo, useReducer, useRef, useState } from "react";
import { createDocument, draftDocument, fieldsOf, itemsOf, updateDocument } from "../fields/documents";
import type { FieldInfo, Layout, ObjectSummary } from "../api/metadata";
import type { Values } from "../api/paths";
import { ask } from "../api/transport";
import { type DraftAnswer, type Drafted, type UserError, useDraft } from "./use-draft";
import { type FormState, isOf, type LineRow, patchOf, placeOf } from "./values";

type Action =
  | { kind: "write"; path: string; value: unknown }
  | { kind: "forget"; paths: string[] }
  | { kind: "lines"; name: string; edit: (rows: LineRow[]) => LineRow[] };

const withoutPaths = (values: Values, paths: string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([path]) => !paths.includes(path)));

function reduced(state: FormState, action: Action): FormState {
  switch (action.kind) {
    case "write":
      return { ...state, values: { ...state.values, [action.path]: action.value } };
    case "forget":
      return { ...state, values: withoutPaths(state.values, action.paths) };
    case "lines":
      return { ...state, lines: { ...state.lines, [action.name]: action.edit(state.lines[action.name] ?? []) } };
  }
}

export interface Saved {
  id: string;
  version: number;
  _title: string | null;
}

interface SaveAnswer {
  saved: { record: Saved | null; userErrors: UserError[] } | null;
}

/** `alike`: it was refused for looking like another, and may be saved all the same. */
export interface Wrong {
  faults: number;
  general: string[];
  alike: boolean;
}

export type Outcome = { saved: Saved | null } | { conflict: UserError[] } | Wrong;

export interface Form {
  state: FormState;
  drafted: Drafted | null;
  faults: ReadonlyMap<string, string>;
  fields: ReadonlyMap<string, FieldInfo>;
  patch: () => Values;
  write: (path: string, value: unknown, fault: string | null) => void;
  changeLines: (name: string, edit: (rows: LineRow[]) => LineRow[]) => void;
  setFault: (place: string, fault: string | null) => void;
  /** Sends what has been typed but `without` these fields; the same key goes again after a lost reply. */
  save: (expectedVersion: number | null, without: string[], allowDuplicates: boolean) => Promise<Outcome>;
  /** What a save would complain of, told at its fields; writes nothing. */
  check: () => Promise<Wrong>;
}

export function useForm(
  object: ObjectSummary,
  layout: Layout,
  stored: (Values & { id: string }) | null,
  start: FormState,
): Form {
  const id = stored?.id ?? null;
  const [state, act] = useReducer(reduced, start);
  const [typedFaults, setTyped] = useState<ReadonlyMap<string, string>>(new Map());
  const [savedFaults, setSaved] = useState<ReadonlyMap<string, string>>(new Map());
  const attempt = useRef<{ patch: string; key: string } | null>(null);
  const fields = useMemo(() => new Map(fieldsOf(layout).map((field) => [field.name, field])), [layout]);
  const lineFields = useMemo(
    () =>
      Object.fromEntries(
        itemsOf(layout).flatMap((item) =>
          item.__typename === "LinesItem"
            ? [[item.name, new Map(item.columns.map(({ name, field }) => [name, field]))] as const]
            : [],
        ),
      ),
    [layout],
  );
  /** Whether a message at this place is seen where it belongs. */
  const isDrawn = (place: string) => {
    const [name, key, path] = place.split("/");
    if (key !== undefined) return lineFields[name ?? ""]?.has(path ?? "") ?? false;
    if (name! in lineFields) return true;
    const shown = drafted?.states.get(place);
    return itemsOf(layout).some(
      (item) =>
        item.__typename === "FieldItem" &&
        item.name === place &&
        item.field.writable &&
        !item.readOnly &&
        shown?.visible !== false &&
        shown?.readOnly !== true,
    );
  };
  const patch = () => patchOf(state, fields, lineFields, stored);
  const document = useMemo(() => draftDocument(object, layout), [object, layout]);
  const drafted = useDraft(document, id, state, patch);

  const setFault = (place: string, fault: string | null) => {
    const change = (before: ReadonlyMap<string, string>) => {
      if (fault === null && !before.has(place)) return before;
      const after = new Map(before);
      if (fault === null) after.delete(place);
      else after.set(place, fault);
      return after;
    };
    setTyped(change);
    // What a save complained of is as good as gone once it is typed anew.
    setSaved((before) => {
      if (!before.has(place)) return before;
      const after = new Map(before);
      after.delete(place);
      return after;
    });
  };

  // Of the draft, only what is wrong with what a person has touched, as it still is: the rest is not theirs yet.
  const touched = [...(drafted?.faults ?? [])].filter(([place]) => isOf(place, drafted!.of, state));
  const faults = new Map([...touched, ...savedFaults, ...typedFaults]);

  /** Tells complaints at their fields, and returns those that belong to none that is shown. */
  const tellAll = (userErrors: UserError[]): Wrong => {
    setSaved(new Map(userErrors.map((error) => [placeOf(error.path, state), said(error)])));
    const general = userErrors.filter(({ path }) => !isDrawn(placeOf(path, state))).map(said);
    return {
      faults: userErrors.length - general.length,
      general,
      alike: userErrors.length > 0 && userErrors.every(({ code }) => code === "RECORD_DUPLICATE"),
    };
  };
  /** How many inputs hold what is no value; what a rule has hidden is nobody's to mend. */
  const misread = () => [...typedFaults.keys()].filter((place) => drafted?.states.get(place)?.visible !== false).length;

  return {
    state,
    drafted,
    faults,
    fields,
    patch,
    setFault,
    write: (path, value, fault) => {
      setFault(path, fault);
      if (fault === null) act({ kind: "write", path, value });
    },
    changeLines: (name, edit) => act({ kind: "lines", name, edit }),
    save: async (expectedVersion, without, allowDuplicates) => {
      if (misread() > 0) return { faults: misread(), general: [], alike: false };
      const left = { ...state, values: withoutPaths(state.values, without) };
      if (without.length > 0) act({ kind: "forget", paths: without });
      const given = patchOf(left, fields, lineFields, stored);
      const text = JSON.stringify([given, expectedVersion, allowDuplicates]);
      if (attempt.current?.patch !== text) attempt.current = { patch: text, key: crypto.randomUUID() };
      const idempotencyKey = attempt.current.key;
      const { data } =
        id === null
          ? await ask<SaveAnswer>("/graphql", createDocument(object), { input: given, allowDuplicates, idempotencyKey })
          : await ask<SaveAnswer>("/graphql", updateDocument(object), {
              id,
              patch: given,
              expectedVersion,
              allowDuplicates,
              idempotencyKey,
            });
      const { record, userErrors } = data.saved ?? { record: null, userErrors: [] };
      if (data.saved !== null && userErrors.length === 0) return { saved: record };
      attempt.current = null;
      if (userErrors.some(({ code }) => code === "RECORD_VERSION")) return { conflict: userErrors };
      return tellAll(userErrors);
    },
    check: async () => {
      if (misread() > 0) return { faults: misread(), general: [], alike: false };
      const changed = Object.keys(state.values);
      const { data } = await ask<DraftAnswer>("/graphql", document, { id, patch: patch(), changed });
      return tellAll(data.draft?.userErrors ?? []);
    },
  };
}

const said = ({ message, hint }: UserError) => (hint === null ? message : `${message} (${hint})`);
