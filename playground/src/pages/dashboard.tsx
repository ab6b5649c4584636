/** A dashboard: parameters in the address, widgets below; edited in place by whoever may. */

import { useEffect, useState } from "react";
import { useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { EllipsisVertical, Pencil } from "lucide-react";
import { LeaveDialog } from "../admin/leave-dialog";
import { client, useShell } from "../api/cache";
import { type Dashboard, DELETE_DASHBOARD } from "../api/dashboards";
import { metadata } from "../api/metadata";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as texts from "../texts/dashboards";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";
import { useKeys } from "../ui/keys";
import { Menu } from "../ui/menu";
import { Notice, NotThere } from "../ui/notices";
import { Empty, Failed, Skeleton } from "../ui/states";
import { Board } from "./dashboard/board";
import styles from "./dashboard/dashboard.module.css";
import { EditBar } from "./dashboard/edit-bar";
import { defaultOf, saidOf, withoutParameter } from "./dashboard/edits";
import { Parameters } from "./dashboard/parameters";
import { inputOf, saveDashboard, useDashboard } from "./dashboard/use-dashboards";

/** What has been done to a dashboard since editing began, and what was taken back. */
interface Editing {
  /** The dashboard over which one edits. */
  base: Dashboard;
  past: Dashboard[];
  now: Dashboard;
  future: Dashboard[];
}

export function DashboardPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const found = useDashboard(id);
  if (found.isError && found.data === undefined)
    return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (found.isPending) return <Skeleton />;
  if (found.data === null) return <NotThere />;
  return <Shown key={id} stored={found.data} />;
}

function Shown({ stored }: { stored: Dashboard }) {
  const t = useTexts();
  const a = useArea(texts);
  const navigate = useNavigate();
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const me = useShell().data?.viewer.employee ?? null;
  const [editing, setEditing] = useState<Editing | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, work] = useState(false);
  const [removing, askToRemove] = useState(false);
  const dashboard = editing?.now ?? stored;
  useEffect(() => {
    document.title = `${dashboard.name} · Tradewind`;
  }, [dashboard.name]);
  const values = Object.fromEntries(
    dashboard.parameters.map((parameter) => [
      parameter.name,
      (editing === null ? search[`p.${parameter.name}`] : undefined) ?? saidOf(parameter, me),
    ]),
  );
  const set = (name: string, said: string | null) => {
    if (editing !== null) {
      // While it is edited, what is asked is what will be asked at first.
      return edit({
        ...editing.now,
        parameters: editing.now.parameters.map((one) =>
          one.name === name ? { ...one, default: defaultOf(one.type, said) } : one,
        ),
      });
    }
    const next = { ...search, [`p.${name}`]: said ?? "none" };
    void navigate({ to: ".", search: next, replace: true });
  };
  const edit = (next: Dashboard) =>
    setEditing((was) => (was === null ? was : { ...was, past: [...was.past, was.now], now: next, future: [] }));
  const undo = () =>
    setEditing((was) =>
      was === null || was.past.length === 0
        ? was
        : { ...was, past: was.past.slice(0, -1), now: was.past.at(-1)!, future: [was.now, ...was.future] },
    );
  const redo = () =>
    setEditing((was) =>
      was === null || was.future.length === 0
        ? was
        : { ...was, past: [...was.past, was.now], now: was.future[0]!, future: was.future.slice(1) },
    );
  const save = async () => {
    if (editing === null) return;
    work(true);
    try {
      const told = await saveDashboard(inputOf(editing.now), editing.base);
      if ("refused" in told) return setProblem(told.refused);
      setProblem(null);
      setEditing(null);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      work(false);
    }
  };
  const remove = async () => {
    await metadata(DELETE_DASHBOARD, { id: stored.id });
    await client.invalidateQueries({ queryKey: ["meta", "dashboards"] });
    void navigate({ to: "/d" });
  };
  const begin = () => setEditing({ base: stored, past: [], now: stored, future: [] });
  useKeys({
    e: () => {
      if (stored.mayEdit && editing === null) begin();
    },
    "Control+z": () => undo(),
    "Control+s": () => void save(),
  });

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        {editing === null ? (
          <>
            <h1>{dashboard.name}</h1>
            {stored.mayEdit && (
              <>
                <Button onPress={begin} aria-keyshortcuts="e">
                  <Pencil size={16} aria-hidden="true" />
                  {t.edit}
                </Button>
                <Menu
                  label={t.more}
                  icon
                  choices={[{ key: "delete", label: `${a.deleteDashboard}…`, run: () => askToRemove(true) }]}
                >
                  <EllipsisVertical size={16} aria-hidden="true" />
                </Menu>
              </>
            )}
          </>
        ) : (
          <>
            <h1 className={styles.unseen}>{dashboard.name}</h1>
            <EditBar
              dashboard={dashboard}
              edit={edit}
              undo={editing.past.length > 0 ? undo : null}
              redo={editing.future.length > 0 ? redo : null}
              busy={busy}
              save={() => void save()}
              cancel={() => {
                setEditing(null);
                setProblem(null);
              }}
            />
          </>
        )}
      </div>
      {problem !== null && (
        <Notice tone="bad" role="alert">
          {problem}
        </Notice>
      )}
      <Parameters
        dashboard={dashboard}
        values={values}
        set={set}
        remove={editing === null ? null : (name) => edit(withoutParameter(dashboard, name))}
      />
      {dashboard.widgets.length === 0 ? (
        <Empty text={a.emptyDashboard} />
      ) : (
        <Board dashboard={dashboard} values={values} edit={editing === null ? null : edit} />
      )}
      <LeaveDialog dirty={editing !== null && editing.past.length > 0} title={a.leave(stored.name)} />
      {removing && (
        <Dialog title={a.deleteDashboardAsk(stored.name)} role="alertdialog" onClose={() => askToRemove(false)}>
          <Actions>
            <Button onPress={() => askToRemove(false)}>{t.cancel}</Button>
            <Button kind="danger" onPress={() => void remove()}>
              {t.delete}
            </Button>
          </Actions>
        </Dialog>
      )}
    </div>
  );
}
