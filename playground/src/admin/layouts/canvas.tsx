/** Tabs, sections and items of a page, where they stand: moved by drag, keys and menu. */

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Ellipsis, EyeOff, GripVertical, Lock, Plus } from "lucide-react";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import { useLang, useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Menu } from "../../ui/menu";
import type { Sorting } from "../../ui/sorting";
import ui from "../../ui/ui.module.css";
import type { Design, ItemDesign, SectionDesign, TabDesign } from "./design";
import { newSection, newTab } from "./design";
import { ItemDialog, SectionDialog, TabDialog } from "./dialogs";
import styles from "./layouts.module.css";
import type { Known } from "./known";
import * as steps from "./steps";

interface Props {
  design: Design;
  step: (change: (design: Design) => Design) => void;
  known: Known;
  faults: ReadonlyMap<string | null, string>;
  sorting: Sorting;
  /** The section to which the palette adds. */
  into: number | null;
  choose: (section: number) => void;
}

const SPANS = ["", "", styles.s2, styles.s3, styles.whole] as const;
const COLUMNS = ["", styles.c1, styles.c2, styles.c3, styles.c4] as const;

/** Whether a key moves what has the focus, and where to; the button of its menu does not get it then. */
function stepOf(event: KeyboardEvent): 1 | -1 | null {
  const back = event.key === "ArrowUp" || event.key === "ArrowLeft";
  if (!event.altKey || !(back || event.key === "ArrowDown" || event.key === "ArrowRight")) return null;
  event.preventDefault();
  event.stopPropagation();
  return back ? -1 : 1;
}

