/** The sections of a record's page, by the layout. */

import { Link } from "@tanstack/react-router";
import type { Column, LayoutItem, ObjectInfo, Section } from "../../api/metadata";
import { valueAt, type Values } from "../../api/paths";
import { useShell } from "../../api/cache";
import { KINDS } from "../../fields/kinds";
import { Show } from "../../fields/show";
import { useTexts } from "../../texts";
import { buttonLook } from "../../ui/button-look";
import { PeekButton } from "../../ui/peek";
import styles from "../page.module.css";
import { RecordField } from "./field";
import { Timeline } from "./timeline";
import type { OpenRecord, RecordValues } from "./use-record";

const COLUMNS = ["", styles.one, styles.two, styles.three] as const;

interface RowsProps {
  label: string;
  columns: Column[];
  rows: (Values & { id: string; _title?: string | null })[];
  /** The list of these records; none for lines. */
  plural?: string;
}

export function SmallTable({ label, columns, rows, plural }: RowsProps) {
  return (
    <div className={styles.table} tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, field }) => (
              <th key={name} scope="col" className={KINDS[field.type].end ? styles.end : undefined}>
                {field.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              {columns.map(({ name, field }, place) => {
                const value = valueAt(row, name);
                const linked = place === 0 && plural !== undefined;
                return (
                  <td key={name} className={KINDS[field.type].end ? styles.end : undefined}>
                    {linked ? (
                      <>
                        <Link to="/o/$plural/$id" params={{ plural, id: row.id }}>
                          {typeof value === "string" && field.type !== "PICKLIST" && value !== ""
                            ? value
                            : (row._title ?? "–")}
                        </Link>
                        <PeekButton plural={plural} id={row.id} title={row._title ?? ""} />
                      </>
                    ) : (
                      <Show field={field} value={value} cell />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How much of its row an item takes. */
const spanOf = ({ width, field }: LayoutItem & { __typename: "FieldItem" }) =>
  field.type === "LONG_TEXT" || field.type === "RICH_TEXT" || (width ?? 1) > 2
    ? styles.wide
    : width === 2
      ? styles.span2
      : undefined;

interface Props {
  open: OpenRecord;
  section: Section;
  altered: ReadonlySet<string>;
  setAltered: (names: ReadonlySet<string>) => void;
}

export function RecordSection({ open, section, altered, setAltered }: Props) {
  const { object, record, asOf } = open;
  const hidden = record._hidden ?? [];
  const fields = section.items
    .filter((item) => item.__typename === "FieldItem")
    .filter(({ name }) => !hidden.includes(name));
  const others = section.items.filter((item) => item.__typename !== "FieldItem");
  // A heading alone says nothing.
  if (fields.length + others.length === 0) return null;
  const drawn = (
    <>
      {fields.length > 0 && (
        <dl className={`${styles.values} ${COLUMNS[Math.min(3, section.columns)] ?? ""}`}>
          {fields.map((item) => (
            <RecordField
              key={item.name}
              item={item}
              open={open}
              altered={altered}
              setAltered={setAltered}
              className={spanOf(item)}
            />
          ))}
        </dl>
      )}
      {others.map((item, place) => (
        <Other key={place} object={object} item={item} record={record} asOf={asOf} />
      ))}
    </>
  );
  if (section.label === null) return <section className={styles.section}>{drawn}</section>;
  return section.collapsed ? (
    <details className={styles.section}>
      <summary>{section.label}</summary>
      {drawn}
    </details>
  ) : (
    <section className={styles.section}>
      <h2>{section.label}</h2>
      {drawn}
    </section>
  );
}

interface Related {
  totalCount: number;
  nodes: (Values & { id: string; _title: string | null })[];
}

interface OtherProps {
  object: ObjectInfo;
  item: LayoutItem;
  record: RecordValues;
  asOf: string | null;
}

function Other({ object, item, record, asOf }: OtherProps) {
  const t = useTexts();
  const shell = useShell();
  switch (item.__typename) {
    case "LinesItem": {
      const rows = (record[item.name] ?? []) as (Values & { id: string })[];
      return (
        <>
          <div className={styles.relatedHead}>
            <h2>
              {item.label} <span className={styles.count}>{rows.length}</span>
            </h2>
          </div>
          {rows.length > 0 && <SmallTable label={item.label} columns={item.columns} rows={rows} />}
        </>
      );
    }
    case "RelatedItem": {
      const found = record[item.name] as Related | Related["nodes"] | null | undefined;
      const related = Array.isArray(found) ? { totalCount: found.length, nodes: found } : found;
      const target = shell.data?.objects.find(({ name }) => name === item.object);
      const by = object.relatedLists.find(({ name }) => name === item.name)?.by;
      if (related == null) return null;
      return (
        <>
          <div className={styles.relatedHead}>
            <h2>
              {item.label} <span className={styles.count}>{related.totalCount}</span>
            </h2>
            {target?.plural != null && by != null && related.totalCount > related.nodes.length && (
              <Link to="/o/$plural" params={{ plural: target.plural }} search={{ [`f.${by}`]: `in:${record.id}` }}>
                {t.viewAll}
              </Link>
            )}
            {target?.plural != null && by != null && target.may.includes("CREATE") && asOf === null && (
              <Link
                to="/o/$plural/new"
                params={{ plural: target.plural }}
                search={{ [`with.${by}`]: record.id }}
                className={buttonLook()}
              >
                {t.createNamed(target.label)}
              </Link>
            )}
          </div>
          {related.nodes.length > 0 && (
            <SmallTable
              label={item.label}
              columns={item.columns}
              rows={related.nodes}
              plural={target?.plural ?? undefined}
            />
          )}
        </>
      );
    }
    case "TimelineItem":
      // What has happened since is no part of what was.
      return asOf !== null ? null : <Timeline object={object} id={record.id} />;
    case "TextItem":
      return <p>{item.text}</p>;
    default:
      return null;
  }
}
