/** A layout as it is designed: read from its text, changed step by step, given to the server by its parts. Pure. */

import { pathAt, readToml, type Spot, type Table, type Toml } from "../../values/toml";

export const KINDS = ["LIST", "DETAIL", "EDIT", "BOARD", "CALENDAR", "CARD", "PRINT"] as const;
export type LayoutKind = (typeof KINDS)[number];

/** Kinds that show many records in columns; the others show one record in sections. */
export const inColumns = (kind: LayoutKind) => ["LIST", "BOARD", "CALENDAR", "CARD"].includes(kind);

export interface ColumnDesign {
  field: string;
  width: number | null;
}

export type ItemKind = "field" | "lines" | "related" | "timeline" | "text";

export interface ItemDesign {
  id: number;
  kind: ItemKind;
  /** The field; none for a timeline or a text. */
  name: string;
  label: string;
  labelEn: string;
  text: string;
  textEn: string;
  width: number;
  readOnly: boolean;
  columns: ColumnDesign[];
  first: number | null;
  visible: string;
}

export interface SectionDesign {
  id: number;
  label: string;
  labelEn: string;
  columns: number;
  collapsed: boolean;
  items: ItemDesign[];
}

export interface TabDesign {
  id: number;
  label: string;
  labelEn: string;
  sections: SectionDesign[];
}

export interface OrderDesign {
  field: string;
  descending: boolean;
}

export interface Design {
  columns: ColumnDesign[];
  quickFilters: string[];
  orderBy: OrderDesign[];
  header: string[];
  stateField: string | null;
  startField: string | null;
  endField: string | null;
  tabs: TabDesign[];
}

export const NOTHING: Design = {
  columns: [],
  quickFilters: [],
  orderBy: [],
  header: [],
  stateField: null,
  startField: null,
  endField: null,
  tabs: [],
};

let last = 0;
const next = () => ++last;

const list = (value: Toml | undefined): Toml[] => (Array.isArray(value) ? value : []);
const text = (value: Toml | undefined) => (typeof value === "string" ? value : "");
const number = (value: Toml | undefined) => (typeof value === "number" ? value : null);
const names = (value: Toml | undefined) => list(value).map(text);

function column(value: Toml): ColumnDesign {
  if (typeof value === "string") return { field: value, width: null };
  const table = value as Table;
  return { field: text(table.field), width: number(table.width) };
}

export function newItem(kind: ItemKind, name = "", more: Partial<ItemDesign> = {}): ItemDesign {
  return {
    id: next(),
    kind,
    name,
    label: "",
    labelEn: "",
    text: "",
    textEn: "",
    width: 1,
    readOnly: false,
    columns: [],
    first: null,
    visible: "",
    ...more,
  };
}

export const newSection = (more: Partial<SectionDesign> = {}): SectionDesign => ({
  id: next(),
  label: "",
  labelEn: "",
  columns: 2,
  collapsed: false,
  items: [],
  ...more,
});

export const newTab = (more: Partial<TabDesign> = {}): TabDesign => ({
  id: next(),
  label: "",
  labelEn: "",
  sections: [newSection()],
  ...more,
});

function item(value: Toml): ItemDesign {
  if (typeof value === "string") return newItem("field", value);
  const table = value as Table;
  const kind = (["field", "lines", "related"] as const).find((one) => table[one] !== undefined);
  return newItem(kind ?? (table.timeline === true ? "timeline" : "text"), kind === undefined ? "" : text(table[kind]), {
    label: text(table.label),
    labelEn: text(table.label_en),
    text: text(table.text),
    textEn: text(table.text_en),
    width: number(table.width) ?? 1,
    readOnly: table.read_only === true,
    columns: list(table.columns).map(column),
    first: number(table.first),
    visible: text(table.visible),
  });
}

/** The layout of a text. Its role and state are not looked at: a variant may begin as a copy of another. */
export function readDesign(definition: string): Design {
  const { table } = readToml(definition);
  return {
    columns: list(table.columns).map(column),
    quickFilters: names(table.quick_filters),
    orderBy: names(table.order_by).map((name) => ({ field: name.replace(/^-/, ""), descending: name.startsWith("-") })),
    header: names(table.header),
    stateField: text(table.state_field) || null,
    startField: text(table.start_field) || null,
    endField: text(table.end_field) || null,
    tabs: list(table.tabs).map((value) => {
      const tab = value as Table;
      const sections = list(tab.sections).map((one) => {
        const section = one as Table;
        return newSection({
          label: text(section.label),
          labelEn: text(section.label_en),
          columns: number(section.columns) ?? 2,
          collapsed: section.collapsed === true,
          items: list(section.items).map(item),
        });
      });
      return newTab({ label: text(tab.label), labelEn: text(tab.label_en), sections });
    }),
  };
}

