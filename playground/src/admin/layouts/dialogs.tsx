/** The properties of a tab, a section or an item. */

import { type FormEvent, type ReactNode, useState } from "react";
import type { FieldInfo } from "../../api/metadata";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import admin from "../admin.module.css";
import { ColumnList } from "./column-list";
import type { ItemDesign, SectionDesign, TabDesign } from "./design";

interface LabelsProps {
  value: { label: string; labelEn: string };
  change: (more: { label?: string; labelEn?: string }) => void;
  first?: boolean;
}

function Labels({ value, change, first }: LabelsProps) {
  const t = useTexts();
  return (
    <>
      <label>
        {t.labelZh}
        <input value={value.label} autoFocus={first} onChange={(event) => change({ label: event.target.value })} />
      </label>
      <label>
        {t.labelEn}
        <input value={value.labelEn} onChange={(event) => change({ labelEn: event.target.value })} />
      </label>
    </>
  );
}

interface TabProps {
  tab: TabDesign;
  done: (more: Partial<TabDesign>) => void;
  close: () => void;
}

export function TabDialog({ tab, done, close }: TabProps) {
  const t = useTexts();
  const a = useArea(layouts);
  const [value, set] = useState({ label: tab.label, labelEn: tab.labelEn });
  return (
    <Dialog title={a.tab} onClose={close}>
      <Fields submit={() => done(value)} close={close} ok={t.apply}>
        <Labels value={value} change={(more) => set({ ...value, ...more })} first />
      </Fields>
    </Dialog>
  );
}

interface SectionProps {
  section: SectionDesign;
  done: (more: Partial<SectionDesign>) => void;
  close: () => void;
}

export function SectionDialog({ section, done, close }: SectionProps) {
  const t = useTexts();
  const a = useArea(layouts);
  const [value, set] = useState({
    label: section.label,
    labelEn: section.labelEn,
    columns: section.columns,
    collapsed: section.collapsed,
  });
  return (
    <Dialog title={a.section} onClose={close}>
      <Fields submit={() => done(value)} close={close} ok={t.apply}>
        <Labels value={value} change={(more) => set({ ...value, ...more })} first />
        <label>
          {a.columnsOf}
          <select value={value.columns} onChange={(event) => set({ ...value, columns: Number(event.target.value) })}>
            {[1, 2, 3, 4].map((count) => (
              <option key={count}>{count}</option>
            ))}
          </select>
        </label>
        <label className={admin.inline}>
          <input
            type="checkbox"
            checked={value.collapsed}
            onChange={(event) => set({ ...value, collapsed: event.target.checked })}
          />
          {a.collapsed}
        </label>
      </Fields>
    </Dialog>
  );
}

interface ItemProps {
  item: ItemDesign;
  title: string;
  /** How many columns its section has. */
  columns: number;
  /** The fields of the records in a list. */
  fields: readonly FieldInfo[];
  done: (more: Partial<ItemDesign>) => void;
  close: () => void;
}

export function ItemDialog({ item, title, columns, fields, done, close }: ItemProps) {
  const t = useTexts();
  const a = useArea(layouts);
  const [value, set] = useState(item);
  const change = (more: Partial<ItemDesign>) => set({ ...value, ...more });
  const list = item.kind === "lines" || item.kind === "related";
  return (
    <Dialog title={title} onClose={close}>
      <Fields submit={() => done(value)} close={close} ok={t.apply}>
        {list && <Labels value={value} change={change} />}
        {item.kind === "text" && (
          <>
            <label>
              {a.textZh}
              <textarea value={value.text} autoFocus onChange={(event) => change({ text: event.target.value })} />
            </label>
            <label>
              {a.textEn}
              <textarea value={value.textEn} onChange={(event) => change({ textEn: event.target.value })} />
            </label>
          </>
        )}
        <label>
          {a.width}
          <select value={value.width} onChange={(event) => change({ width: Number(event.target.value) })}>
            {[1, 2, 3, 4]
              .filter((count) => count <= Math.max(columns, item.width))
              .map((count) => (
                <option key={count} value={count}>
                  {a.widthOf(count)}
                </option>
              ))}
          </select>
        </label>
        {item.kind === "field" && (
          <label className={admin.inline}>
            <input
              type="checkbox"
              checked={value.readOnly}
              onChange={(event) => change({ readOnly: event.target.checked })}
            />
            {a.readOnly}
          </label>
        )}
        {item.kind === "related" && (
          <label>
            {a.firstRows}
            <input
              type="number"
              min={1}
              max={50}
              placeholder="5"
              value={value.first ?? ""}
              onChange={(event) => {
                const typed = event.target.valueAsNumber;
                change({ first: Number.isNaN(typed) ? null : Math.max(1, Math.min(50, Math.round(typed))) });
              }}
            />
          </label>
        )}
        <label>
          {a.visibleWhen}
          <input
            value={value.visible}
            spellCheck={false}
            aria-describedby="visible-hint"
            onChange={(event) => change({ visible: event.target.value })}
          />
          <span id="visible-hint" className={admin.muted}>
            {a.visibleHint}
          </span>
        </label>
        {list && (
          <ColumnList
            label={a.columns}
            fields={fields}
            columns={value.columns}
            change={(next) => change({ columns: next })}
            widths
          />
        )}
        {list && value.columns.length === 0 && <p className={admin.muted}>{a.usualColumns}</p>}
      </Fields>
    </Dialog>
  );
}

interface FieldsProps {
  submit: () => void;
  close: () => void;
  ok: string;
  children: ReactNode;
}

function Fields({ submit, close, ok, children }: FieldsProps) {
  const t = useTexts();
  return (
    <form
      className={admin.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
        close();
      }}
    >
      {children}
      <Actions>
        <Button onPress={close}>{t.cancel}</Button>
        <Button type="submit" kind="main">
          {ok}
        </Button>
      </Actions>
    </form>
  );
}
