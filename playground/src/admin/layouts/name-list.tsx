/** Fields in an order: the columns of a list, its filters, the fields above a page. Moved by drag, keys and menu. */

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from "react";
import { Ellipsis, GripVertical } from "lucide-react";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
import { Menu } from "../../ui/menu";
import { useSorting } from "../../ui/sorting";
import styles from "./layouts.module.css";
import { dropAt, moved } from "./steps";

interface Props<T> {
  label: string;
  members: readonly T[];
  nameOf: (member: T) => string;
  labelOf: (name: string) => string;
  /** What may be added, without what is there. */
  offered: readonly { name: string; label: string }[];
  make: (name: string) => T;
  change: (members: T[]) => void;
  more?: (member: T, change: (next: T) => void) => ReactNode;
  faultAt?: (place: number) => string | undefined;
  /** Whether they stand beside one another. */
  across?: boolean;
  /** Whether nothing can be taken out. */
  fixed?: boolean;
}

export function NameList<T>(props: Props<T>) {
  const { label, members, nameOf, labelOf, offered, make, change, more, faultAt, across, fixed } = props;
  const t = useTexts();
  const a = useArea(layouts);
  const id = useId();
  const room = useRef<HTMLUListElement>(null);
  /** What was moved by a key keeps the focus at its new place. */
  const follow = useRef<string | null>(null);
  const sorting = useSorting({
    across: () => across === true,
    drop: ({ id: name }, { index }) => {
      const from = members.findIndex((member) => nameOf(member) === name);
      if (from >= 0) change(moved(members, from, dropAt(from, index)));
    },
  });
  useEffect(() => {
    if (follow.current === null) return;
    room.current?.querySelector<HTMLElement>(`[data-name="${CSS.escape(follow.current)}"] button`)?.focus();
    follow.current = null;
  });
  const step = (place: number, by: 1 | -1) => {
    if (place + by < 0 || place + by >= members.length) return;
    follow.current = nameOf(members[place]!);
    change(moved(members, place, place + by));
  };
  const remove = (place: number) => {
    const beside = members[place + 1] ?? members[place - 1];
    follow.current = beside === undefined ? null : nameOf(beside);
    change(members.filter((_, at) => at !== place));
  };
  const pressed = (event: KeyboardEvent, place: number) => {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    const back = event.key === "ArrowUp" || event.key === "ArrowLeft";
    if (event.altKey && (back || event.key === "ArrowDown" || event.key === "ArrowRight")) {
      event.preventDefault();
      // The button of the menu would open it.
      event.stopPropagation();
      step(place, back ? -1 : 1);
    } else if (event.key === "Delete" && !typing && !fixed) {
      event.preventDefault();
      remove(place);
    }
  };
  const rest = offered.filter(({ name }) => !members.some((member) => nameOf(member) === name));
  return (
    <div className={styles.section}>
      <h2 id={id} className={styles.small}>
        {label}
      </h2>
      <ul
        ref={room}
        aria-labelledby={id}
        className={across ? styles.across : styles.rows}
        {...sorting.list("name", "names", members.length)}
      >
        {members.map((member, place) => {
          const name = nameOf(member);
          const said = labelOf(name);
          const fault = faultAt?.(place);
          return (
            <li
              key={name}
              data-name={name}
              className={`${styles.row} ${fault === undefined ? "" : styles.faulty}`}
              {...sorting.source("name", name)}
              {...sorting.member("name", "names", place)}
              onKeyDownCapture={(event) => pressed(event, place)}
            >
              <GripVertical size={14} aria-hidden="true" />
              <span>{said}</span>
              {more?.(member, (next) => change(members.map((one, at) => (at === place ? next : one))))}
              <Menu
                icon
                kind="quiet"
                label={`${t.more}: ${said}`}
                choices={[
                  { key: "up", label: a.earlier, run: () => step(place, -1) },
                  { key: "down", label: a.later, run: () => step(place, 1) },
                  ...(fixed ? [] : [{ key: "out", label: a.takeOut, run: () => remove(place) }]),
                ]}
              >
                <Ellipsis size={15} aria-hidden="true" />
              </Menu>
              {fault !== undefined && <span className={styles.fault}>{fault}</span>}
            </li>
          );
        })}
      </ul>
      {rest.length > 0 && (
        <select
          aria-label={a.addHere(label)}
          value=""
          onChange={(event) => change([...members, make(event.target.value)])}
        >
          <option value="">{a.addHere(label)}…</option>
          {rest.map((one) => (
            <option key={one.name} value={one.name}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
