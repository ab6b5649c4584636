/** The list in groups that fold. */

import type { ObjectSummary } from "../../api/metadata";
import type { ListQuestion } from "../../question/question";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { Notice } from "../../ui/notices";
import { Failed } from "../../ui/states";
import styles from "./list.module.css";
import type { ListGroup } from "./items";
import { Rows } from "./rows";
import { type useFigures, useGroupRows } from "./use-groups";
import type { ListPage, useRows } from "./use-list";
import type { Chosen } from "./use-selection";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
  fields: ReturnType<typeof useRows>["fields"];
  groups: readonly ListGroup[];
  figures: ReturnType<typeof useFigures>;
  chosen: Chosen | null;
}

export function Grouped({ object, list, question, askFor, fields, groups, figures, chosen }: Props) {
  const a = useArea(lists);
  const { items, error, toggle, more } = useGroupRows(object, list, question, fields, groups);
  return (
    <div className={styles.grouped}>
      {figures.all > groups.length && <Notice>{a.groupsShown(groups.length, figures.all)}</Notice>}
      {error !== null && <Failed error={error} />}
      <Rows
        object={object}
        list={list}
        question={question}
        askFor={askFor}
        rows={items}
        fields={fields}
        total={figures.count}
        chosen={chosen}
        groups={{ toggle, more }}
        sums={figures.sums}
        whole={figures.whole}
      />
    </div>
  );
}
