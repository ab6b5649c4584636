/** The tray of long work: how far it is, its faults, cancel and go on. Nothing is shown where there is none. */

import { useState } from "react";
import { LoaderCircle } from "lucide-react";
import { changeJob, goesOn, type Job, useJobs } from "../api/jobs";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as texts from "../texts/jobs";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Notice } from "../ui/notices";
import ui from "../ui/ui.module.css";
import styles from "./jobs.module.css";

const HOUR = 3_600_000;

/** What runs, what somebody has to look at, and what has lately ended. */
const concerns = (job: Job) => goesOn(job) || job.state === "FAILED" || Date.now() - Date.parse(job.changedAt) < HOUR;

export function JobTray() {
  const a = useArea(texts);
  const jobs = useJobs(true);
  const [open, show] = useState(false);
  const shown = jobs.filter(concerns);
  if (shown.length === 0) return null;
  const running = jobs.filter(goesOn);
  return (
    <>
      <Button kind="quiet" onPress={() => show(true)}>
        <LoaderCircle size={16} aria-hidden="true" className={running.length > 0 ? styles.turns : undefined} />
        <span className={styles.label}>{running.length > 0 ? a.running(running.length) : a.jobs}</span>
      </Button>
      {open && (
        <Dialog title={a.jobs} onClose={() => show(false)}>
          {shown.map((job) => (
            <One key={job.id} job={job} />
          ))}
        </Dialog>
      )}
    </>
  );
}

function One({ job }: { job: Job }) {
  const t = useTexts();
  const a = useArea(texts);
  const { done, total } = job.progress;
  const [refused, refuse] = useState<string | null>(null);
  const change = async (what: "cancel" | "resume") => refuse(await changeJob(job.id, what));
  return (
    <section className={styles.job} aria-label={job.fields.join(", ")}>
      <div>
        {a.kinds[job.kind] ?? job.kind}: {job.fields.join(", ")}
      </div>
      <div className={ui.itemDetail}>
        {a.states[job.state] ?? job.state} · {total === null ? done : t.ofTotal(done, total)}
      </div>
      {goesOn(job) && (
        <progress max={total ?? undefined} value={total === null ? undefined : done} aria-label={a.jobs} />
      )}
      {job.faults.length > 0 && (
        <details>
          <summary>{t.faults(job.faults.length)}</summary>
          <ul>
            {job.faults.slice(0, 20).map(({ code, path, message }, place) => (
              <li key={place} title={code}>
                {path.join(" › ")}: {message}
              </li>
            ))}
          </ul>
        </details>
      )}
      {refused !== null && (
        <Notice tone="bad" role="alert">
          {refused}
        </Notice>
      )}
      <div className={ui.actions}>
        {(job.state === "QUEUED" || job.state === "RUNNING") && (
          <Button onPress={() => void change("cancel")}>{a.cancelJob}</Button>
        )}
        {(job.state === "FAILED" || job.state === "CANCELLED") && (
          <Button onPress={() => void change("resume")}>{a.resume}</Button>
        )}
      </div>
    </section>
  );
}
