/**
 * What `/metadata` tells the console: the documents it sends there, and the shapes of their answers.
 *
 * The documents are checked against the schema by the tests in a browser.
 */

import { NAMED_ACTIONS, type NamedAction } from "./actions";
import type { Part } from "./part";
import { together } from "./together";
import { ask } from "./transport";

export type FieldType =
  | "ID"
  | "TEXT"
  | "LONG_TEXT"
  | "RICH_TEXT"
  | "EMAIL"
  | "PHONE"
  | "URL"
  | "INTEGER"
  | "DURATION"
  | "RATING"
  | "DECIMAL"
  | "MONEY"
  | "AMOUNT"
  | "PERCENT"
  | "BOOLEAN"
  | "DATE"
  | "DATE_TIME"
  | "TIME"
  | "JSON"
  | "PICKLIST"
  | "MULTI_PICKLIST"
  | "NUMBER"
  | "RELATION"
  | "LINES"
  | "MANY_TO_MANY"
  | "INVERSE"
  | "UNION";

export interface Option {
  name: string;
  label: string;
  color: string | null;
  active: boolean;
}

export interface FieldTarget {
  name: string;
  object: string;
  label: string;
  field: string;
}

export interface FieldInfo {
  name: string;
  label: string;
  group: string | null;
  type: FieldType;
  help: string | null;
  required: boolean;
  writable: boolean;
  scale: number | null;
  max: number | null;
  currency: string | null;
  target: string | null;
  targets: FieldTarget[] | null;
  options: Option[] | null;
  operators: string[];
  sortable: boolean;
  groupable: boolean;
  access: "READ_WRITE" | "READ_ONLY" | "MASKED";
  drafts: boolean;
  /** The rule by which a page shows it, as far as the viewer may know it; told of an object's fields alone. */
  visibleWhen?: string | null;
}

/** A move of a record from one state to another. */
export interface FlowMove {
  code: string;
  /** The mutation that makes it. */
  name: string;
  label: string;
  from: string[];
  /** The state to which it leads; null where that goes by the record. */
  to: string | null;
  /** The fields that it asks for. */
  input: { field: string; required: boolean }[];
}

/** The states of an object's records and the moves between them: they alone write the state. */
export interface Flow {
  /** The field that holds the state. */
  field: string;
  /** The states in which a record may be created; the first is that of one which is given none. */
  start: string[];
  /** The moves that the viewer may make of some record. */
  moves: FlowMove[];
}

export interface ObjectSummary {
  name: string;
  plural: string | null;
  label: string;
  labelPlural: string;
  icon: string | null;
  color: string | null;
  keys: string[];
  kind: "MASTER" | "DOCUMENT" | "SETUP" | "LINE";
  display: string | null;
  stateField: string | null;
  /** What places a record in a calendar. */
  startField: string | null;
  /** Until when it stands there. */
  endField: string | null;
  may: string[];
  /** Whether lists take `search`. */
  searched: boolean;
  /** Whether lists take `_mine`. */
  owned: boolean;
  flow: Flow | null;
}

export interface ObjectInfo extends ObjectSummary {
  help: string | null;
  fields: FieldInfo[];
  /** Those whose right the viewer has on some records. */
  actions: NamedAction[];
  relatedLists: { name: string; label: string; object: string; by: string | null }[];
}

export interface Column {
  name: string;
  width: number | null;
  field: FieldInfo;
}

export type LayoutItem =
  | { __typename: "FieldItem"; name: string; width: number | null; readOnly: boolean; field: FieldInfo }
  | { __typename: "LinesItem"; name: string; label: string; object: string; columns: Column[] }
  | { __typename: "RelatedItem"; name: string; label: string; object: string; first: number | null; columns: Column[] }
  | { __typename: "TimelineItem" }
  | { __typename: "TextItem"; text: string };

export interface Section {
  label: string | null;
  columns: number;
  collapsed: boolean;
  items: LayoutItem[];
}

export interface Layout {
  version: number;
  columns: Column[];
  quickFilters: string[];
  orderBy: Record<string, unknown>[] | null;
  header: string[];
  stateField: string | null;
  fields: FieldInfo[];
  tabs: { label: string | null; sections: Section[] }[];
}

export interface MenuEntry {
  key: string;
  label: string;
  icon: string | null;
  object: string | null;
  path: string | null;
  keys: string[];
}

export interface Viewer {
  account: string;
  name: string;
  employee: string | null;
  timeZone: string;
  today: string;
  weekStart: number;
  may: string[];
  actingAs: string | null;
}

export interface Shell {
  viewer: Viewer;
  menus: { system: string; label: string; groups: { label: string | null; entries: MenuEntry[] }[] }[];
  objects: ObjectSummary[];
}

/** What a saved view asks. */
export interface Question {
  filter?: Record<string, unknown>;
  search?: string;
  orderBy?: Record<string, unknown>[];
  groupBy?: Record<string, unknown>[];
  columns?: (string | { field: string; width?: number })[];
}

export interface SavedView {
  id: string;
  name: string;
  face: "LIST" | "BOARD" | "CALENDAR" | "CHART";
  question: Question;
  share: "PRIVATE" | "ROLES" | "ALL";
  pinned: boolean;
  isDefault: boolean;
  version: number;
  mayEdit: boolean;
}

