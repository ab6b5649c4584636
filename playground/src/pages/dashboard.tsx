/** A dashboard: parameters in the address, widgets below; edited in place by whoever may. */

import { useEffect, useState } from "react";
import { useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { EllipsisVertical, Pencil } from "lucide-react";
import { client, objectPage, useShell } from "../api/cache";
import { type Dashboard, DELETE_DASHBOARD } from "../api/dashboards";
import { metadata } from "../api/metadata";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as texts from "../texts/dashboards";
import { Button } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { useKeys } from "../ui/keys";
import { LeaveDialog } from "../ui/leave-dialog";
import { Menu } from "../ui/menu";
import { Notice, NotThere } from "../ui/notices";
import { Empty, Failed, Skeleton } from "../ui/states";
import { useHistory } from "../ui/use-history";
import { Board } from "./dashboard/board";
import styles from "./dashboard/dashboard.module.css";
import { EditBar } from "./dashboard/edit-bar";
import { defaultOf, saidOf, withoutParameter } from "./dashboard/edits";
import { Parameters } from "./dashboard/parameters";
import { inputOf, saveDashboard, useDashboard } from "./dashboard/use-dashboards";

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
  const shell = useShell().data;
  const me = shell?.viewer.employee ?? null;
  const history = useHistory(stored);
  const [editing, setEditing] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, work] = useState(false);
  const [removing, askToRemove] = useState(false);
  const dashboard = editing ? history.now : stored;
  const known = new Set(shell?.objects.map(({ name }) => name));
  const objects = [...new Set(stored.widgets.flatMap(({ object }) => object ?? []))]
    .filter((name) => known.has(name))
    .join();
  useEffect(() => {
    // All in one request, whichever widget comes into view first; what fails is told by the widget.
    for (const object of objects.split(",").filter(Boolean)) void client.prefetchQuery(objectPage(object));
  }, [objects]);
  useEffect(() => {
    document.title = `${dashboard.name} · Tradewind`;
  }, [dashboard.name]);
  const values = Object.fromEntries(
    dashboard.parameters.map((parameter) => [
      parameter.name,
      (editing ? undefined : search[`p.${parameter.name}`]) ?? saidOf(parameter, me),
    ]),
  );
  const set = (name: string, said: string | null) => {
    if (editing) {
      // While it is edited, what is asked is what will be asked at first.
      return edit({
        ...history.now,
        parameters: history.now.parameters.map((one) =>
          one.name === name ? { ...one, default: defaultOf(one.type, said) } : one,
        ),
      });
    }
    const next = { ...search, [`p.${name}`]: said ?? "none" };
    void navigate({ to: ".", search: next, replace: true });
  };
  const edit = (next: Dashboard) => history.step(() => next);
  const save = async () => {
    if (!editing || busy) return;
    work(true);
    try {
      const told = await saveDashboard(inputOf(history.now), history.stored);
      if ("refused" in told) return setProblem(told.refused);
      setProblem(null);
      setEditing(false);
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
  const begin = () => {
    history.begin(stored);
    setEditing(true);
  };
  useKeys({
    e: () => {
      if (stored.mayEdit && !editing) begin();
    },
    "Control+z": () => {
      if (editing) history.undo?.();
    },
    "Control+s": () => void save(),
  });

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        {!editing ? (
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
              undo={history.undo}
              redo={history.redo}
              busy={busy}
              save={() => void save()}
              cancel={() => {
                setEditing(false);
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
        remove={!editing ? null : (name) => edit(withoutParameter(dashboard, name))}
      />
      {dashboard.widgets.length === 0 ? (
        <Empty text={a.emptyDashboard} />
      ) : (
        <Board dashboard={dashboard} values={values} edit={editing ? edit : null} />
      )}
      <LeaveDialog dirty={editing && history.dirty} title={a.leave(stored.name)} />
      {removing && (
        <Confirm
          title={a.deleteDashboardAsk(stored.name)}
          go={t.delete}
          onStay={() => askToRemove(false)}
          onGo={() => void remove()}
        />
      )}
    </div>
  );
}
