/** The dashboards that a person may open, and how one is saved. */

import { useQuery } from "@tanstack/react-query";
import { client } from "../../api/cache";
import {
  type Dashboard,
  DASHBOARD,
  type DashboardHead,
  type DashboardInput,
  DASHBOARDS,
  SAVE_DASHBOARD,
} from "../../api/dashboards";
import { metadata } from "../../api/metadata";
import { together } from "../../api/together";

export const useDashboards = () =>
  useQuery({
    queryKey: ["meta", "dashboards"],
    queryFn: async () => (await together<DashboardHead[]>(DASHBOARDS, "/metadata")) ?? [],
  });

export const readDashboard = async (id: string) =>
  (await metadata<{ dashboard: Dashboard | null }>(DASHBOARD, { id })).dashboard;

export const useDashboard = (id: string) =>
  useQuery({ queryKey: ["meta", "dashboard", id], queryFn: () => readDashboard(id) });

interface Saved {
  saveDashboard: { dashboard: Dashboard | null; userErrors: { message: string; hint: string | null }[] };
}

/** Only what may be written of a dashboard. */
export const inputOf = ({ name, share, roles, parameters, widgets }: Dashboard): DashboardInput => ({
  name,
  share,
  ...(share === "ROLES" ? { roles } : {}),
  parameters,
  widgets,
});

/** Saves; a refusal is a text to show. */
export async function saveDashboard(
  input: DashboardInput,
  before: Dashboard | null,
): Promise<{ dashboard: Dashboard } | { refused: string }> {
  const { saveDashboard: told } = await metadata<Saved>(SAVE_DASHBOARD, {
    id: before?.id,
    input,
    expectedVersion: before?.version,
  });
  if (told.dashboard === null) return { refused: told.userErrors.map(({ message }) => message).join(" ") };
  client.setQueryData(["meta", "dashboard", told.dashboard.id], told.dashboard);
  await client.invalidateQueries({ queryKey: ["meta", "dashboards"] });
  return { dashboard: told.dashboard };
}

/** A key that no widget has yet. */
export function freshKey(taken: readonly { key: string }[]): string {
  for (let number = taken.length + 1; ; number++) {
    if (!taken.some(({ key }) => key === `w${number}`)) return `w${number}`;
  }
}
