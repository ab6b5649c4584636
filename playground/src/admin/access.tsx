/** Why someone may or may not do something with a record, what would open it, and who can see it. */

import { type FormEvent, useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { useShell } from "../api/cache";
import { searchEverywhere } from "../api/finding";
import { metadata } from "../api/metadata";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as audit from "../texts/audit";
import { Button } from "../ui/button";
import { Notice, NotThere } from "../ui/notices";
import { Failed } from "../ui/states";
import styles from "./admin.module.css";
import { useTitles } from "./audit/titles";
import { ACCOUNTS, EXPLAIN } from "./documents";

interface Told {
  explainAccess: {
    allowed: boolean;
    branches: { role: string | null; name: string; holds: boolean; because: string }[];
    wouldAllow: { grant: string }[];
  } | null;
  whoCanSee: { totalCount: number; nodes: { account: string; name: string; roles: string[] }[] };
}

interface Account {
  account: string;
  name: string;
}

export function AccessPage() {
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("RIGHTS") ? <Access /> : <NotThere />;
}

function Access() {
  const t = useTexts();
  const a = useArea(audit);
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const navigate = useNavigate();
  const account = search.account ?? "";
  const action = search.action !== undefined && search.action in t.actions ? search.action : "READ";
  const [text, type] = useState("");
  const titles = useTitles(search.id === undefined ? [] : [search.id]);
  const record =
    search.object && search.id
      ? { object: search.object, id: search.id, text: titles.get(search.id) ?? search.id }
      : null;
  /** What is asked stands in the address, so that it can be sent to whoever asks. */
  const put = (change: Record<string, string>) =>
    void navigate({ to: ".", search: (before: Record<string, string>) => ({ ...before, ...change }), replace: true });
  const shell = useShell().data;
  const plural = shell?.objects.find(({ name }) => name === record?.object)?.plural;
  const [hits, setHits] = useState<{ object: string; label: string; id: string; text: string }[]>([]);
  const [error, setError] = useState<unknown>(null);
  const accounts = useQuery({
    queryKey: ["admin", "accounts"],
    queryFn: async () => (await metadata<{ accounts: { nodes: Account[] } }>(ACCOUNTS)).accounts.nodes,
  });
  const told = useQuery({
    queryKey: ["admin", "explain", account, record?.object, record?.id, action],
    queryFn: () => metadata<Told>(EXPLAIN, { account, object: record!.object, id: record!.id, action }),
    enabled: account !== "" && record !== null,
    staleTime: 0,
  });
  useEffect(() => {
    document.title = `${t.access} · Tradewind`;
  }, [t]);
  const find = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const groups = await searchEverywhere(text.trim());
      setHits(
        groups.flatMap(({ object, label, hits: found }) =>
          found.map(({ id, text: title }) => ({ object, label, id, text: title ?? id })),
        ),
      );
      setError(null);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <div className={styles.page}>
      <h1>{t.access}</h1>
      <form className={styles.row} onSubmit={(event) => void find(event)}>
        <label>
          {t.account}
          <select value={account} onChange={(event) => put({ account: event.target.value })}>
            <option value="">–</option>
            {accounts.data?.map((one) => (
              <option key={one.account} value={one.account}>
                {one.name} · {one.account}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t.action}
          <select value={action} onChange={(event) => put({ action: event.target.value })}>
            {Object.entries(t.actions).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t.record}
          <input
            type="search"
            value={text}
            placeholder={record?.text ?? t.paletteHint}
            onChange={(event) => type(event.target.value)}
          />
        </label>
        <Button type="submit">{t.search}</Button>
      </form>
      {error !== null && <Failed error={error} />}
      {hits.length > 0 && (
        <ul className={styles.list}>
          {hits.map((hit) => (
            <li key={hit.id}>
              <Button
                kind="quiet"
                onPress={() => {
                  put({ object: hit.object, id: hit.id });
                  setHits([]);
                  type("");
                }}
              >
                {hit.label}: {hit.text}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {record !== null && (
        <div className={styles.row}>
          <strong>{plural == null ? record.text : <Link to={`/o/${plural}/${record.id}`}>{record.text}</Link>}</strong>
          {shell?.viewer.may.includes("AUDIT") && (
            <Link to="/admin/audit" search={{ object: record.object, record: record.id }}>
              {a.title}
            </Link>
          )}
        </div>
      )}
      {told.isError && <Failed error={told.error} retry={() => void told.refetch()} />}
      {told.data != null && record !== null && (
        <>
          <Notice tone={told.data.explainAccess?.allowed ? "good" : "bad"} role="status">
            <strong>{told.data.explainAccess?.allowed ? t.allowed : t.refused}</strong> {record.text}
          </Notice>
          <section className={styles.panel}>
            <h2>{t.because}</h2>
            <ul className={styles.list}>
              {told.data.explainAccess?.branches.map((branch, place) => (
                <li key={place}>
                  <span aria-hidden="true">{branch.holds ? "✓" : "✗"}</span>{" "}
                  {branch.role !== null && (
                    <>
                      <Link to="/admin/roles" search={{ role: branch.role }}>
                        {branch.role}
                      </Link>
                      {" · "}
                    </>
                  )}
                  {branch.name}: {branch.because}
                </li>
              ))}
            </ul>
            {(told.data.explainAccess?.wouldAllow.length ?? 0) > 0 && (
              <>
                <h2>{t.wouldAllow}</h2>
                <ul className={styles.list}>
                  {told.data.explainAccess?.wouldAllow.map(({ grant }) => (
                    <li key={grant}>{grant}</li>
                  ))}
                </ul>
              </>
            )}
          </section>
          <section className={styles.panel}>
            <h2>
              {t.whoSees} ({told.data.whoCanSee.totalCount})
            </h2>
            <ul className={styles.list}>
              {told.data.whoCanSee.nodes.map((one) => (
                <li key={one.account}>
                  <Button kind="quiet" onPress={() => put({ account: one.account })}>
                    {one.name} · {one.account}
                  </Button>{" "}
                  <span className={styles.muted}>{one.roles.join(", ")}</span>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </div>
  );
}