const given = (value: string) => (value.trim() === "" ? undefined : value.trim());

function itemInput(design: ItemDesign) {
  const list = design.kind === "lines" || design.kind === "related";
  return {
    ...(design.kind === "timeline" ? { timeline: true } : design.kind === "text" ? {} : { [design.kind]: design.name }),
    ...(design.kind === "text" ? { text: given(design.text), textEn: given(design.textEn) } : {}),
    ...(list ? { label: given(design.label), labelEn: given(design.labelEn) } : {}),
    width: design.width === 1 ? undefined : design.width,
    readOnly: design.kind === "field" && design.readOnly ? true : undefined,
    columns: list && design.columns.length > 0 ? design.columns.map(columnInput) : undefined,
    first: design.kind === "related" ? (design.first ?? undefined) : undefined,
    visibleWhen: given(design.visible),
  };
}

const columnInput = ({ field, width }: ColumnDesign) => ({ name: field, width: width ?? undefined });

/** `price.amount` is ordered as `{price: {amount: …}}`. */
export const orderInput = ({ field, descending }: OrderDesign) =>
  field.split(".").reduceRight<unknown>((inner, step) => ({ [step]: inner }), descending ? "DESC" : "ASC");

/** What `setLayout` takes: the parts that layouts of the kind have. */
export function layoutInput(kind: LayoutKind, design: Design) {
  const columns = { columns: design.columns.map(columnInput), quickFilters: design.quickFilters };
  switch (kind) {
    case "CARD":
      return { columns: columns.columns };
    case "LIST":
      return { ...columns, orderBy: design.orderBy.map(orderInput) };
    case "BOARD":
      return { ...columns, orderBy: design.orderBy.map(orderInput), stateField: design.stateField };
    case "CALENDAR":
      return { ...columns, startField: design.startField, endField: design.endField };
    default:
      return {
        header: design.header,
        tabs: design.tabs.map(({ label, labelEn, sections }) => ({
          label: given(label),
          labelEn: given(labelEn),
          sections: sections.map((section) => ({
            label: given(section.label),
            labelEn: given(section.labelEn),
            columns: section.columns,
            collapsed: section.collapsed || undefined,
            items: section.items.map(itemInput),
          })),
        })),
      };
  }
}

export interface Fault {
  line: number;
  column: number;
  message: string;
  hint: string | null;
}

/** Where faults of the text stand in the design: by `item 3`, `section 2`, `columns 1`; the rest under null. */
export function placedFaults(design: Design, definition: string, faults: readonly Fault[]): Map<string | null, string> {
  const placed = new Map<string | null, string>();
  let spots: Spot[] = [];
  try {
    spots = readToml(definition).spots;
  } catch {
    // Faults of a text that cannot be read stand above everything.
  }
  for (const fault of faults) {
    const steps = (pathAt(spots, fault.line, fault.column) ?? "").split(".");
    const section = steps[2] === "sections" ? design.tabs[Number(steps[1])]?.sections[Number(steps[3])] : undefined;
    const within = steps[4] === "items" ? section?.items[Number(steps[5])] : undefined;
    const key =
      within !== undefined
        ? `item ${within.id}`
        : section !== undefined
          ? `section ${section.id}`
          : /^(columns|quick_filters|order_by|header)$/.test(steps[0] ?? "") && steps[1] !== undefined
            ? `${steps[0]} ${steps[1]}`
            : null;
    const said = [fault.message, fault.hint].filter(Boolean).join(" ");
    placed.set(key, placed.has(key) ? `${placed.get(key)} ${said}` : said);
  }
  return placed;
}

/** The names of what a page shows, by kind: what is not among them is offered. */
export function placedNames(design: Design): Set<string> {
  const items = design.tabs.flatMap(({ sections }) => sections.flatMap(({ items }) => items));
  return new Set(items.map(({ kind, name }) => (kind === "timeline" ? "timeline" : name)));
}