export interface FormDraft {
  id: string;
  object: string;
  record: string | null;
  base: number | null;
  data: unknown;
  updatedAt: string;
}

const SUMMARY = `name plural label labelPlural icon color keys kind display stateField startField endField may searched owned
  flow { field start moves { code name label from to input { field required } } }`;

const FIELD = `fragment F on FieldInfo {
  name label group type help required writable scale max currency target targets { name object label field }
  options { name label color active } operators sortable groupable access drafts
}`;

export const SHELL = `query Shell {
  viewer { account name employee timeZone today weekStart may actingAs }
  menus { system label groups { label entries { key label icon object path keys } } }
  objects { ${SUMMARY} }
}`;

const LISTED = `fragment L on Layout {
  version columns { name width field { ...F } } quickFilters orderBy header stateField fields { ...F }
}`;

/** A root field about an object, `NAME` in its place. */
const about = (object: string, text: string): Part => ({
  variables: { object: { type: "String!", value: object } },
  write: (variable) => text.replace("NAME", variable("object")),
  fragments: text.includes("...L") ? [LISTED, FIELD] : text.includes("...F") ? [FIELD] : [],
});

/** What an account is told of objects' fields, by name; null for what it may not know. */
export async function fieldsAs(
  account: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, FieldInfo[] | null>> {
  const roots = names.map((name, place) => `o${place}: object(name: ${JSON.stringify(name)}) { fields { ...F } }`);
  const query = `query FieldsAs { ${roots.join(" ")} }\n${FIELD}`;
  const { data } = await ask<Record<string, { fields: FieldInfo[] } | null>>("/metadata", query, {}, account);
  return new Map(names.map((name, place) => [name, data[`o${place}`]?.fields ?? null]));
}

/** What a person keeps for their own pages. */
export const PREFERENCES: Part = { variables: {}, write: () => "preferences" };

/** What `/metadata` tells of an object. Pages that need several objects at once ask for all of them in one request. */
export async function readObjectPage(name: string): Promise<ObjectPage> {
  const told = <T>(text: string) => together<T>(about(name, text), "/metadata");
  const [object, list, card, views, preferences] = await Promise.all([
    told<ObjectInfo>(
      `object(name: NAME) { ${SUMMARY} help fields { ...F visibleWhen } ${NAMED_ACTIONS} relatedLists { name label object by } }`,
    ),
    told<Layout>("layout(object: NAME, kind: LIST) { ...L }"),
    told<Layout>("layout(object: NAME, kind: CARD) { ...L }"),
    told<SavedView[]>("views(object: NAME) { id name face question share pinned isDefault version mayEdit }"),
    together<Record<string, unknown>>(PREFERENCES, "/metadata"),
  ]);
  return { object, list, card, views: views ?? [], preferences: preferences ?? {} };
}

export const PAGE = `query RecordPage($object: String!, $kind: LayoutKind!, $state: String) {
  layout(object: $object, kind: $kind, state: $state) {
    version quickFilters orderBy header stateField fields { ...F } columns { name width field { ...F } }
    tabs { label sections { label columns collapsed items {
      __typename
      ... on FieldItem { name width readOnly field { ...F } }
      ... on LinesItem { name label object columns { name width field { ...F } } }
      ... on RelatedItem { name label object first columns { name width field { ...F } } }
      ... on TextItem { text }
    } } }
  }
}
${FIELD}`;

/** The forms that were begun and not saved. */
export const readDrafts = async (): Promise<FormDraft[]> =>
  (await together<FormDraft[]>(
    { variables: {}, write: () => "formDrafts { id object record base data updatedAt }" },
    "/metadata",
  )) ?? [];

export const KEEP_DRAFT = `mutation KeepDraft($object: String!, $id: ID, $base: Int, $data: JSON!) {
  keepDraft(object: $object, id: $id, base: $base, data: $data) { id record }
}`;

export const DROP_DRAFT = `mutation DropDraft($id: ID!) { dropDraft(id: $id) }`;

export const OPENED = `mutation Opened($object: String!, $id: ID!) { opened(object: $object, id: $id) }`;

export const SAVE_VIEW = `mutation SaveView($id: ID, $input: SavedViewInput!, $expectedVersion: Int) {
  saveView(id: $id, input: $input, expectedVersion: $expectedVersion) {
    view { id } userErrors { code path message }
  }
}`;

export const DELETE_VIEW = `mutation DeleteView($id: ID!) { deleteView(id: $id) }`;

export const PIN_VIEW = `mutation PinView($id: ID!, $pinned: Boolean!) { pinView(id: $id, pinned: $pinned) { id } }`;

export const SET_PREFERENCE = `mutation SetPreference($key: String!, $value: JSON) {
  setPreference(key: $key, value: $value)
}`;

/** Asks `/metadata`. */
export const metadata = async <T>(query: string, variables?: Record<string, unknown>): Promise<T> =>
  (await ask<T>("/metadata", query, variables)).data;

export interface ObjectPage {
  object: ObjectInfo | null;
  list: Layout | null;
  card: Layout | null;
  views: SavedView[];
  /** What the viewer keeps for themselves, by key. */
  preferences: Record<string, unknown>;
}
