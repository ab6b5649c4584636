/** What one field of a record was before: who changed it, when, from what to what. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useShell } from "../../api/cache";
import type { FieldInfo } from "../../api/metadata";
import { ask } from "../../api/transport";
import { historyDocument } from "../../fields/documents";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/record";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Empty, Failed, Skeleton } from "../../ui/states";
import { showInstant } from "../../values/dates";
import styles from "../page.module.css";
import { Changed, type FieldChange } from "./changed";
import type { OpenRecord } from "./use-record";

interface Answer {
  record: {
    history: {
      nodes: {
        id: string;
        at: string;
        action: string;
        operatorName: string | null;
        viaLabel: string | null;
        changes: FieldChange[];
      }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  } | null;
}

interface Props {
  open: OpenRecord;
  field: FieldInfo;
  close: () => void;
}

export function FieldHistory({ open: { object, record }, field, close }: Props) {
  const t = useTexts();
  const a = useArea(texts);
  const lang = useLang();
  const zone = useShell().data?.viewer.timeZone ?? "UTC";
  const found = useInfiniteQuery({
    queryKey: [object.name, "history", record.id, field.name],
    queryFn: async ({ pageParam }) => {
      const asked = { id: record.id, field: field.name, first: 20, after: pageParam };
      return (await ask<Answer>("/graphql", historyDocument(object), asked)).data.record?.history ?? null;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    staleTime: 0,
  });
  const entries = found.data?.pages.flatMap((page) => page?.nodes ?? []) ?? [];
  return (
    <Dialog title={a.historyOf(field.label)} onClose={close} wide>
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Skeleton rows={3} />}
      {found.isSuccess && entries.length === 0 && <Empty text={t.nothingHere} />}
      <ol className={styles.timeline}>
        {entries.map(({ id, at, action, operatorName, viaLabel, changes }) => (
          <li key={id} className={styles.event}>
            <time className={styles.when} dateTime={at}>
              {showInstant(at, zone, lang, { seconds: true })}
            </time>
            <div className={styles.what}>
              {changes
                .filter((change) => change.field === field.name)
                .map((change) => (
                  <div key={change.field}>
                    <Changed field={field} change={change} />
                  </div>
                ))}
              <div className={styles.muted}>
                {[viaLabel ?? a.actions[action], operatorName].filter(Boolean).join(" · ")}{" "}
                <Link
                  to="/o/$plural/$id"
                  params={{ plural: object.plural!, id: record.id }}
                  search={{ asOf: at }}
                  onClick={close}
                >
                  {a.recordThen}
                </Link>
              </div>
            </div>
          </li>
        ))}
      </ol>
      {found.hasNextPage && (
        <Button isDisabled={found.isFetchingNextPage} onPress={() => void found.fetchNextPage()}>
          {t.loadMore}
        </Button>
      )}
    </Dialog>
  );
}
