/** The dashboards that a person may open, and a new one. */

import { useEffect, useState } from "react";
import { Link, useNavigate } from "@tanstack/react-router";
import { LayoutDashboard, Plus } from "lucide-react";
import { viewedAs } from "../signin/viewing";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as texts from "../texts/dashboards";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/form-dialog";
import { Empty, Failed, Skeleton } from "../ui/states";
import styles from "./dashboard/dashboard.module.css";
import { saveDashboard, useDashboards } from "./dashboard/use-dashboards";

export function DashboardsPage() {
  const t = useTexts();
  const a = useArea(texts);
  const navigate = useNavigate();
  const known = useDashboards();
  const [making, make] = useState(false);
  const [busy, work] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    document.title = `${t.dashboards} · Tradewind`;
  }, [t]);
  const submit = async (data: FormData) => {
    const name = String(data.get("name")).trim();
    work(true);
    try {
      const told = await saveDashboard({ name, share: "PRIVATE", parameters: [], widgets: [] }, null);
      if ("refused" in told) return setProblem(told.refused);
      void navigate({ to: "/d/$id", params: { id: told.dashboard.id } });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      work(false);
    }
  };
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{t.dashboards}</h1>
        {viewedAs() === null && (
          <Button kind="main" onPress={() => make(true)}>
            <Plus size={16} aria-hidden="true" />
            {a.newDashboard}
          </Button>
        )}
      </div>
      {known.isError && <Failed error={known.error} retry={() => void known.refetch()} />}
      {known.isPending && <Skeleton rows={3} />}
      {known.isSuccess && known.data.length === 0 && <Empty text={a.noDashboards} />}
      <ul className={styles.boards}>
        {(known.data ?? []).map(({ id, name, share }) => (
          <li key={id}>
            <Link to="/d/$id" params={{ id }} className={styles.board}>
              <LayoutDashboard size={18} aria-hidden="true" />
              <span className={styles.grow}>{name}</span>
              {share !== "PRIVATE" && <span className={styles.muted}>{t.shared}</span>}
            </Link>
          </li>
        ))}
      </ul>
      {making && (
        <FormDialog
          title={a.newDashboard}
          ok={t.save}
          problem={problem}
          busy={busy}
          onClose={() => make(false)}
          onSubmit={(data) => void submit(data)}
        >
          <label>
            {a.dashboardName}
            <input name="name" required autoFocus maxLength={80} />
          </label>
        </FormDialog>
      )}
    </div>
  );
}
