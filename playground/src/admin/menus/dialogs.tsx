/** The names of a group or an entry, and the way to put a view or an address into a menu. */

import { type FormEvent, type ReactNode, useState } from "react";
import { useObjectPage } from "../../api/cache";
import * as menus from "../../texts/menus";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import admin from "../admin.module.css";
import type { EntryDesign, GroupDesign } from "./design";
import type { MenuObject } from "./documents";

interface FormProps {
  title: string;
  submit: () => void;
  close: () => void;
  children: ReactNode;
}

function Form({ title, submit, close, children }: FormProps) {
  const t = useTexts();
  return (
    <Dialog title={title} onClose={close}>
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
            {t.apply}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

interface NamesProps {
  value: { label: string; labelEn: string };
  change: (more: { label?: string; labelEn?: string }) => void;
  usual?: { label: string | null; labelEn: string | null };
  required?: boolean;
  first?: boolean;
}

function Names({ value, change, usual, required, first }: NamesProps) {
  const t = useTexts();
  const a = useArea(menus);
  return (
    <>
      <label>
        {t.labelZh}
        <input
          value={value.label}
          autoFocus={first}
          required={required}
          placeholder={usual?.label ?? undefined}
          onChange={(event) => change({ label: event.target.value })}
        />
      </label>
      <label>
        {t.labelEn}
        <input
          value={value.labelEn}
          placeholder={usual?.labelEn ?? undefined}
          onChange={(event) => change({ labelEn: event.target.value })}
        />
        {usual !== undefined && <span>{a.usualLabel}</span>}
      </label>
    </>
  );
}

interface GroupProps {
  group: GroupDesign;
  done: (more: Partial<GroupDesign>) => void;
  close: () => void;
}

export function GroupDialog({ group, done, close }: GroupProps) {
  const a = useArea(menus);
  const [value, set] = useState({ label: group.label, labelEn: group.labelEn });
  return (
    <Form title={a.group} submit={() => done(value)} close={close}>
      <Names value={value} change={(more) => set({ ...value, ...more })} first />
    </Form>
  );
}

interface EntryProps {
  entry: EntryDesign;
  object: MenuObject | undefined;
  title: string;
  done: (more: Partial<EntryDesign>) => void;
  close: () => void;
}

export function EntryDialog({ entry, object, title, done, close }: EntryProps) {
  const a = useArea(menus);
  const [value, set] = useState({
    label: entry.label,
    labelEn: entry.labelEn,
    icon: entry.icon,
    path: entry.path,
  });
  return (
    <Form title={`${a.properties}: ${title}`} submit={() => done(value)} close={close}>
      <Names
        value={value}
        change={(more) => set({ ...value, ...more })}
        usual={object === undefined ? undefined : { label: object.labelZh, labelEn: object.labelEn }}
        first
        required={entry.path !== null && value.labelEn === ""}
      />
      {entry.path !== null && <Address value={value.path ?? ""} change={(path) => set({ ...value, path })} />}
      <label>
        {a.icon}
        <input value={value.icon} onChange={(event) => set({ ...value, icon: event.target.value })} />
        <span>{a.iconHint}</span>
      </label>
    </Form>
  );
}

function Address({ value, change }: { value: string; change: (path: string) => void }) {
  const a = useArea(menus);
  return (
    <label>
      {a.address}
      <input
        value={value}
        required
        pattern="/(?!/)[^\\]*"
        maxLength={200}
        spellCheck={false}
        onChange={(event) => change(event.target.value)}
      />
      <span>{a.addressHint}</span>
    </label>
  );
}

interface PlaceProps {
  objects: readonly MenuObject[];
  done: (more: Partial<EntryDesign>) => void;
  close: () => void;
}

/** A view that others share, or any address of the console. */
export function PlaceDialog({ objects, done, close }: PlaceProps) {
  const a = useArea(menus);
  const [object, choose] = useState("");
  const [value, set] = useState({ label: "", labelEn: "", path: "" });
  const page = useObjectPage(object === "" ? undefined : object);
  const shared = page.data?.views.filter(({ share }) => share !== "PRIVATE");
  const plural = objects.find(({ name }) => name === object)?.plural;
  return (
    <Form title={a.addPlace} submit={() => done(value)} close={close}>
      <label>
        {a.object}
        <select value={object} autoFocus onChange={(event) => choose(event.target.value)}>
          <option value="">{a.choose}</option>
          {objects.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {shared !== undefined && shared.length === 0 && <p className={admin.muted}>{a.noViews}</p>}
      {shared !== undefined && shared.length > 0 && (
        <label>
          {a.view}
          <select
            value={value.path}
            onChange={(event) => {
              const view = shared.find(({ id }) => event.target.value === `/o/${plural}?view=${id}`);
              set({ ...value, path: event.target.value, label: view?.name ?? value.label });
            }}
          >
            <option value="">{a.choose}</option>
            {shared.map(({ id, name }) => (
              <option key={id} value={`/o/${plural}?view=${id}`}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <Address value={value.path} change={(path) => set({ ...value, path })} />
      <Names value={value} change={(more) => set({ ...value, ...more })} required={value.labelEn === ""} />
    </Form>
  );
}
