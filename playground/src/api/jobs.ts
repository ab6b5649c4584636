/** Work that takes longer than a request: how it stands, and what can be done about it. */

import { useEffect } from "react";
import { useQuery } from "@tanstack/react-query";
import { client } from "./cache";
import { follow } from "./live";
import { metadata } from "./metadata";

export interface Job {
  id: string;
  kind: string;
  state: string;
  fields: string[];
  progress: { done: number; total: number | null };
  faults: { code: string; path: string[]; message: string }[];
  changedAt: string;
}

const JOB = "id kind state fields progress { done total } faults { code path message } changedAt";

const JOBS = `query Jobs { jobs(first: 10) { nodes { ${JOB} } } }`;
const CHANGED = `subscription JobChanged($id: ID!) { jobChanged(id: $id) { ${JOB} } }`;
const CANCEL = `mutation CancelJob($id: ID!) { done: cancelJob(id: $id) { userErrors { message } } }`;
const RESUME = `mutation ResumeJob($id: ID!) { done: resumeJob(id: $id) { userErrors { message } } }`;

const KEY = ["meta", "jobs"];

/** Whether a job is not at its end. */
export const goesOn = ({ state }: Job) => ["QUEUED", "RUNNING", "CANCELLING"].includes(state);

/** The newest jobs, those that run followed. */
export function useJobs(enabled: boolean): Job[] {
  const jobs = useQuery({
    queryKey: KEY,
    queryFn: async () => (await metadata<{ jobs: { nodes: Job[] } }>(JOBS)).jobs.nodes,
    enabled,
  });
  const running = (jobs.data ?? []).filter(goesOn).map(({ id }) => id);
  const followed = running.join();
  useEffect(() => {
    const ends =
      followed === ""
        ? []
        : followed.split(",").map((id) => follow<{ jobChanged: Job | null }>("/metadata", CHANGED, { id }, told));
    return () => ends.forEach((end) => end());
  }, [followed]);
  return jobs.data ?? [];
}

function told({ jobChanged }: { jobChanged: Job | null }) {
  if (jobChanged === null) return;
  client.setQueryData<Job[]>(KEY, (held) => held?.map((job) => (job.id === jobChanged.id ? jobChanged : job)));
}

interface Done {
  done: { userErrors: { message: string }[] };
}

/** Cancels a job or has it go on; what stands against that is a text. */
export async function changeJob(id: string, change: "cancel" | "resume"): Promise<string | null> {
  const { done } = await metadata<Done>(change === "cancel" ? CANCEL : RESUME, { id });
  await jobsChanged();
  return done.userErrors[0]?.message ?? null;
}

/** A job may have begun. */
export const jobsChanged = () => client.invalidateQueries({ queryKey: KEY });
