/** The records of a calendar between two days, and how one is moved. */

import { useQuery } from "@tanstack/react-query";
import { client, useShell } from "../../../api/cache";
import type { ObjectSummary } from "../../../api/metadata";
import { nested, type Values } from "../../../api/paths";
import { ask } from "../../../api/transport";
import { listDocument, updateDocument } from "../../../fields/documents";
import type { ListQuestion } from "../../../question/question";
import { type ListPage, type Row, variablesOf } from "../use-list";
import { type CalendarEvent, eventsOf, movedTo, type Placing, placeOf } from "./events";

interface Answer {
  list: { totalCount: number; nodes: Row[] } | null;
}

interface Saved {
  saved: { record: { version: number } | null; userErrors: { message: string; hint: string | null }[] } | null;
}

/** Most records that are drawn. */
export const MOST = 500;

const NO_ROWS: Row[] = [];

export type Calendar = ReturnType<typeof useCalendar>;

export function useCalendar(object: ObjectSummary, list: ListPage, question: ListQuestion, days: readonly string[]) {
  const zone = useShell().data?.viewer.timeZone ?? "UTC";
  const start = list.fields.get(object.startField ?? "");
  const ending = list.fields.get(object.endField ?? "");
  const end = ending !== undefined && ending.type === start?.type ? ending : null;
  const placing: Placing | null = start === undefined ? null : { start, end, zone };
  const [from, to] = [days[0]!, days.at(-1)!];
  const { filter, search } = variablesOf(list, question);
  const within = (field: string, asked: Values) => nested({ [field]: asked });
  const parts =
    start === undefined
      ? []
      : end === null
        ? [within(start.name, { gte: from, lte: to })]
        : // What has begun before may still go on.
          [
            within(start.name, { lte: to }),
            { or: [within(start.name, { gte: from }), within(end.name, { gte: from })] },
          ];
  const document = start === undefined ? "" : listDocument(object, end === null ? [start] : [start, end]);
  const queryKey = [object.name, "calendar", document, filter, search, from, to];
  const found = useQuery({
    queryKey,
    queryFn: async () => {
      const asked = {
        filter: { and: filter === undefined ? parts : [filter, ...parts] },
        search,
        orderBy: [nested({ [start!.name]: "ASC" })],
        first: MOST,
        counted: true,
      };
      return (await ask<Answer>("/graphql", document, asked)).data.list;
    },
    enabled: document !== "",
    placeholderData: (before, query) => (query?.queryKey[2] === document ? before : undefined),
  });
  const events = placing === null ? [] : eventsOf(found.data?.nodes ?? NO_ROWS, placing);

  async function write(row: Row, patch: Values, version: number): Promise<{ refused: string } | { version: number }> {
    client.setQueryData<Answer["list"]>(
      queryKey,
      (now) => now && { ...now, nodes: now.nodes.map((one) => (one.id === row.id ? { ...one, ...patch } : one)) },
    );
    try {
      const { data } = await ask<Saved>("/graphql", updateDocument(object), {
        id: row.id,
        patch,
        expectedVersion: version,
        idempotencyKey: crypto.randomUUID(),
      });
      const refused = data.saved?.userErrors[0];
      if (refused !== undefined) return { refused: [refused.message, refused.hint].filter(Boolean).join(" ") };
      return { version: data.saved?.record?.version ?? version };
    } catch (error) {
      return { refused: error instanceof Error ? error.message : String(error) };
    } finally {
      await client.invalidateQueries({ queryKey: [object.name] });
    }
  }

  /** Shows the move at once; what it was refused with, or how it is taken back. */
  async function move(event: CalendarEvent, by: { days: number; minutes: number }) {
    const { row } = event;
    const told = await write(row, movedTo(event, placing!, by.days, by.minutes), row.version);
    if ("refused" in told) return told;
    return { back: () => write(row, placeOf(event, placing!), told.version) };
  }

  const movable = ({ row }: CalendarEvent) => start?.writable === true && row._can?.edit === true;
  return { start, end, zone, found, events, move, movable };
}
