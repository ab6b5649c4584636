/** The inbox of approvals: what waits for the viewer's decision, and what they have decided. The list is in the address. */

import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { inbox, type ListOfTasks } from "../api/approvals";
import { useShell } from "../api/cache";
import type { Shell } from "../api/metadata";
import { useTexts } from "../texts";
import * as texts from "../texts/approvals";
import { useArea } from "../texts/area";
import { Button } from "../ui/button";
import { Empty, Failed, Skeleton } from "../ui/states";
import ui from "../ui/ui.module.css";
import own from "./approvals/approvals.module.css";
import { Decided } from "./approvals/decided";
import { Waiting } from "./approvals/waiting";
import styles from "./page.module.css";

const LISTS: readonly ListOfTasks[] = ["WAITING", "DECIDED"];
/** How many tasks are asked for: at first, and each time that more are wanted. */
const FIRST = [20, 50, 100];

export function ApprovalsPage() {
  const a = useArea(texts);
  const navigate = useNavigate();
  const shell = useShell().data;
  const asked = useRouterState({ select: ({ location }) => (location.search as Record<string, string>).list });
  const list: ListOfTasks = asked === "decided" ? "DECIDED" : "WAITING";
  useEffect(() => {
    document.title = `${a.title} · Tradewind`;
  }, [a]);
  if (shell === undefined) return null;
  return (
    <div className={styles.page}>
      <h1>{a.title}</h1>
      <Tabs
        className={own.lists}
        selectedKey={list}
        onSelectionChange={(next) =>
          void navigate({ to: ".", search: next === "DECIDED" ? { list: "decided" } : {}, replace: true })
        }
      >
        <TabList className={ui.tabs} aria-label={a.title}>
          {LISTS.map((one) => (
            <Tab key={one} id={one} className={ui.tab}>
              {a.lists[one]}
            </Tab>
          ))}
        </TabList>
        {LISTS.map((one) => (
          <TabPanel key={one} id={one} className={ui.panel}>
            <List list={one} shell={shell} />
          </TabPanel>
        ))}
      </Tabs>
    </div>
  );
}

function List({ list, shell }: { list: ListOfTasks; shell: Shell }) {
  const t = useTexts();
  const a = useArea(texts);
  const [page, next] = useState(0);
  const first = FIRST[page]!;
  const found = useQuery({
    queryKey: ["approvals", list, first],
    queryFn: () => inbox(list, first),
    refetchOnWindowFocus: true,
    placeholderData: (before) => before,
  });
  if (found.isError && found.data === undefined)
    return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (found.data === undefined) return <Skeleton />;
  const { nodes, totalCount } = found.data;
  return (
    <>
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {nodes.length === 0 && <Empty text={a.nothing[list]} />}
      {list === "WAITING" ? <Waiting tasks={nodes} shell={shell} /> : <Decided tasks={nodes} shell={shell} />}
      {totalCount > nodes.length && (
        <p>
          <span className={styles.muted}>{t.ofTotal(nodes.length, totalCount)}</span>{" "}
          {page < FIRST.length - 1 && <Button onPress={() => next(page + 1)}>{t.loadMore}</Button>}
        </p>
      )}
    </>
  );
}