export function Canvas({ design, step, known, faults, sorting, into, choose }: Props) {
  const t = useTexts();
  const a = useArea(layouts);
  const zh = useLang() === "zh";
  const room = useRef<HTMLDivElement>(null);
  /** The node that keeps the focus after it has moved. */
  const follow = useRef<string | null>(null);
  const [said, say] = useState("");
  const [open, show] = useState<TabDesign | SectionDesign | ItemDesign | null>(null);
  useEffect(() => {
    if (follow.current === null) return;
    room.current?.querySelector<HTMLElement>(`[data-node="${follow.current}"] button`)?.focus();
    follow.current = null;
  });
  const titled = (node: { label: string; labelEn: string }) =>
    (zh ? node.label || node.labelEn : node.labelEn || node.label) || a.noTitle;
  const all = steps.sectionsOf(design);

  /** Takes a step with what has the focus, which keeps it. */
  const go = (node: string, change: (design: Design) => Design) => {
    follow.current = node;
    const next = change(design);
    step(() => next);
    const item = node.startsWith("i") ? steps.findItem(next, Number(node.slice(1))) : null;
    if (item !== null && next !== design)
      say(a.movedTo(known.labelOf(item.item), item.place + 1, item.section.items.length, titled(item.section)));
  };
  const removeItem = (section: SectionDesign, place: number) => {
    const beside = section.items[place + 1] ?? section.items[place - 1];
    follow.current = beside === undefined ? `s${section.id}` : `i${beside.id}`;
    step((now) => steps.removeItem(now, section.items[place]!.id));
  };

  const tile = (section: SectionDesign, item: ItemDesign, place: number) => {
    const label = known.labelOf(item);
    const fault = faults.get(`item ${item.id}`);
    const list = item.kind === "lines" || item.kind === "related" || item.kind === "timeline";
    const node = `i${item.id}`;
    return (
      <div
        key={item.id}
        data-node={node}
        data-item={item.name || item.kind}
        className={[
          styles.tile,
          SPANS[Math.min(item.width, section.columns)],
          list && styles.list,
          fault !== undefined && styles.faulty,
        ]
          .filter(Boolean)
          .join(" ")}
        {...sorting.source("item", item.id)}
        {...sorting.member("item", section.id, place)}
        onKeyDownCapture={(event) => {
          const by = stepOf(event);
          if (by !== null) {
            go(node, (now) => steps.stepItem(now, item.id, by));
          } else if (event.key === "Delete") {
            event.preventDefault();
            removeItem(section, place);
          }
        }}
      >
        <GripVertical size={13} aria-hidden="true" className={styles.mark} />
        <button className={styles.name} onClick={() => show(item)} title={`${a.properties}: ${label}`}>
          {label}
        </button>
        {item.visible !== "" && <EyeOff size={13} className={styles.mark} aria-label={a.conditional} role="img" />}
        {item.readOnly && <Lock size={13} className={styles.mark} aria-label={a.readOnly} role="img" />}
        <Menu
          icon
          kind="quiet"
          label={`${t.more}: ${label}`}
          choices={[
            { key: "properties", label: `${a.properties}…`, run: () => show(item) },
            { key: "earlier", label: a.earlier, run: () => go(node, (now) => steps.stepItem(now, item.id, -1)) },
            { key: "later", label: a.later, run: () => go(node, (now) => steps.stepItem(now, item.id, 1)) },
            ...(section.columns > 1
              ? [1, 2, 3, 4]
                  .filter((count) => count <= section.columns)
                  .map((count) => ({
                    key: `width ${count}`,
                    label: `${a.width}: ${a.widthOf(count)}`,
                    selected: item.width === count,
                    run: () => go(node, (now) => steps.changeItem(now, item.id, { width: count })),
                  }))
              : []),
            ...all
              .filter(({ id }) => id !== section.id)
              .map((other) => ({
                key: `to ${other.id}`,
                label: a.toSection(titled(other)),
                run: () => go(node, (now) => steps.moveItem(now, item.id, other.id, other.items.length)),
              })),
            { key: "out", label: a.takeOut, run: () => removeItem(section, place) },
          ]}
        >
          <Ellipsis size={15} aria-hidden="true" />
        </Menu>
        {fault !== undefined && <span className={styles.fault}>{fault}</span>}
      </div>
    );
  };

  const section = (tab: TabDesign, one: SectionDesign, place: number) => {
    const node = `s${one.id}`;
    const fault = faults.get(`section ${one.id}`);
    const name = titled(one);
    return (
      <div
        key={one.id}
        role="group"
        data-node={node}
        aria-label={`${a.section}: ${name}`}
        className={`${styles.section} ${into === one.id ? styles.chosen : ""}`}
        {...sorting.member("section", tab.id, place)}
        onFocus={() => choose(one.id)}
      >
        <div
          className={styles.head}
          {...sorting.source("section", one.id)}
          onKeyDownCapture={(event) => {
            const by = stepOf(event);
            if (by === null) return;
            go(node, (now) => steps.stepSection(now, one.id, by));
          }}
        >
          <GripVertical size={14} aria-hidden="true" className={styles.mark} />
          <button className={styles.name} onClick={() => show(one)} title={`${a.properties}: ${name}`}>
            {name}
          </button>
          <span className={styles.muted}>
            {a.widthOf(one.columns)}
            {one.collapsed && ` · ${a.folded}`}
          </span>
          <Menu
            icon
            kind="quiet"
            label={`${t.more}: ${name}`}
            choices={[
              { key: "properties", label: `${a.properties}…`, run: () => show(one) },
              { key: "earlier", label: a.earlier, run: () => go(node, (now) => steps.stepSection(now, one.id, -1)) },
              { key: "later", label: a.later, run: () => go(node, (now) => steps.stepSection(now, one.id, 1)) },
              {
                key: "out",
                label: a.takeOut,
                run: () => {
                  follow.current = `t${tab.id}`;
                  step((now) => steps.removeSection(now, one.id));
                },
              },
            ]}
          >
            <Ellipsis size={15} aria-hidden="true" />
          </Menu>
        </div>
        {fault !== undefined && <span className={styles.fault}>{fault}</span>}
        <div
          className={`${styles.items} ${COLUMNS[Math.min(4, one.columns)] ?? ""}`}
          {...sorting.list("item", one.id, one.items.length)}
        >
          {one.items.map((item, at) => tile(one, item, at))}
          {one.items.length === 0 && <span className={styles.empty}>{a.emptySection}</span>}
        </div>
      </div>
    );
  };

  const found = open !== null && "kind" in open ? steps.findItem(design, open.id) : null;
  return (
    <div ref={room} className={styles.design}>
      <div role="status" className={ui.hiddenVisually}>
        {said}
      </div>
      {design.tabs.map((tab) => {
        const node = `t${tab.id}`;
        const name = titled(tab);
        return (
          <div
            key={tab.id}
            role="group"
            aria-label={`${a.tab}: ${name}`}
            data-node={node}
            className={styles.tab}
            {...sorting.list("section", tab.id, tab.sections.length)}
          >
            <div
              className={styles.head}
              onKeyDownCapture={(event) => {
                const by = stepOf(event);
                if (by === null) return;
                go(node, (now) => steps.stepTab(now, tab.id, by));
              }}
            >
              <button className={styles.name} onClick={() => show(tab)} title={`${a.properties}: ${name}`}>
                {a.tab}: {name}
              </button>
              <Menu
                icon
                kind="quiet"
                label={`${t.more}: ${a.tab} ${name}`}
                choices={[
                  { key: "properties", label: `${a.properties}…`, run: () => show(tab) },
                  {
                    key: "section",
                    label: a.addSection,
                    run: () => {
                      const added = newSection();
                      step((now) => steps.addSection(now, tab.id, added));
                      choose(added.id);
                      show(added);
                    },
                  },
                  { key: "earlier", label: a.earlier, run: () => go(node, (now) => steps.stepTab(now, tab.id, -1)) },
                  { key: "later", label: a.later, run: () => go(node, (now) => steps.stepTab(now, tab.id, 1)) },
                  { key: "out", label: a.takeOut, run: () => step((now) => steps.removeTab(now, tab.id)) },
                ]}
              >
                <Ellipsis size={15} aria-hidden="true" />
              </Menu>
            </div>
            {tab.sections.map((one, place) => section(tab, one, place))}
            {tab.sections.length === 0 && (
              <Button kind="quiet" onPress={() => step((now) => steps.addSection(now, tab.id, newSection()))}>
                <Plus size={14} aria-hidden="true" /> {a.addSection}
              </Button>
            )}
          </div>
        );
      })}
      <Button
        onPress={() => {
          const added = newTab();
          follow.current = `t${added.id}`;
          step((now) => steps.addTab(now, added));
        }}
      >
        <Plus size={14} aria-hidden="true" /> {a.addTab}
      </Button>
      {open !== null && "sections" in open && (
        <TabDialog
          tab={open}
          done={(more) => step((now) => steps.changeTab(now, open.id, more))}
          close={() => show(null)}
        />
      )}
      {open !== null && "items" in open && (
        <SectionDialog
          section={open}
          done={(more) => step((now) => steps.changeSection(now, open.id, more))}
          close={() => show(null)}
        />
      )}
      {found !== null && (
        <ItemDialog
          item={found.item}
          title={`${a.properties}: ${known.labelOf(found.item)}`}
          columns={found.section.columns}
          fields={known.fieldsOf(found.item)}
          done={(more) => step((now) => steps.changeItem(now, found.item.id, more))}
          close={() => show(null)}
        />
      )}
    </div>
  );
}
