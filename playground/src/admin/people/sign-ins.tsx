/** The sign-ins of an account, or one's own: where from, since when; one of one's own is ended by itself. */

import { useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useShell } from "../../api/cache";
import { metadata } from "../../api/metadata";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as people from "../../texts/people";
import { Button } from "../../ui/button";
import { Failed, Skeleton } from "../../ui/states";
import { tell } from "../../ui/toasts";
import { showInstant } from "../../values/dates";
import { clientOf } from "../../values/client";
import styles from "../admin.module.css";
import { ACCOUNT_SESSIONS, END_SESSION, END_SESSIONS, OWN_SESSIONS, type Session } from "./documents";

/** Without an account they are the reader's own. */
export function SignIns({ account }: { account?: string }) {
  const t = useTexts();
  const a = useArea(people);
  const lang = useLang();
  const zone = useShell().data?.viewer.timeZone ?? "UTC";
  const [error, setError] = useState<unknown>(null);
  const sessions = useQuery({
    queryKey: ["admin", "sessions", account ?? null],
    queryFn: async () =>
      (
        await metadata<{ sessions: { nodes: Session[] } }>(
          account === undefined ? OWN_SESSIONS : ACCOUNT_SESSIONS,
          account === undefined ? {} : { account },
        )
      ).sessions.nodes,
    staleTime: 0,
  });
  const end = async (document: string, variables: Record<string, unknown>) => {
    setError(null);
    try {
      await metadata(document, variables);
      tell(a.signInEnded);
      await sessions.refetch();
    } catch (problem) {
      setError(problem);
    }
  };
  if (sessions.isError) return <Failed error={sessions.error} retry={() => void sessions.refetch()} />;
  if (sessions.data === undefined) return <Skeleton rows={3} />;
  return (
    <>
      {error !== null && <Failed error={error} />}
      <ul className={styles.rows}>
        {sessions.data.map((session) => {
          const client = session.userAgent === null ? a.unknownClient : clientOf(session.userAgent);
          const details = [
            session.address,
            a.signedInAt(showInstant(session.createdAt, zone, lang)),
            a.lastUsed(showInstant(session.lastUsedAt, zone, lang)),
          ];
          return (
            <li key={session.id}>
              <span>
                {client}
                {session.current && <strong> · {a.thisOne}</strong>}
                <span className={styles.muted}> {details.filter(Boolean).join(" · ")}</span>
              </span>
              {account === undefined && !session.current && (
                <Button aria-label={a.endNamed(client)} onPress={() => void end(END_SESSION, { id: session.id })}>
                  {a.endThis}
                </Button>
              )}
            </li>
          );
        })}
        {sessions.data.length === 0 && <li className={styles.muted}>{t.nothingHere}</li>}
      </ul>
      {account !== undefined && sessions.data.length > 0 && (
        <div>
          <Button kind="danger" onPress={() => void end(END_SESSIONS, { account })}>
            {t.endSignIns}
          </Button>
        </div>
      )}
    </>
  );
}
