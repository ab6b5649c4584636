/** What has happened about a record: its own changes, and the records that refer to it. */

import { useState } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useShell } from "../../api/cache";
import { TIMELINE } from "../../fields/documents";
import type { ObjectInfo } from "../../api/metadata";
import { ask } from "../../api/transport";
import { useLang, useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Empty, Failed, Skeleton } from "../../ui/states";
import { ago, showInstant } from "../../values/dates";
import styles from "../page.module.css";
import { Changed, type FieldChange } from "./changed";

const KINDS = ["ACTIVITY", "STAGE", "DOCUMENT", "SERVICE", "MESSAGE", "CHANGE"] as const;

interface Event {
  id: string;
  kind: (typeof KINDS)[number];
  at: string;
  object: string;
  label: string;
  text: string | null;
  detail: string | null;
  operatorName: string | null;
  /** None but for changes of the record itself. */
  changes: FieldChange[] | null;
}

interface Answer {
  timeline: { nodes: Event[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } | null;
}

export function Timeline({ object: info, id }: { object: ObjectInfo; id: string }) {
  const object = info.name;
  const t = useTexts();
  const lang = useLang();
  const shell = useShell().data;
  const [kinds, choose] = useState<readonly string[]>([]);
  const found = useInfiniteQuery({
    queryKey: [object, "timeline", id, kinds],
    queryFn: async ({ pageParam }) => {
      const asked = { object, id, kinds: kinds.length === 0 ? undefined : kinds, first: 20, after: pageParam };
      return (await ask<Answer>("/graphql", TIMELINE, asked)).data.timeline;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
  });
  const events = found.data?.pages.flatMap((page) => page?.nodes ?? []) ?? [];
  const zone = shell?.viewer.timeZone ?? "UTC";
  return (
    <div>
      <div className={styles.filters} role="group" aria-label={t.timeline}>
        {KINDS.map((kind) => (
          <button
            key={kind}
            className={styles.toggle}
            aria-pressed={kinds.includes(kind)}
            onClick={() => choose(kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind])}
          >
            {t.timelineKinds[kind]}
          </button>
        ))}
      </div>
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Skeleton rows={4} />}
      {found.isSuccess && events.length === 0 && <Empty text={t.nothingHere} />}
      <ol className={styles.timeline}>
        {events.map((event) => {
          const plural = shell?.objects.find(({ name }) => name === event.object)?.plural;
          const own = event.kind === "CHANGE" || event.kind === "STAGE";
          return (
            <li key={`${event.kind} ${event.id} ${event.at}`} className={styles.event}>
              <time className={styles.when} dateTime={event.at} title={showInstant(event.at, zone, lang)}>
                {ago(event.at, new Date(), lang) ?? showInstant(event.at, zone, lang)}
              </time>
              <div className={styles.what}>
                <div>
                  {event.label}
                  {!own && plural != null ? (
                    <>
                      {" "}
                      <Link to="/o/$plural/$id" params={{ plural, id: event.id }}>
                        {event.text ?? event.id}
                      </Link>
                    </>
                  ) : (
                    event.text !== null && !own && ` ${event.text}`
                  )}
                  {event.operatorName !== null && <span className={styles.muted}> · {event.operatorName}</span>}
                </div>
                {event.detail !== null && <div className={styles.muted}>{event.detail}</div>}
                {event.changes?.map((change) => {
                  const field = info.fields.find(({ name }) => name === change.field);
                  const rows = field?.type === "LINES" || field?.type === "MANY_TO_MANY";
                  return (
                    <div key={change.field}>
                      {field?.label ?? change.field}
                      {!rows && ": "}
                      <Changed field={field} change={change} />
                    </div>
                  );
                })}
              </div>
            </li>
          );
        })}
      </ol>
      {found.hasNextPage && (
        <Button isDisabled={found.isFetchingNextPage} onPress={() => void found.fetchNextPage()}>
          {t.loadMore}
        </Button>
      )}
    </div>
  );
}
