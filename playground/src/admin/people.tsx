/** People: who can sign in, with which roles, and how somebody new gets in. */

import { useEffect, useState } from "react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import { useLang, useTexts } from "../texts";
import { Button } from "../ui/button";
import { NotThere } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import { normalise } from "../values/text";
import { AccountDialog } from "./account";
import { AddAccount } from "./add-account";
import styles from "./admin.module.css";
import { type Account, PEOPLE } from "./documents";

export interface RoleLabel {
  code: string;
  label: string;
  labelEn: string;
}

interface Told {
  accounts: { totalCount: number; nodes: Account[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  roles: RoleLabel[];
}

export function PeoplePage() {
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("PEOPLE") ? <People /> : <NotThere />;
}

function People() {
  const t = useTexts();
  const lang = useLang();
  const navigate = useNavigate();
  const opened = useRouterState({ select: ({ location }) => (location.search as Record<string, string>).account });
  const open = (account: string | null) =>
    void navigate({ to: ".", search: account === null ? {} : { account }, replace: true });
  const [adding, add] = useState(false);
  const [text, type] = useState("");
  const told = useInfiniteQuery({
    queryKey: ["admin", "people"],
    queryFn: ({ pageParam }) => metadata<Told>(PEOPLE, { after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ accounts }) => (accounts.pageInfo.hasNextPage ? accounts.pageInfo.endCursor : undefined),
    staleTime: 0,
  });
  useEffect(() => {
    document.title = `${t.people} · Tradewind`;
  }, [t]);
  const known = told.data?.pages.some(({ accounts: { nodes } }) => nodes.some(({ account }) => account === opened));
  const { hasNextPage, isFetching, fetchNextPage } = told;
  useEffect(() => {
    // An account that the address names may stand further down.
    if (opened !== undefined && known === false && hasNextPage && !isFetching) void fetchNextPage();
  }, [opened, known, hasNextPage, isFetching, fetchNextPage]);
  if (told.isError && told.data === undefined) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (told.data === undefined) return <Skeleton rows={10} />;
  const accounts = told.data.pages.flatMap(({ accounts: { nodes } }) => nodes);
  const roles = told.data.pages[0]!.roles;
  const labels = new Map(roles.map(({ code, label, labelEn }) => [code, lang === "zh" ? label : labelEn]));
  const shown = accounts.filter(({ account, name }) => normalise(`${account} ${name}`).includes(normalise(text)));
  const chosen = accounts.find(({ account }) => account === opened);

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{t.people}</h1>
        <Button kind="main" onPress={() => add(true)}>
          {t.addAccount}
        </Button>
      </div>
      <input
        type="search"
        aria-label={t.search}
        placeholder={t.search}
        value={text}
        onChange={(event) => type(event.target.value)}
      />
      <div className={styles.table} role="region" aria-label={t.people} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {[t.account, t.personName, t.roles, t.standing, t.reach].map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.account}>
                <td>
                  <Button kind="quiet" onPress={() => open(one.account)}>
                    {one.account}
                  </Button>
                </td>
                <td>{one.name}</td>
                <td>
                  {one.roles
                    .map((code) => labels.get(code) ?? (code === "administrator" ? t.administrator : code))
                    .join(", ")}
                </td>
                <td>
                  {t.standings[one.standing] ?? one.standing}
                  {!one.hasPassword && ` · ${t.noPassword}`}
                </td>
                <td>
                  {one.reach
                    .flatMap(({ level, ticked }) => {
                      const titles = ticked.flatMap(({ title }) => title ?? []);
                      return level === "ALL" || titles.length === 0 ? [t.reachLevels[level] ?? level] : titles;
                    })
                    .join(", ")}
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
      {chosen !== undefined && (
        <AccountDialog
          key={chosen.account}
          account={chosen}
          roles={roles}
          changed={() => void told.refetch()}
          close={() => open(null)}
        />
      )}
      {adding && (
        <AddAccount
          roles={roles}
          close={() => add(false)}
          made={(account) => {
            add(false);
            void told.refetch().then(() => open(account));
          }}
        />
      )}
    </div>
  );
}
