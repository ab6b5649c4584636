/** Ticks values of a dimension: a tree where they are one, found by a part of the title. */

import { useMemo, useState } from "react";
import { useArea } from "../texts/area";
import * as rights from "../texts/rights";
import { Button } from "../ui/button";
import { Failed, Skeleton } from "../ui/states";
import styles from "./admin.module.css";
import type { End } from "./defined";
import { MOST_VALUES, useValues } from "./dimensions";
import { holdsTicked, matching, type TreeNode, treeOf } from "./tree";

interface Props {
  end: End;
  label: string;
  ticked: readonly string[];
  /** Whether what is below a ticked value is ticked along. */
  below: boolean;
  change: (ticked: string[]) => void;
}

export function ValueTree({ end, label, ticked, below, change }: Props) {
  const a = useArea(rights);
  const { values, error } = useValues(end);
  const [text, type] = useState("");
  const roots = useMemo(() => treeOf(values ?? []), [values]);
  const chosen = useMemo(() => new Set(ticked), [ticked]);
  if (error != null) return <Failed error={error} />;
  if (values === undefined) return <Skeleton rows={3} />;
  if (values.length === 0) return <p className={styles.muted}>{a.noValues}</p>;
  const toggle = (value: string) =>
    change(chosen.has(value) ? ticked.filter((one) => one !== value) : [...ticked, value]);
  return (
    <fieldset className={styles.values}>
      <legend>
        {label} <span className={styles.muted}>· {a.ticked(ticked.length)}</span>
      </legend>
      {values.length > 8 && (
        <input
          type="search"
          aria-label={`${a.filterValues}: ${label}`}
          placeholder={a.filterValues}
          value={text}
          onChange={(event) => type(event.target.value)}
        />
      )}
      <ul className={styles.tree}>
        {matching(roots, text).map((node) => (
          <Node key={node.value} node={node} ticked={chosen} below={below} open={text !== ""} toggle={toggle} />
        ))}
      </ul>
      {values.length >= MOST_VALUES && <p className={styles.muted}>{a.moreValues(MOST_VALUES)}</p>}
    </fieldset>
  );
}

interface NodeProps {
  node: TreeNode;
  ticked: ReadonlySet<string>;
  below: boolean;
  /** Whether all is unfolded, as what was searched for is. */
  open: boolean;
  /** Whether it is ticked along with what stands above it. */
  along?: boolean;
  toggle: (value: string) => void;
}

function Node({ node, ticked, below, open, along = false, toggle }: NodeProps) {
  const a = useArea(rights);
  const [unfolded, unfold] = useState(node.depth === 0 || holdsTicked(node, ticked));
  const shown = open || unfolded;
  const own = ticked.has(node.value);
  return (
    <li>
      <div className={styles.branch}>
        {node.children.length > 0 ? (
          <Button
            kind="quiet"
            icon
            aria-label={a.unfold(node.title)}
            aria-expanded={shown}
            isDisabled={open}
            onPress={() => unfold(!unfolded)}
          >
            <span aria-hidden="true">{shown ? "▾" : "▸"}</span>
          </Button>
        ) : (
          <span className={styles.leaf} />
        )}
        <label className={styles.inline}>
          <input type="checkbox" checked={own || along} disabled={along && !own} onChange={() => toggle(node.value)} />
          {node.title}
        </label>
      </div>
      {shown && node.children.length > 0 && (
        <ul className={styles.tree}>
          {node.children.map((child) => (
            <Node
              key={child.value}
              node={child}
              ticked={ticked}
              below={below}
              open={open}
              along={along || (below && own)}
              toggle={toggle}
            />
          ))}
        </ul>
      )}
    </li>
  );
}
