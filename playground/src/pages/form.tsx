/** A form: for a new record, or for one that is there. */

import { useRef } from "react";
import { useQuery } from "@tanstack/react-query";
import { useParams, useRouterState } from "@tanstack/react-router";
import { useLayout } from "../api/cache";
import { readDrafts } from "../api/metadata";
import { ask } from "../api/transport";
import { formDocument } from "../fields/documents";
import { NotThere } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import { FormPage, type Props, type Stored } from "./form/form-page";
import { useNamedObject } from "./list/use-list";

export const NewPage = () => <Opened id={null} />;

export function EditPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <Opened id={id} />;
}

/** Reads what the form needs, then opens it. */
function Opened({ id }: { id: string | null }) {
  const { plural } = useParams({ strict: false }) as { plural: string };
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const object = useNamedObject(plural);
  const layout = useLayout(object?.name, "EDIT", null);
  const document = object == null || layout.data == null ? "" : formDocument(object, layout.data);
  const record = useQuery({
    queryKey: [object?.name, "form", id, document],
    queryFn: async () => (await ask<{ record: Stored | null }>("/graphql", document, { id })).data.record,
    enabled: id !== null && document !== "",
    staleTime: 0,
    gcTime: 0,
  });
  const drafts = useQuery({
    queryKey: ["drafts"],
    queryFn: readDrafts,
    staleTime: 0,
  });
  // What is being filled in stays, whatever is published or refused meanwhile: new fields come, retired ones are marked.
  const key = `${object?.name} ${id ?? "new"} ${JSON.stringify(search)}`;
  const held = useRef<{ key: string; props: Omit<Props, "search"> } | null>(null);
  if (held.current?.key === key) {
    const { props } = held.current;
    const now = layout.data ?? props.layout;
    return <FormPage key={key} {...props} layout={now} opened={props.layout} search={search} />;
  }
  if (object === null || layout.data === null) return <NotThere />;
  if (layout.isError) return <Failed error={layout.error} retry={() => void layout.refetch()} />;
  if (record.isError) return <Failed error={record.error} retry={() => void record.refetch()} />;
  if (drafts.isError) return <Failed error={drafts.error} retry={() => void drafts.refetch()} />;
  if (object === undefined || layout.data === undefined || drafts.isFetching) return <Skeleton />;
  if (id !== null && record.data === undefined) return <Skeleton />;
  if (id !== null && record.data === null) return <NotThere />;
  if (id === null ? !object.may.includes("CREATE") : !record.data!._can.edit) return <NotThere />;

  const kept = (drafts.data ?? []).filter((draft) => draft.object === object.name);
  const chosen = kept.find((draft) => draft.id === search.draft);
  const waiting = id === null ? undefined : kept.find((draft) => draft.record === id);
  const props = {
    object,
    layout: layout.data,
    opened: layout.data,
    stored: record.data ?? null,
    kept: chosen,
    waiting: chosen === undefined ? waiting : undefined,
  };
  held.current = { key, props };
  return <FormPage key={key} {...props} search={search} />;
}
