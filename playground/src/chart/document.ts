/** The part of a document that asks for a chart's groups, alone or beside those of other charts. */

import type { FieldInfo, ObjectSummary } from "../api/metadata";
import type { Part } from "../api/part";
import type { Grouping } from "./groups";

/** Most groups that a chart shows; beyond, it says how many there are. */
export const MOST = 200;

/** One group of an answer. */
export interface AnsweredGroup {
  key: Record<string, unknown> | null;
  count: number;
  groupCount: number;
  sum?: Record<string, unknown>;
}

export interface ChartVariables {
  filter?: Record<string, unknown>;
  search?: string;
}

const lower = (name: string) => name[0]!.toLowerCase() + name.slice(1);

/** `price.amount` is read as `price { amount }`. */
const wrapped = (path: string, inner: string): string => {
  const [first, ...rest] = path.split(".");
  return rest.length === 0 ? `${first}${inner}` : `${first} { ${wrapped(rest.join("."), inner)} }`;
};

/** `{price: {amount: DESC}}`. */
const around = (path: string, inner: string): string =>
  path.split(".").reduceRight((made, step) => `{${step}: ${made}}`, inner);

const parts = ({ display }: Grouping) => (display === null ? ["id"] : ["id", display]);

const grouped = (grouping: Grouping): string[] =>
  grouping.field.type === "RELATION"
    ? parts(grouping).map((part) => around(grouping.field.name, `{${part}: true}`))
    : [around(grouping.field.name, grouping.period ?? "true")];

const keyed = (grouping: Grouping): string =>
  wrapped(grouping.field.name, grouping.field.type === "RELATION" ? ` { ${parts(grouping).join(" ")} }` : "");

/**
 * The groups of a list by up to two fields, with the sum of another. Days stand in their order, all else by what
 * weighs most. With no field at all it is the one figure of the whole list.
 */
export function chartPart(
  object: ObjectSummary,
  groupings: readonly Grouping[],
  measure: FieldInfo | null,
  { filter, search }: ChartVariables,
): Part {
  const { name, searched } = object;
  const sum = measure === null ? "" : ` sum { ${wrapped(measure.name, "")} }`;
  const weight = measure === null ? "{count: DESC}" : `{sum: ${around(measure.name, "DESC")}}`;
  const days = groupings.find(({ period }) => period !== null);
  const order = days === undefined ? weight : `{key: ${around(days.field.name, "ASC")}}`;
  const by =
    groupings.length === 0
      ? ""
      : `, groupBy: [${groupings.flatMap(grouped).join(", ")}], orderBy: [${order}], first: ${MOST}`;
  const key = groupings.length === 0 ? "" : `key { ${groupings.map(keyed).join(" ")} } `;
  return {
    variables: {
      filter: { type: `${name}Filter @optional`, value: filter },
      ...(searched ? { search: { type: "String", value: search } } : {}),
    },
    write: (variable) =>
      `${lower(name)}Aggregate(filter: ${variable("filter")}${searched ? `, search: ${variable("search")}` : ""}${by}) { ${key}count${
        groupings.length === 0 ? "" : " groupCount"
      }${sum} }`,
  };
}

/**
 * The figures of a list: how many records there are and the sums of several fields, in all and by a field. A sum that
 * the server does not have is null.
 */
export function figuresDocument(object: ObjectSummary, grouping: Grouping | null, sums: readonly FieldInfo[]): string {
  const { name, searched } = object;
  const [declared, given] = searched ? [", $search: String", ", search: $search"] : ["", ""];
  const sum = sums.length === 0 ? "" : ` sum { ${sums.map((field) => wrapped(field.name, " @optional")).join(" ")} }`;
  const root = `${lower(name)}Aggregate(filter: $filter${given}`;
  const order = grouping?.period == null ? "{count: DESC}" : `{key: ${around(grouping.field.name, "ASC")}}`;
  const groups =
    grouping === null
      ? ""
      : `
  groups: ${root}, groupBy: [${grouped(grouping).join(", ")}], orderBy: [${order}], first: ${MOST}) { key { ${keyed(grouping)} } count groupCount${sum} }`;
  return `query Figures($filter: ${name}Filter @optional${declared}) {
  whole: ${root}) { count${sum} }${groups}
}`;
}
