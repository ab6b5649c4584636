/** What a list, board, calendar or card shows: its columns, its filters, its order, what places a record in it. */

import type { FieldInfo, ObjectInfo } from "../../api/metadata";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import admin from "../admin.module.css";
import { ColumnList } from "./column-list";
import type { Design, LayoutKind } from "./design";
import styles from "./layouts.module.css";
import { NameList } from "./name-list";

interface Props {
  kind: LayoutKind;
  object: ObjectInfo;
  design: Design;
  step: (change: (design: Design) => Design) => void;
  faults: ReadonlyMap<string | null, string>;
}

/** A list is ordered by values; by a relation, by fields of its target, which a layout does not name. */
const ordersBy = ({ sortable, type }: FieldInfo) => sortable && !["RELATION", "UNION"].includes(type);

const LISTS = ["LINES", "INVERSE", "MANY_TO_MANY"];

export function ColumnCanvas({ kind, object, design, step, faults }: Props) {
  const a = useArea(layouts);
  const labelOf = (name: string) => object.fields.find((field) => field.name === name)?.label ?? name;
  const set = (more: Partial<Design>) => step((now) => ({ ...now, ...more }));
  const chooser = (
    label: string,
    value: string | null,
    fits: (field: FieldInfo) => boolean,
    write: (name: string | null) => void,
    empty: boolean,
  ) => (
    <label className={admin.form}>
      <span className={admin.muted}>{label}</span>
      <select value={value ?? ""} onChange={(event) => write(event.target.value || null)}>
        {(empty || value === null) && <option value="">{empty ? a.none : a.choose}</option>}
        {object.fields.filter(fits).map((field) => (
          <option key={field.name} value={field.name}>
            {field.label}
          </option>
        ))}
      </select>
    </label>
  );
  const days = ({ type }: FieldInfo) => type === "DATE" || type === "DATE_TIME";
  return (
    <div className={styles.design}>
      {kind === "BOARD" &&
        chooser(
          a.stateField,
          design.stateField,
          ({ type, groupable }) => groupable && (type === "PICKLIST" || type === "RELATION"),
          (stateField) => set({ stateField }),
          false,
        )}
      {kind === "CALENDAR" && (
        <>
          {chooser(a.startField, design.startField, days, (startField) => set({ startField }), false)}
          {chooser(a.endField, design.endField, days, (endField) => set({ endField }), true)}
        </>
      )}
      <ColumnList
        label={kind === "LIST" ? a.columns : a.fields}
        fields={object.fields}
        columns={design.columns}
        change={(columns) => set({ columns })}
        widths={kind === "LIST"}
        faultAt={(place) => faults.get(`columns ${place}`)}
      />
      {kind !== "CARD" && (
        <NameList
          label={a.quickFilters}
          members={design.quickFilters}
          nameOf={(name) => name}
          labelOf={labelOf}
          offered={object.fields.filter(({ operators, type }) => operators.length > 0 && !LISTS.includes(type))}
          make={(name) => name}
          change={(quickFilters) => set({ quickFilters })}
          faultAt={(place) => faults.get(`quick_filters ${place}`)}
        />
      )}
      {(kind === "LIST" || kind === "BOARD") && (
        <NameList
          label={a.orderBy}
          members={design.orderBy}
          nameOf={({ field }) => field}
          labelOf={labelOf}
          offered={object.fields.filter(ordersBy)}
          make={(field) => ({ field, descending: false })}
          change={(orderBy) => set({ orderBy })}
          faultAt={(place) => faults.get(`order_by ${place}`)}
          more={(order, change) => (
            <select
              aria-label={`${a.orderBy}: ${labelOf(order.field)}`}
              value={order.descending ? "down" : "up"}
              onChange={(event) => change({ ...order, descending: event.target.value === "down" })}
            >
              <option value="up">{a.ascending}</option>
              <option value="down">{a.descending}</option>
            </select>
          )}
        />
      )}
    </div>
  );
}
