/** Dashboards: what `/metadata` keeps of them, and the documents that read and change them. */

import type { Question } from "./metadata";
import type { Part } from "./part";

export type WidgetFace = "BAR" | "LINE" | "AREA" | "PIE" | "FUNNEL" | "NUMBER" | "TABLE" | "LIST" | "TEXT";

/** The figures of a widget; the number of records where there are none. */
export interface WidgetChart {
  measures: { function: string; field: string | null }[];
  first?: number | null;
  order?: string | null;
  fill?: boolean;
  stacked?: boolean;
}

export interface Widget {
  key: string;
  title: string;
  face: WidgetFace;
  object: string | null;
  question: Question;
  chart: WidgetChart | null;
  /** The fields that the dashboard's parameters narrow. */
  parameters: { parameter: string; path: string }[];
  text: string | null;
  look?: unknown;
  /** Columns of twelve. */
  width: number;
  height: number;
}

export interface Parameter {
  name: string;
  label: string;
  type: "PERIOD" | "PICKLIST" | "RECORD" | "PERSON";
  /** The object to choose records of, for `RECORD`. */
  object: string | null;
  /** `{thisMonth: true}` for a period, else a list of ids or values, or `"ME"`. */
  default: unknown;
}

export interface DashboardHead {
  id: string;
  name: string;
  mine: boolean;
  share: "PRIVATE" | "ROLES" | "ALL";
  mayEdit: boolean;
}

export interface Dashboard extends DashboardHead {
  roles: string[];
  parameters: Parameter[];
  widgets: Widget[];
  version: number;
}

const HEAD = "id name mine share mayEdit";

const WHOLE = `fragment D on Dashboard {
  ${HEAD} roles version
  parameters { name label type object default }
  widgets { key title face object question look
    chart { measures { function field } first order fill stacked } parameters { parameter path } text width height
  }
}`;

/** The dashboards that there are for a person. */
export const DASHBOARDS: Part = { variables: {}, write: () => `dashboards { ${HEAD} }` };

export const DASHBOARD = `query Dashboard($id: ID!) { dashboard(id: $id) { ...D } } ${WHOLE}`;

export const SAVE_DASHBOARD = `mutation SaveDashboard($id: ID, $input: DashboardInput!, $expectedVersion: Int) {
  saveDashboard(id: $id, input: $input, expectedVersion: $expectedVersion) {
    dashboard { ...D } userErrors { code path message hint }
  }
} ${WHOLE}`;

export const DELETE_DASHBOARD = `mutation DeleteDashboard($id: ID!) { deleteDashboard(id: $id) }`;

/** What is saved of a dashboard. */
export type DashboardInput = Pick<Dashboard, "name" | "share" | "parameters" | "widgets"> & { roles?: string[] };
