/** The groups and entries of a menu, where they stand: moved by drag, keys and menu. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Ellipsis, GripVertical, Plus } from "lucide-react";
import * as menus from "../../texts/menus";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Menu } from "../../ui/menu";
import type { Sorting } from "../../ui/sorting";
import ui from "../../ui/ui.module.css";
import admin from "../admin.module.css";
import looks from "../layouts/layouts.module.css";
import * as designs from "./design";
import type { EntryDesign, GroupDesign, MenuDesign } from "./design";
import styles from "./menus.module.css";

interface Props {
  design: MenuDesign;
  step: (change: (design: MenuDesign) => MenuDesign) => void;
  labelOf: (entry: EntryDesign) => string;
  groupLabel: (group: GroupDesign) => string;
  /** Why others do not see an entry yet, by its key. */
  notices: ReadonlyMap<string, string | null>;
  faults: ReadonlyMap<number | null, string>;
  sorting: Sorting;
  /** The group to which the palette adds. */
  into: number | null;
  choose: (group: number) => void;
  show: (node: EntryDesign | GroupDesign) => void;
}

export function MenuCanvas(props: Props) {
  const { design, step, labelOf, groupLabel, notices, faults, sorting, into, choose, show } = props;
  const t = useTexts();
  const a = useArea(menus);
  const [said, say] = useState("");
  const room = useRef<HTMLElement>(null);
  const follow = useRef<string | null>(null);
  useEffect(() => {
    if (follow.current === null) return;
    room.current?.querySelector<HTMLElement>(`[data-node="${follow.current}"] button`)?.focus();
    follow.current = null;
  });

  const go = (node: string, change: (design: MenuDesign) => MenuDesign) => {
    follow.current = node;
    const next = change(design);
    step(() => next);
    const found = node.startsWith("e") ? designs.findEntry(next, Number(node.slice(1))) : null;
    if (found !== null && next !== design)
      say(a.movedTo(labelOf(found.entry), found.place + 1, found.group.entries.length, groupLabel(found.group)));
  };
  const remove = (group: GroupDesign, place: number) => {
    const beside = group.entries[place + 1] ?? group.entries[place - 1];
    follow.current = beside === undefined ? `g${group.id}` : `e${beside.id}`;
    step((now) => designs.removeEntry(now, group.entries[place]!.id));
  };
  const moves = (event: KeyboardEvent, move: (by: 1 | -1) => void, out?: () => void) => {
    const back = event.key === "ArrowUp" || event.key === "ArrowLeft";
    const moving = event.altKey && (back || event.key === "ArrowDown" || event.key === "ArrowRight");
    if (!moving && (event.key !== "Delete" || out === undefined)) return;
    event.preventDefault();
    // The button of the menu would open it.
    event.stopPropagation();
    if (moving) move(back ? -1 : 1);
    else out?.();
  };

  const entryTile = (group: GroupDesign, entry: EntryDesign, place: number) => {
    const label = labelOf(entry);
    const node = `e${entry.id}`;
    const fault = faults.get(entry.id);
    const notice = notices.get(entry.object ?? entry.path ?? "");
    return (
      <li
        key={entry.id}
        data-node={node}
        data-entry={entry.object ?? entry.path}
        className={`${looks.tile} ${fault === undefined ? "" : looks.faulty}`}
        {...sorting.source("entry", entry.id)}
        {...sorting.member("entry", group.id, place)}
        onKeyDownCapture={(event) =>
          moves(
            event,
            (by) => go(node, (now) => designs.stepEntry(now, entry.id, by)),
            () => remove(group, place),
          )
        }
      >
        <GripVertical size={13} aria-hidden="true" className={looks.mark} />
        <button className={looks.name} title={`${a.properties}: ${label}`} onClick={() => show(entry)}>
          {label}
        </button>
        {entry.path !== null && <span className={looks.muted}>{entry.path.slice(0, 24)}</span>}
        <Menu
          icon
          kind="quiet"
          label={`${t.more}: ${label}`}
          choices={[
            { key: "properties", label: `${a.rename}…`, run: () => show(entry) },
            { key: "earlier", label: a.earlier, run: () => go(node, (now) => designs.stepEntry(now, entry.id, -1)) },
            { key: "later", label: a.later, run: () => go(node, (now) => designs.stepEntry(now, entry.id, 1)) },
            ...design
              .filter(({ id }) => id !== group.id)
              .map((other) => ({
                key: `to ${other.id}`,
                label: a.toGroup(groupLabel(other)),
                run: () => go(node, (now) => designs.moveEntry(now, entry.id, other.id, other.entries.length)),
              })),
            { key: "out", label: a.takeOut, run: () => remove(group, place) },
          ]}
        >
          <Ellipsis size={15} aria-hidden="true" />
        </Menu>
        {fault !== undefined && <span className={looks.fault}>{fault}</span>}
        {notice != null && <span className={styles.notice}>{notice}</span>}
      </li>
    );
  };

  return (
    <section
      ref={room}
      className={looks.design}
      aria-label={a.design}
      {...sorting.list("group", "groups", design.length)}
    >
      <div role="status" className={ui.hiddenVisually}>
        {said}
      </div>
      <p className={admin.muted}>{a.keysHint}</p>
      {design.map((group, place) => {
        const node = `g${group.id}`;
        const name = groupLabel(group);
        return (
          <div
            key={group.id}
            role="group"
            aria-label={`${a.group}: ${name}`}
            data-node={node}
            className={`${looks.section} ${into === group.id ? looks.chosen : ""}`}
            onFocus={() => choose(group.id)}
            {...sorting.member("group", "groups", place)}
          >
            <div
              className={looks.head}
              {...sorting.source("group", group.id)}
              onKeyDownCapture={(event) =>
                moves(event, (by) => go(node, (now) => designs.stepGroup(now, group.id, by)))
              }
            >
              <GripVertical size={14} aria-hidden="true" className={looks.mark} />
              <button className={looks.name} title={`${a.properties}: ${name}`} onClick={() => show(group)}>
                {name}
              </button>
              <Menu
                icon
                kind="quiet"
                label={`${t.more}: ${a.group} ${name}`}
                choices={[
                  { key: "properties", label: `${a.rename}…`, run: () => show(group) },
                  {
                    key: "up",
                    label: a.earlier,
                    run: () => go(node, (now) => designs.stepGroup(now, group.id, -1)),
                  },
                  {
                    key: "down",
                    label: a.later,
                    run: () => go(node, (now) => designs.stepGroup(now, group.id, 1)),
                  },
                  {
                    key: "out",
                    label: a.takeOut,
                    run: () => step((now) => now.filter(({ id }) => id !== group.id)),
                  },
                ]}
              >
                <Ellipsis size={15} aria-hidden="true" />
              </Menu>
            </div>
            <ul className={looks.rows} {...sorting.list("entry", group.id, group.entries.length)}>
              {group.entries.map((entry, at) => entryTile(group, entry, at))}
              {group.entries.length === 0 && <li className={looks.empty}>{a.emptyGroup}</li>}
            </ul>
          </div>
        );
      })}
      <Button
        onPress={() => {
          const added = designs.newGroup();
          step((now) => [...now, added]);
          choose(added.id);
          show(added);
        }}
      >
        <Plus size={14} aria-hidden="true" /> {a.addGroup}
      </Button>
    </section>
  );
}
