/** The list on a phone: a card each, by the layout of cards. */

import { Link } from "@tanstack/react-router";
import type { Column, ObjectSummary } from "../../api/metadata";
import { valueAt } from "../../api/paths";
import { Show } from "../../fields/show";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { PeekButton } from "../../ui/peek";
import styles from "./list.module.css";
import type { ListPage, Row } from "./use-list";

interface CardProps {
  object: ObjectSummary;
  columns: Column[];
  row: Row;
  /** Whether it shows all of them, as a person has chosen, and not as many as usually fit. */
  all?: boolean;
}

const MOST = 6;

/** A card's title and fields; the title is the link. */
export function Card({ object, columns, row, all }: CardProps) {
  return (
    <>
      <Link to="/o/$plural/$id" params={{ plural: object.plural!, id: row.id }} draggable={false}>
        <strong>{row._title ?? row.id}</strong>
      </Link>
      <PeekButton plural={object.plural!} id={row.id} title={row._title ?? ""} at="card" />
      <dl>
        {columns
          .filter(({ name }) => name !== object.display && (valueAt(row, name) ?? "") !== "")
          .slice(0, all === true ? undefined : MOST)
          .map(({ name, field }) => (
            <div key={name}>
              <dt>{field.label}</dt>
              <dd>
                <Show field={field} value={valueAt(row, name)} cell />
              </dd>
            </div>
          ))}
      </dl>
    </>
  );
}

interface Props {
  object: ObjectSummary;
  list: ListPage;
  rows: Row[];
  more?: () => void;
}

export function Cards({ object, list, rows, more }: Props) {
  const t = useTexts();
  return (
    <div className={styles.cards} role="region" aria-label={object.labelPlural} tabIndex={0}>
      {rows.map((row) => (
        <div key={row.id} className={styles.card}>
          <Card object={object} columns={list.cards} row={row} all={list.own.cards !== undefined} />
        </div>
      ))}
      {more !== undefined && <Button onPress={more}>{t.loadMore}</Button>}
    </div>
  );
}
