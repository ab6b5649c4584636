/** The audit trail: by kind, person, record and time, all of it in the address; old and new values in words. */

import { useEffect } from "react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as audit from "../texts/audit";
import { Button } from "../ui/button";
import { NotThere } from "../ui/notices";
import { Empty, Failed, Skeleton } from "../ui/states";
import { instantOf } from "../values/dates";
import styles from "./admin.module.css";
import { idAt, partsOf } from "./audit/details";
import { type AuditEntry, type Trail, TRAIL } from "./audit/documents";
import { Entry } from "./audit/entry";
import { idsIn, useTitles } from "./audit/titles";
import { ACCOUNTS } from "./documents";
import { useLabels } from "./roles/labels";

/** A page of the trail; more where most of it is passed over. */
const FIRST = 50;
const PASSING = 500;

export function AuditPage() {
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("AUDIT") ? <AuditTrail /> : <NotThere />;
}

interface Asked {
  kind?: string;
  account?: string;
  object?: string;
  record?: string;
  from?: string;
  until?: string;
}

const DAY = /^\d{4}-\d\d-\d\d$/;

/** The first moment of a day, or of the day after it. */
function momentOf(day: string | undefined, zone: string, after: boolean): number | null {
  if (day === undefined || !DAY.test(day)) return null;
  const start = Date.parse(instantOf(`${day}T00:00`, zone));
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return after ? Date.parse(instantOf(`${next}T00:00`, zone)) : start;
}

function AuditTrail() {
  const t = useTexts();
  const a = useArea(audit);
  const labels = useLabels();
  const navigate = useNavigate();
  const zone = useShell().data?.viewer.timeZone ?? "UTC";
  const asked = useRouterState({ select: ({ location }) => location.search as Asked });
  const from = momentOf(asked.from, zone, false);
  const until = momentOf(asked.until, zone, true);
  const narrow = asked.object !== undefined;
  const kind = asked.kind !== undefined && asked.kind in a.kinds ? asked.kind : undefined;
  const accounts = useQuery({
    queryKey: ["admin", "accounts"],
    queryFn: async () =>
      (await metadata<{ accounts: { nodes: { account: string; name: string }[] } }>(ACCOUNTS)).accounts.nodes,
  });
  const trail = useInfiniteQuery({
    queryKey: ["admin", "audit", kind, asked.account, narrow, until],
    queryFn: async ({ pageParam }) =>
      (
        await metadata<Trail>(TRAIL, {
          kind,
          account: asked.account,
          first: narrow ? PASSING : FIRST,
          after: pageParam,
        })
      ).auditTrail,
    initialPageParam: until === null ? null : (idAt(until) as string | null),
    getNextPageParam: ({ nodes, pageInfo }) => {
      const last = nodes.at(-1);
      const before = from !== null && last !== undefined && Date.parse(last.at) < from;
      return pageInfo.hasNextPage && !before ? pageInfo.endCursor : undefined;
    },
    staleTime: 0,
  });
  useEffect(() => {
    document.title = `${a.title} · Tradewind`;
  }, [a]);
  const all = trail.data?.pages.flatMap(({ nodes }) => nodes) ?? [];
  const meant = ({ at, object, record }: AuditEntry) =>
    (from === null || Date.parse(at) >= from) &&
    (asked.object === undefined || object === asked.object) &&
    (asked.record === undefined || record === asked.record);
  const shown = all.filter(meant);
  const titles = useTitles(
    idsIn([
      ...shown.slice(-FIRST).map(({ record, detail }) => `${record} ${JSON.stringify(partsOf(detail as never))}`),
      asked.record ?? "",
    ]),
  );
  const ask = (change: Asked) => {
    const next = Object.entries({ ...asked, ...change }).filter(([, value]) => value !== undefined && value !== "");
    void navigate({ to: ".", search: Object.fromEntries(next), replace: true });
  };
  return (
    <div className={styles.page}>
      <h1>{a.title}</h1>
      <p className={styles.muted}>{a.hint}</p>
      <div className={styles.row}>
        <label>
          {a.kind}
          <select value={kind ?? ""} onChange={(event) => ask({ kind: event.target.value })}>
            <option value="">{a.everything}</option>
            {Object.entries(a.kinds).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          {a.who}
          <select value={asked.account ?? ""} onChange={(event) => ask({ account: event.target.value })}>
            <option value="">{a.everyone}</option>
            {accounts.data?.map(({ account, name }) => (
              <option key={account} value={account}>
                {name} · {account}
              </option>
            ))}
          </select>
        </label>
        <label>
          {a.from}
          <input type="date" value={asked.from ?? ""} onChange={(event) => ask({ from: event.target.value })} />
        </label>
        <label>
          {a.until}
          <input type="date" value={asked.until ?? ""} onChange={(event) => ask({ until: event.target.value })} />
        </label>
      </div>
      {narrow && (
        <div className={styles.row}>
          <strong>
            {asked.record === undefined
              ? a.onlyObject(labels.object(asked.object!))
              : a.onlyRecord(titles.get(asked.record) ?? asked.record)}
          </strong>
          <Button onPress={() => ask({ object: undefined, record: undefined })}>{a.anyRecord}</Button>
          <span className={styles.muted}>{a.lookedAt(all.length)}</span>
        </div>
      )}
      {trail.isError && <Failed error={trail.error} retry={() => void trail.refetch()} />}
      {trail.isPending && <Skeleton rows={10} />}
      {trail.data !== undefined && shown.length === 0 && !trail.isFetching && <Empty text={a.nothing} />}
      {shown.length > 0 && (
        <div className={`${styles.table} ${styles.trail}`} role="region" aria-label={a.title} tabIndex={0}>
          <table>
            <thead>
              <tr>
                {[t.when, a.who, a.kind, a.what].map((heading) => (
                  <th key={heading} scope="col">
                    {heading}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((entry) => (
                <Entry
                  key={entry.id}
                  entry={entry}
                  titles={titles}
                  only={(object, record) => ask({ object, record })}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {trail.hasNextPage && (
        <div>
          <Button isDisabled={trail.isFetchingNextPage} onPress={() => void trail.fetchNextPage()}>
            {a.older}
          </Button>
        </div>
      )}
    </div>
  );
}
