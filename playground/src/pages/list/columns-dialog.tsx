/** Which columns a list shows, in which order and how wide. */

import { type DragEvent, type KeyboardEvent, useRef, useState } from "react";
import { ArrowDown, ArrowUp, GripVertical } from "lucide-react";
import type { FieldInfo, ObjectSummary } from "../../api/metadata";
import type { ListQuestion } from "../../question/question";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { tell } from "../../ui/toasts";
import { matches } from "../../values/text";
import styles from "./columns.module.css";
import { keepColumns, type OwnColumns, showable } from "./columns";
import type { ListPage } from "./use-list";

interface Props {
  list: ListPage;
  object: ObjectSummary;
  question: ListQuestion;
  askFor: (next: ListQuestion) => void;
  close: () => void;
}

/** The same list with one of its parts elsewhere. */
function shifted(names: readonly string[], name: string, to: number): string[] {
  const rest = names.filter((one) => one !== name);
  rest.splice(Math.max(0, Math.min(rest.length, to)), 0, name);
  return rest;
}

export default function ColumnsDialog({ list, object, question, askFor, close }: Props) {
  const t = useTexts();
  const a = useArea(lists);
  // On a phone they are what cards show, and each person's own.
  const [phone] = useState(() => matchMedia("(max-width: 759px)").matches);
  const [names, order] = useState(() => (phone ? list.cards : list.columns).map(({ name }) => name));
  const [widths, widen] = useState<Record<string, number>>(list.own.widths ?? {});
  const [search, find] = useState("");
  const [dragged, drag] = useState<string | null>(null);
  const chosen = useRef<HTMLUListElement>(null);
  const others = [...list.fields.values()]
    .filter((field) => showable(field) && !names.includes(field.name))
    .filter(({ label, name }) => matches([label, name], search))
    // What people fill in before what the server notes.
    .sort((one, other) => Number(other.writable) - Number(one.writable));

  const keep = (own: OwnColumns) =>
    void keepColumns(object.name, own).catch((error: unknown) =>
      tell(error instanceof Error ? error.message : String(error)),
    );
  const apply = () => {
    if (phone) {
      keep({ ...list.own, cards: names });
      return close();
    }
    // With a view, the columns are the view's once it is saved; widths are each person's own.
    keep({ ...(list.view === undefined ? { columns: names } : list.own), widths });
    askFor({ ...question, columns: names });
    close();
  };
  const reset = () => {
    if (phone) {
      const { cards: _, ...rest } = list.own;
      keep(rest);
      return close();
    }
    keep(list.view === undefined ? {} : { ...list.own, widths: {} });
    askFor({ ...question, columns: null });
    close();
  };
  const move = (name: string, by: number) => {
    order(shifted(names, name, names.indexOf(name) + by));
    requestAnimationFrame(() =>
      chosen.current?.querySelector<HTMLElement>(`[data-name="${CSS.escape(name)}"] input`)?.focus(),
    );
  };
  const pressed = (event: KeyboardEvent, name: string) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(name, event.key === "ArrowUp" ? -1 : 1);
  };
  const over = (event: DragEvent, name: string) => {
    if (dragged === null) return;
    event.preventDefault();
    if (dragged !== name) order(shifted(names, dragged, names.indexOf(name)));
  };
  const labelOf = (name: string) => list.fields.get(name)?.label ?? name;

  return (
    <Dialog title={a.columns} onClose={close}>
      <ul ref={chosen} className={styles.chosen} aria-label={a.columnsShown}>
        {names.map((name, place) => (
          <li
            key={name}
            data-name={name}
            className={dragged === name ? styles.dragged : undefined}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = "move";
              drag(name);
            }}
            onDragOver={(event) => over(event, name)}
            onDragEnd={() => drag(null)}
            onDrop={(event) => event.preventDefault()}
            onKeyDown={(event) => pressed(event, name)}
          >
            <GripVertical size={15} aria-hidden="true" />
            <label>
              <input
                type="checkbox"
                checked
                disabled={names.length === 1}
                onChange={() => order(names.filter((one) => one !== name))}
              />
              {labelOf(name)}
            </label>
            {!phone && (
              <input
                type="number"
                className={styles.width}
                min={60}
                max={900}
                step={10}
                aria-label={a.widthOf(labelOf(name))}
                placeholder={a.width}
                value={widths[name] ?? ""}
                onChange={(event) => {
                  const { [name]: _, ...rest } = widths;
                  const width = Math.round(Number(event.target.value));
                  widen(width >= 1 ? { ...rest, [name]: Math.min(900, width) } : rest);
                }}
              />
            )}
            <Button
              kind="quiet"
              icon
              aria-label={a.earlier(labelOf(name))}
              isDisabled={place === 0}
              onPress={() => move(name, -1)}
            >
              <ArrowUp size={15} aria-hidden="true" />
            </Button>
            <Button
              kind="quiet"
              icon
              aria-label={a.later(labelOf(name))}
              isDisabled={place === names.length - 1}
              onPress={() => move(name, 1)}
            >
              <ArrowDown size={15} aria-hidden="true" />
            </Button>
          </li>
        ))}
      </ul>
      <input
        type="search"
        aria-label={a.columnsMore}
        placeholder={a.columnsMore}
        value={search}
        onChange={(event) => find(event.target.value)}
      />
      <ul className={styles.others} aria-label={a.columnsMore}>
        {others.map((field: FieldInfo) => (
          <li key={field.name}>
            <label>
              <input type="checkbox" checked={false} onChange={() => order([...names, field.name])} />
              {field.label}
            </label>
          </li>
        ))}
      </ul>
      <Actions>
        <Button kind="quiet" onPress={reset}>
          {a.columnsUsual}
        </Button>
        <Button onPress={close}>{t.cancel}</Button>
        <Button kind="main" onPress={apply}>
          {t.apply}
        </Button>
      </Actions>
    </Dialog>
  );
}
