/** The groups of a list on a phone: each folds, with count and sums, and opens as cards. */

import { ChevronRight } from "lucide-react";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import { valueAt } from "../../api/paths";
import { Show } from "../../fields/show";
import type { ListQuestion } from "../../question/question";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { Button } from "../../ui/button";
import { Notice } from "../../ui/notices";
import { Failed } from "../../ui/states";
import { Card } from "./cards";
import { isRecord, keysOf, type ListGroup } from "./items";
import styles from "./list.module.css";
import { type useFigures, useGroupRows } from "./use-groups";
import type { ListPage } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
  fields: readonly FieldInfo[];
  groups: readonly ListGroup[];
  figures: ReturnType<typeof useFigures>;
}

export function GroupedCards({ object, list, question, fields, groups, figures }: Props) {
  const t = useTexts();
  const a = useArea(lists);
  const { items, error, toggle, more } = useGroupRows(object, list, question, fields, groups);
  const keys = keysOf(items);
  return (
    <div className={styles.cards} role="region" aria-label={object.labelPlural} tabIndex={0}>
      {figures.all > groups.length && <Notice>{a.groupsShown(groups.length, figures.all)}</Notice>}
      {error !== null && <Failed error={error} />}
      {items.map((item, place) => {
        const key = keys[place]!;
        if (isRecord(item))
          return (
            <div key={key} className={styles.card}>
              <Card object={object} columns={list.cards} row={item} all={list.own.cards !== undefined} />
            </div>
          );
        if ("more" in item)
          return (
            <Button key={key} isDisabled={item.busy} onPress={() => more(item.more)}>
              {item.busy ? t.loading : t.loadMore}
            </Button>
          );
        const { head, open } = item;
        return (
          <div key={key} className={styles.folded}>
            <button className={styles.group} aria-expanded={open} onClick={() => toggle(head)}>
              <ChevronRight size={15} aria-hidden="true" className={open ? styles.unfolded : undefined} />
              {head.label}
              <span className={styles.count}>{head.count}</span>
            </button>
            {figures.sums.length > 0 && (
              <dl>
                {figures.sums.map((field) => (
                  <div key={field.name}>
                    <dt>{field.label}</dt>
                    <dd>
                      <Show field={field} value={valueAt(head.sum, field.name)} cell />
                    </dd>
                  </div>
                ))}
              </dl>
            )}
          </div>
        );
      })}
    </div>
  );
}
