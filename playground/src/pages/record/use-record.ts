/** One record as its page shows it: the layout, the values, and where both are kept. */

import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useLayout, useObjectPage, useShell } from "../../api/cache";
import type { FieldInfo, Layout, LayoutItem, ObjectInfo, ObjectSummary } from "../../api/metadata";
import { valueAt, type Values } from "../../api/paths";
import { asked, Refused } from "../../api/transport";
import { recordDocument } from "../../fields/documents";
import type { Action } from "../moves/flow";

export type RecordValues = Values & {
  id: string;
  version: number;
  _title: string | null;
  _can: { edit: boolean; delete: boolean };
  /** The moves whose right the viewer has anywhere, where there are any. */
  _actions?: readonly Action[];
  /** The fields that a rule hides now. */
  _hidden?: readonly string[];
};

interface Answer {
  record: RecordValues | null;
  draft?: { states: { path: string[]; visible: boolean }[] } | null;
}

/** Reads a record; that its draft is refused, as for whoever may not change it, hides nothing. */
async function read(document: string, variables: Record<string, unknown>): Promise<RecordValues | null> {
  const { data, failures, status, requestId } = await asked<Answer>("/graphql", document, variables);
  const wrong = failures.filter(({ path }) => path?.[0] !== "draft");
  if (wrong.length > 0 || data === null) throw new Refused(wrong, status, requestId);
  const states = data.draft?.states ?? [];
  const hidden = states.filter(({ visible }) => !visible).map(({ path }) => path.join("."));
  return data.record === null || hidden.length === 0 ? data.record : { ...data.record, _hidden: hidden };
}

/** What was cannot be written. */
const NOTHING = { edit: false, delete: false };

/** A layout with those fields alone that people give. */
function typedOnly(layout: Layout): Layout {
  const typed = ({ field }: { field: FieldInfo }) => field.writable || field.type === "NUMBER";
  const items = (all: LayoutItem[]) =>
    all
      .filter((item) => item.__typename !== "FieldItem" || typed(item))
      .map((item) => ("columns" in item ? { ...item, columns: item.columns.filter(typed) } : item));
  const tabs = layout.tabs.map((tab) => ({
    ...tab,
    sections: tab.sections.map((section) => ({ ...section, items: items(section.items) })),
  }));
  return { ...layout, tabs, fields: layout.fields.filter((field) => typed({ field })) };
}

/** What is known of a record once it is read. */
export interface OpenRecord {
  object: ObjectInfo;
  layout: Layout;
  record: RecordValues;
  /** The instant of which it is shown, where that is not now. */
  asOf: string | null;
  /** Where the values are kept. */
  queryKey: readonly unknown[];
}

export type Found =
  | { state: "loading" }
  | { state: "absent" }
  | { state: "failed"; error: unknown; retry: () => void }
  | { state: "open"; open: OpenRecord };

/** Reads a record of an object; undefined while the object is not known, null where there is none. */
export function useRecord(object: ObjectSummary | null | undefined, id: string, asOf: string | null = null): Found {
  const shell = useShell();
  const page = useObjectPage(object?.name);
  const [state, setState] = useState<string | null>(null);
  const layout = useLayout(object?.name, "DETAIL", state);
  const info = page.data?.object;
  const objects = shell.data?.objects ?? [];
  const document = info == null || layout.data == null ? "" : recordDocument(info, layout.data, objects, asOf !== null);
  const queryKey = [object?.name, "record", id, document, asOf];
  const record = useQuery({
    queryKey,
    queryFn: async () => {
      if (asOf === null) return read(document, { id });
      const then = await read(document, { id, asOf }).catch((error: Error) => {
        // What is computed when it is read has no past; a record without it has.
        if (!(error instanceof Refused) || error.code !== "INPUT_INVALID") throw error;
        return read(recordDocument(info!, typedOnly(layout.data!), objects, true), { id, asOf });
      });
      return then && { ...then, _can: NOTHING };
    },
    enabled: document !== "",
    // Another instant is another record: it is not shown under this one's name.
    placeholderData: (before, query) => (before?.id === id && query?.queryKey[4] === asOf ? before : undefined),
  });
  const values = record.data;
  useEffect(() => {
    const found = object?.stateField == null || values == null ? null : valueAt(values, object.stateField);
    // Layouts go by the values of picklists.
    setState(typeof found === "string" ? found : null);
  }, [object, values]);

  if (object === null || layout.data === null || values === null) return { state: "absent" };
  if (layout.isError && layout.data === undefined)
    return { state: "failed", error: layout.error, retry: () => void layout.refetch() };
  if (record.isError && values === undefined)
    return { state: "failed", error: record.error, retry: () => void record.refetch() };
  if (object === undefined || layout.data === undefined || values === undefined || info == null)
    return { state: "loading" };
  return { state: "open", open: { object: info, layout: layout.data, record: values, asOf, queryKey } };
}
