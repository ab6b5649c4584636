/** Finds an employee by characters, pinyin or initials. */

import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { searchEverywhere } from "../../api/finding";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as people from "../../texts/people";
import { composing } from "../../ui/keys";
import ui from "../../ui/ui.module.css";
import styles from "../admin.module.css";

export interface Person {
  id: string;
  text: string;
}

interface Props {
  label: string;
  chosen: Person | null;
  choose: (person: Person | null) => void;
  /** Whoever is not offered. */
  except?: string | null;
}

export function EmployeePicker({ label, chosen, choose, except }: Props) {
  const t = useTexts();
  const a = useArea(people);
  const id = useId();
  const [typed, type] = useState("");
  const [at, move] = useState(0);
  const [text, setText] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setText(typed.trim()), 150);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useQuery({
    queryKey: ["search", "Employee", text],
    queryFn: () => searchEverywhere(text, ["Employee"]),
    enabled: text !== "" && chosen === null,
    placeholderData: (before) => before,
  });
  const open = chosen === null && text !== "";
  const rows = open ? (found.data ?? []).flatMap(({ hits }) => hits.filter((hit) => hit.id !== except)) : [];
  useEffect(() => move(0), [found.data]);
  const take = (row: { id: string; text: string | null } | undefined) => {
    if (row === undefined) return;
    choose({ id: row.id, text: row.text ?? row.id });
    type("");
  };
  const pressed = (event: KeyboardEvent) => {
    if (composing(event) || !open) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(Math.max(0, Math.min(rows.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (text === typed.trim() && !found.isFetching) take(rows[at]);
    }
  };
  return (
    <div className={styles.picker}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        role="combobox"
        autoComplete="off"
        aria-expanded={rows.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={rows[at] === undefined ? undefined : `${id}-${at}`}
        placeholder={a.findPerson}
        value={chosen?.text ?? typed}
        onChange={(event) => {
          if (chosen !== null) choose(null);
          type(event.target.value);
        }}
        onKeyDown={pressed}
      />
      <div id={`${id}-list`} role="listbox" aria-label={label} className={rows.length > 0 ? styles.found : undefined}>
        {rows.map((row, place) => (
          <div
            key={row.id}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === at}
            data-focused={place === at || undefined}
            className={ui.item}
            onPointerMove={() => move(place)}
            onClick={() => take(row)}
          >
            <span className={ui.itemText}>{row.text ?? row.id}</span>
            <span className={ui.itemDetail}>{row.detail}</span>
          </div>
        ))}
      </div>
      {open && rows.length === 0 && !found.isFetching && <p className={styles.muted}>{t.noMatches}</p>}
    </div>
  );
}
