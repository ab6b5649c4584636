/** A field as the definition language has it, from what a form gives. */

export interface NewField {
  name: string;
  label: string;
  labelEn: string;
  type: string;
  /** The object that a relation refers to. */
  target: string;
  /** The values of a picklist: a line each, `API_NAME label`. */
  values: string;
  required: boolean;
  /** The list of these records on the other object, and what it is called there. */
  inverse?: string;
  inverseLabel?: string;
  inverseLabelEn?: string;
  /** What becomes of the field when the other record is deleted: RESTRICT unless told. */
  onDelete?: string;
}

/** Types that a person chooses from, as the definition language writes them. */
export const TYPES: Record<string, string> = {
  TEXT: "String",
  LONG_TEXT: "String @field(type: LONG_TEXT)",
  INTEGER: "Int",
  DECIMAL: "Decimal",
  MONEY: "Decimal @field(type: MONEY)",
  PERCENT: "Decimal @field(type: PERCENT)",
  BOOLEAN: "Boolean",
  DATE: "Date",
  DATE_TIME: "DateTime",
  EMAIL: "String @field(type: EMAIL)",
  PHONE: "String @field(type: PHONE)",
  URL: "String @field(type: URL)",
  RATING: "Int @field(type: RATING)",
  PICKLIST: "",
  RELATION: "",
};

/** `Delivery date` is called `deliveryDate`. */
export function apiName(label: string): string {
  const words = label.normalize("NFKD").match(/[A-Za-z0-9]+/g) ?? [];
  const joined = words
    .map((word, place) => (place === 0 ? word.toLowerCase() : word[0]!.toUpperCase() + word.slice(1).toLowerCase()))
    .join("");
  return joined.replace(/^\d+/, "");
}

export const typeName = (label: string): string => {
  const name = apiName(label);
  return name === "" ? "" : name[0]!.toUpperCase() + name.slice(1);
};

const quoted = (text: string) => JSON.stringify(text);

/** The line of a field, and the picklist that it brings. */
export function fieldDefinition(object: string, field: NewField): { field: string; picklist: string | null } {
  const labels = [
    `label: ${quoted(field.label)}`,
    ...(field.labelEn === "" ? [] : [`labelEn: ${quoted(field.labelEn)}`]),
  ];
  let type: string;
  let picklist: string | null = null;
  const options: string[] = [];
  if (field.type === "PICKLIST") {
    type = `${object}${typeName(field.name.replace(/([A-Z])/g, " $1"))}`;
    const values = field.values
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
    const lines = values.map((line, place) => {
      const [first = "", ...rest] = line.split(/\s+/);
      const named = /^[A-Za-z][A-Za-z0-9_]*$/.test(first) && rest.length > 0;
      const label = named ? rest.join(" ") : line;
      const name = named ? first.toUpperCase() : apiName(line).toUpperCase() || `VALUE_${place + 1}`;
      return `  ${name} @label(zh: ${quoted(label)})`;
    });
    picklist = `enum ${type} {\n${lines.join("\n")}\n}`;
  } else if (field.type === "RELATION") {
    type = field.target;
  } else {
    const [, scalar = "String", given] = /^(\w+)(?: @field\((.*)\))?$/.exec(TYPES[field.type] ?? "String") ?? [];
    type = scalar;
    if (given !== undefined) options.push(given);
  }
  const ends = (["inverse", "inverseLabel", "inverseLabelEn"] as const).flatMap((name) =>
    (field[name] ?? "") === "" ? [] : [`${name}: ${quoted(field[name]!)}`],
  );
  if (field.onDelete === "CLEAR") ends.push("onDelete: CLEAR");
  const relation = field.type === "RELATION" && ends.length > 0 ? ` @relation(${ends.join(", ")})` : "";
  const bang = field.required ? "!" : "";
  return { field: `${field.name}: ${type}${bang} @field(${[...options, ...labels].join(", ")})${relation}`, picklist };
}

export interface NewObject {
  name: string;
  plural: string;
  label: string;
  labelEn: string;
  system: string;
  /** `LINED` is a document with lines. */
  kind: "MASTER" | "DOCUMENT" | "LINED";
}

/** The letters that begin the numbers of a document: `SL` of `SampleLoan`. */
const lettersOf = (name: string) => (name.match(/[A-Z]/g) ?? ["N"]).join("").slice(0, 4);

/** The types of a new object, each with its first field. */
export function objectDefinitions({ name, plural, label, labelEn, system, kind }: NewObject): string[] {
  const labels = (zh: string, en: string) => `label: ${quoted(zh)}${en === "" ? "" : `, labelEn: ${quoted(en)}`}`;
  const head = `${labels(label, labelEn)}, plural: ${quoted(plural)}, systems: [${system}]`;
  if (kind === "MASTER") {
    const named = 'name: String! @field(label: "名称", labelEn: "Name", search: true)';
    return [`type ${name} @object(kind: MASTER, ${head}) {\n  ${named}\n}`];
  }
  const remark = 'remark: String @field(type: LONG_TEXT, label: "备注", labelEn: "Remark")';
  const number = `number: ${quoted(`${lettersOf(name)}{yyyy}{MM}-{seq:4}`)}`;
  const lines = `lines: [${name}Line!]! @lines @field(label: "明细", labelEn: "Lines")`;
  const document = `type ${name} @object(kind: DOCUMENT, ${head}, ${number}) {\n  ${kind === "LINED" ? `${lines}\n  ` : ""}${remark}\n}`;
  if (kind === "DOCUMENT") return [document];
  const line = labels(`${label}明细`, labelEn === "" ? "" : `${labelEn} line`);
  return [document, `type ${name}Line @object(kind: LINE, ${line}) {\n  ${remark}\n}`];
}
