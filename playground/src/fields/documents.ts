/**
 * Writes the documents that are sent to `/graphql`, from fields and layouts.
 *
 * The order is canonical and values are variables, so that the same page is the same text for everyone.
 */

import { selectionOf } from "./kinds";
import type { Column, FieldInfo, Layout, LayoutItem, ObjectInfo, ObjectSummary } from "../api/metadata";

/** Selections by name, groups merged: `price.amount` and `price.rate` become `price { amount rate }`. */
export function selection(fields: readonly FieldInfo[]): string {
  const plain = new Map<string, string>();
  const groups = new Map<string, FieldInfo[]>();
  for (const field of fields) {
    const [group, inner] = field.name.split(".", 2);
    if (inner === undefined) {
      const text = selectionOf(field);
      if (text !== null) plain.set(field.name, text);
    } else {
      groups.set(group!, [...(groups.get(group!) ?? []), field]);
    }
  }
  for (const [group, within] of groups) {
    const inner = selection(within.map((field) => ({ ...field, name: field.name.slice(group.length + 1) })));
    if (inner !== "") plain.set(group, `${group} { ${inner} }`);
  }
  return [...plain.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join(" ");
}

const columnsOf = (columns: readonly Column[]) => selection(columns.map(({ field }) => field));

/** The moves and named actions of a record, where its object has any; those of boards are moves alone. */
const actionsOf = ({ flow, actions = [] }: ObjectSummary & Partial<Pick<ObjectInfo, "actions">>) =>
  (flow?.moves.length ?? 0) + actions.length === 0 ? "" : " _actions { code allowed because }";

const lower = (name: string) => name[0]!.toLowerCase() + name.slice(1);

/** What a row of a list has; whether it may be edited is asked where anything may. */
const rowOf = ({ may }: ObjectSummary, fields: readonly FieldInfo[]) =>
  `id version _title ${selection(fields)}${may.includes("EDIT") ? " _can { edit }" : ""}`;

/** The list of an object: `first` records behind a cursor, counted where it is asked for. */
export function listDocument(object: ObjectSummary, fields: readonly FieldInfo[]): string {
  const { name, plural, searched } = object;
  const [declared, given] = searched ? ["$search: String, ", "search: $search, "] : ["", ""];
  return `query List($filter: ${name}Filter @optional, ${declared}$orderBy: [${name}Order!] @optional, $first: Int, $after: String, $counted: Boolean!) {
  list: ${plural}(filter: $filter, ${given}orderBy: $orderBy, first: $first, after: $after) {
    totalCount @include(if: $counted)
    nodes { ${rowOf(object, fields)} }
    pageInfo { hasNextPage endCursor }
  }
}`;
}

/** The items of all tabs. */
export const itemsOf = (layout: Layout): LayoutItem[] =>
  layout.tabs.flatMap(({ sections }) => sections.flatMap(({ items }) => items));

/** The fields of a page, each once. */
export function fieldsOf(layout: Layout): FieldInfo[] {
  const found = new Map<string, FieldInfo>();
  const named = new Map(layout.fields.map((field) => [field.name, field]));
  for (const name of [...layout.header, ...(layout.stateField ? [layout.stateField] : [])]) {
    const field = named.get(name);
    if (field) found.set(name, field);
  }
  for (const item of itemsOf(layout)) if (item.__typename === "FieldItem") found.set(item.name, item.field);
  return [...found.values()];
}

const linesOf = (item: LayoutItem) =>
  item.__typename === "LinesItem" ? [`${item.name} { id ${columnsOf(item.columns)} }`] : [];

/** Records that refer to this one: a page of them; lines, which have no list of their own, as they are. */
const relatedOf = (objects: readonly ObjectSummary[]) => (item: LayoutItem) => {
  if (item.__typename !== "RelatedItem") return [];
  const first = `${item.name}(first: ${item.first ?? 5})`;
  const lines = objects.find(({ name }) => name === item.object)?.kind === "LINE";
  return lines
    ? [`${first} { id _title ${columnsOf(item.columns)} }`]
    : [`${first} { totalCount nodes { id _title ${columnsOf(item.columns)} } }`];
};

/** Whether a page asks which fields it shows: some of them have a rule, and drafts are for those who may write. */
export const hasHidden = ({ fields, may }: ObjectInfo) =>
  may.includes("EDIT") && fields.some(({ visibleWhen }) => visibleWhen != null);

/**
 * One record with what its page shows, and its state, by which the layout may go; as it was, where `past`. Where fields
 * have rules by which they are shown, a draft of no change tells what these come to.
 */
export function recordDocument(
  object: ObjectInfo,
  layout: Layout,
  objects: readonly ObjectSummary[],
  past = false,
): string {
  const items = itemsOf(layout);
  const state = object.fields.filter(({ name }) => name === object.stateField);
  const fields = new Map([...state, ...fieldsOf(layout)].map((field) => [field.name, field]));
  const parts = [selection([...fields.values()]), ...items.flatMap(linesOf), ...items.flatMap(relatedOf(objects))];
  const [declared, given] = past ? [", $asOf: DateTime!", ", asOf: $asOf"] : ["", ""];
  const states =
    !past && hasHidden(object) ? `\n  draft: draft${object.name}(id: $id, patch: {}) { states { path visible } }` : "";
  return `query Record($id: ID!${declared}) {
  record: ${lower(object.name)}(id: $id${given}) { id version _title ${parts.join(" ")}${past ? "" : ` _can { edit delete }${actionsOf(object)}`} }${states}
}`;
}

/** What a form shows of a record: fields and lines. */
const formSelection = (layout: Layout) =>
  ["id version _title", selection(fieldsOf(layout)), ...itemsOf(layout).flatMap(linesOf)].join(" ");

export function formDocument(object: ObjectSummary, layout: Layout): string {
  return `query Form($id: ID!) { record: ${lower(object.name)}(id: $id) { ${formSelection(layout)} _can { edit delete } } }`;
}

/** The record as a save would leave it. */
export function draftDocument(object: ObjectSummary, layout: Layout): string {
  const lines = itemsOf(layout).flatMap((item) =>
    item.__typename === "LinesItem" ? [`${item.name} { ${columnsOf(item.columns)} }`] : [],
  );
  return `query Draft($id: ID, $patch: Update${object.name}Input!, $changed: [String!]) {
  draft: draft${object.name}(id: $id, patch: $patch, changed: $changed) {
    record { ${[selection(fieldsOf(layout)), ...lines].join(" ")} }
    states { path visible required readOnly options }
    duplicates { rule id text }
    userErrors { code path message hint }
  }
}`;
}

const PAYLOAD = "record { id version _title } userErrors { code path message hint }";

export const createDocument = ({ name }: ObjectSummary) =>
  `mutation Create($input: Create${name}Input!, $allowDuplicates: Boolean, $idempotencyKey: String) {
  saved: create${name}(input: $input, allowDuplicates: $allowDuplicates, idempotencyKey: $idempotencyKey) { ${PAYLOAD} }
}`;

export const updateDocument = ({ name }: ObjectSummary) =>
  `mutation Update($id: ID!, $patch: Update${name}Input!, $expectedVersion: Int, $allowDuplicates: Boolean, $idempotencyKey: String) {
  saved: update${name}(id: $id, patch: $patch, expectedVersion: $expectedVersion, allowDuplicates: $allowDuplicates, idempotencyKey: $idempotencyKey) {
    record { id version _title } userErrors { code path message hint theirs mine }
  }
}`;

/** A patch for each of several records, every one by itself; what is saved comes back as rows of the list. */
export function updateEachDocument(object: ObjectSummary, fields: readonly FieldInfo[], count: number): string {
  const places = Array.from({ length: count }, (_, place) => place);
  const declared = places.map((n) => `$i${n}: ID!, $p${n}: Update${object.name}Input!, $v${n}: Int, $k${n}: String`);
  const roots = places.map(
    (n) =>
      `r${n}: update${object.name}(id: $i${n}, patch: $p${n}, expectedVersion: $v${n}, idempotencyKey: $k${n}) { ...R }`,
  );
  return `mutation UpdateEach(${declared.join(", ")}) { ${roots.join(" ")} }
fragment R on ${object.name}Payload { record { ${rowOf(object, fields)} } userErrors { code path message hint theirs } }`;
}

export const deleteDocument = ({ name }: ObjectSummary) =>
  `mutation Delete($id: ID!, $expectedVersion: Int) {
  deleted: delete${name}(id: $id, expectedVersion: $expectedVersion) { id userErrors { code message hint } }
}`;

export const restoreDocument = ({ name }: ObjectSummary) =>
  `mutation Restore($id: ID!) { restored: restore${name}(id: $id) { record { id } userErrors { code message hint } } }`;

export const TIMELINE = `query Timeline($object: String!, $id: ID!, $kinds: [TimelineKind!], $first: Int, $after: String) {
  timeline(object: $object, id: $id, kinds: $kinds, first: $first, after: $after) {
    nodes { id kind at object label text detail operatorName changes { field old new oldText newText } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** What a record or one field of it was before: who changed it, when, from what to what. */
export const historyDocument = ({ name }: ObjectSummary) =>
  `query History($id: ID!, $field: String, $first: Int, $after: String) {
  record: ${lower(name)}(id: $id) {
    id
    history(field: $field, first: $first, after: $after) {
      nodes { id at action operatorName viaLabel changes { field old new oldText newText } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

/** The columns of a board: for each state, how many records there are and the first of them. */
export function boardDocument(object: ObjectSummary, state: FieldInfo, fields: readonly FieldInfo[]): string {
  const { name, searched } = object;
  const [declared, given] = searched ? ["$search: String, ", "search: $search, "] : ["", ""];
  const [group, key] = state.type === "RELATION" ? [`{id: true}`, `${state.name} { id }`] : ["true", state.name];
  return `query Board($filter: ${name}Filter @optional, ${declared}$orderBy: [${name}Order!] @optional) {
  columns: ${lower(name)}Aggregate(filter: $filter, ${given}groupBy: [{${state.name}: ${group}}], first: 200) {
    key { ${key} } count
    top(first: 25, orderBy: $orderBy) { id version _title ${selection(fields)} _can { edit }${actionsOf(object)} }
  }
}`;
}

/** The records of an object in their usual order, for the columns of a board; with fields, where they are given. */
export const titlesDocument = ({ plural, name }: ObjectSummary, fields: readonly FieldInfo[] = []) =>
  `query Titles($orderBy: [${name}Order!] @optional) { list: ${plural}(first: 50, orderBy: $orderBy) { nodes { ${["id _title", selection(fields)].filter(Boolean).join(" ")} } } }`;

/** Changes to the records that a list with this filter would show. */
export const changesDocument = ({ name }: ObjectSummary, fields: readonly FieldInfo[]): string =>
  `subscription Changes($filter: ${name}Filter) {
  changed: ${lower(name)}Changed(filter: $filter) { kind id record { id version _title ${selection(fields)} } }
}`;

/** An object's plural as it stands within names. */
export const plurally = ({ plural }: ObjectSummary) => plural![0]!.toUpperCase() + plural!.slice(1);

/** One patch to all records of a filter, all or none. */
export const updateManyDocument = (object: ObjectSummary): string =>
  `mutation UpdateMany($filter: ${object.name}Filter!, $patch: Update${object.name}Input!, $atMost: Int!, $all: Boolean, $idempotencyKey: String) {
  done: update${plurally(object)}(filter: $filter, patch: $patch, atMost: $atMost, all: $all, idempotencyKey: $idempotencyKey) {
    count userErrors { message hint }
  }
}`;

/** All records of a filter to the recycle bin, all or none. */
export const deleteManyDocument = (object: ObjectSummary): string =>
  `mutation DeleteMany($filter: ${object.name}Filter!, $atMost: Int!, $all: Boolean, $idempotencyKey: String) {
  done: delete${plurally(object)}(filter: $filter, atMost: $atMost, all: $all, idempotencyKey: $idempotencyKey) {
    count userErrors { message hint }
  }
}`;
