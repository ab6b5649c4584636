/** The versions of the definitions: who published what and why; and the way back to one, tried first. */

import { useEffect, useState } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { client, useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import { useLang, useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as changes from "../texts/changes";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { NotThere } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import { tell } from "../ui/toasts";
import { showInstant } from "../values/dates";
import styles from "./admin.module.css";
import { type Change, type Diagnostic, ROLL_BACK, type Version, VERSIONS } from "./documents";
import { Faults } from "./draft-panel";

interface Told {
  versions: { nodes: Version[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}

interface RolledBack {
  rollBack: { version: number; changes: Change[]; diagnostics: Diagnostic[] };
}

export function VersionsPage() {
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("DEFINE") ? <Versions /> : <NotThere />;
}

/** Roles, layouts, menus and texts of behaviour have versions of their own; what can be gone back to is a version of the objects. */
const ofObjects = ({ changes }: Version) =>
  changes.some(({ kind }) => kind !== null && !/_(ROLE|LAYOUT|MENU|DUPLICATES|RULES|VIEW)$/.test(kind));

function Versions() {
  const t = useTexts();
  const c = useArea(changes);
  const lang = useLang();
  const zone = useShell().data?.viewer.timeZone ?? "UTC";
  const [tried, setTried] = useState<{ to: number; changes: Change[]; diagnostics: Diagnostic[] } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const told = useInfiniteQuery({
    queryKey: ["meta", "admin", "versions"],
    queryFn: async ({ pageParam }) => (await metadata<Told>(VERSIONS, { after: pageParam })).versions,
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
    staleTime: 0,
  });
  useEffect(() => {
    document.title = `${t.versions} · Tradewind`;
  }, [t]);
  if (told.isError) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (told.data === undefined) return <Skeleton rows={10} />;
  const send = async (to: number, dryRun: boolean) => {
    setError(null);
    try {
      const { rollBack } = await metadata<RolledBack>(ROLL_BACK, {
        to,
        dryRun,
        note: dryRun ? null : t.rolledBackTo(to),
      });
      if (dryRun || rollBack.diagnostics.length > 0) return setTried({ to, ...rollBack });
      setTried(null);
      tell(t.published(rollBack.version));
      await client.invalidateQueries({ queryKey: ["meta"] });
    } catch (problem) {
      setTried(null);
      setError(problem);
    }
  };
  const said = (change: { kind: string | null; object: string; field: string | null }) =>
    `${c.changeKinds[change.kind ?? ""] ?? change.kind ?? ""} ${change.field === null ? change.object : `${change.object}.${change.field}`}`;
  return (
    <div className={styles.page}>
      <h1>{t.versions}</h1>
      {error !== null && <Failed error={error} />}
      <div className={styles.table} role="region" aria-label={t.versions} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {[t.version, t.when, t.account, t.note, t.changes, t.more].map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {told.data.pages
              .flatMap(({ nodes }) => nodes)
              .map((one, place) => (
                <tr key={one.version}>
                  <td>{one.version}</td>
                  <td>{showInstant(one.publishedAt, zone, lang)}</td>
                  <td>{one.publishedByAccount ?? t.program}</td>
                  <td>{one.note}</td>
                  <td title={one.changes.map(said).join("\n")}>
                    {one.changes.slice(0, 2).map(said).join(", ")}
                    {one.changeCount > 2 && ` … (${one.changeCount})`}
                  </td>
                  <td>
                    {place > 0 && ofObjects(one) && (
                      <Button kind="quiet" onPress={() => void send(one.version, true)}>
                        {t.rollBack}…
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      {told.hasNextPage && (
        <Button isDisabled={told.isFetchingNextPage} onPress={() => void told.fetchNextPage()}>
          {t.loadMore}
        </Button>
      )}
      {tried !== null && (
        <Dialog title={t.rolledBackTo(tried.to)} onClose={() => setTried(null)} wide>
          <p>{t.rollBackHint}</p>
          <Faults found={tried.diagnostics} />
          {tried.changes.length === 0 ? (
            <p>{t.draftSame}</p>
          ) : (
            <ul className={styles.list}>
              {tried.changes.map((change, place) => (
                <li key={place}>
                  <span className={`${styles.risk} ${change.risk === "SAFE" ? "" : styles.risky}`}>
                    {c.risks[change.risk] ?? change.risk}
                  </span>{" "}
                  {said(change)}
                </li>
              ))}
            </ul>
          )}
          <Actions>
            <Button onPress={() => setTried(null)}>{t.cancel}</Button>
            <Button
              kind="danger"
              isDisabled={tried.changes.length === 0 || tried.diagnostics.length > 0}
              onPress={() => void send(tried.to, false)}
            >
              {t.rollBack}
            </Button>
          </Actions>
        </Dialog>
      )}
    </div>
  );
}
