/** Which columns a list has and how wide they are: by the address, the view, the person, or the layout. */

import { client } from "../../api/cache";
import {
  type Column,
  type FieldInfo,
  type Layout,
  metadata,
  type ObjectPage,
  type SavedView,
  SET_PREFERENCE,
} from "../../api/metadata";
import { selectionOf } from "../../fields/kinds";

/** What a person keeps of the list of an object. */
export interface OwnColumns {
  columns?: string[];
  widths?: Record<string, number>;
  /** What cards show, on a phone. */
  cards?: string[];
}

const NONE: OwnColumns = {};

const keyOf = (object: string) => `list.${object}`;

export function ownColumns(preferences: Record<string, unknown> | undefined, object: string): OwnColumns {
  const kept = preferences?.[keyOf(object)];
  return typeof kept === "object" && kept !== null ? (kept as OwnColumns) : NONE;
}

/** Shows what is kept at once; the server has it for the next time and for other windows. */
export async function keepColumns(object: string, own: OwnColumns): Promise<void> {
  const empty = own.columns === undefined && own.cards === undefined && Object.keys(own.widths ?? {}).length === 0;
  client.setQueryData<ObjectPage>(
    ["meta", "object", object],
    (page) => page && { ...page, preferences: { ...page.preferences, [keyOf(object)]: own } },
  );
  await metadata(SET_PREFERENCE, { key: keyOf(object), value: empty ? null : own });
}

/** What can be a column; nobody reads ids. */
export const showable = (field: FieldInfo) => field.type !== "ID" && selectionOf(field) !== null;

/** What a card shows: what the person has chosen, else what the layout of cards or of the list has. */
export function cardsOf(own: OwnColumns, card: Layout | null, usual: Column[], fields: ReadonlyMap<string, FieldInfo>) {
  const chosen = (own.cards ?? []).flatMap((name): Column[] => {
    const field = fields.get(name);
    return field === undefined || !showable(field) ? [] : [{ name, width: null, field }];
  });
  return chosen.length > 0 ? chosen : (card?.columns ?? usual);
}

export function columnsOf(
  asked: readonly string[] | null,
  view: SavedView | undefined,
  own: OwnColumns,
  layout: Layout,
  fields: ReadonlyMap<string, FieldInfo>,
): Column[] {
  const made = (named: readonly (string | { field: string; width?: number })[] | null | undefined) =>
    named?.flatMap((one): Column[] => {
      const { field: name, width = null } = typeof one === "string" ? { field: one } : one;
      const field = fields.get(name);
      return field === undefined || !showable(field) ? [] : [{ name, width, field }];
    }) ?? [];
  const tries = [made(asked), made(view?.question.columns), view === undefined ? made(own.columns) : []];
  const columns = tries.find(({ length }) => length > 0) ?? layout.columns;
  return columns.map((column) => ({ ...column, width: own.widths?.[column.name] ?? column.width }));
}

/** A column as a view keeps it. */
export const written = ({ name, width }: Column) => (width === null ? name : { field: name, width });
