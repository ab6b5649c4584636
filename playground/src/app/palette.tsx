/** Ctrl+K: records of all objects and menu entries, by characters, pinyin or initials. */

import { type KeyboardEvent, useDeferredValue, useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Shell } from "../api/metadata";
import { type AccountName, accountNames } from "../api/accounts";
import { client } from "../api/cache";
import { type Recent, recents, type SearchGroup, searchEverywhere } from "../api/finding";
import { byMenus } from "../api/order";
import { viewAs } from "../signin/viewing";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as viewing from "../texts/viewing";
import { Dialog } from "../ui/dialog";
import ui from "../ui/ui.module.css";
import { matches } from "../values/text";
import styles from "./frame.module.css";
import { composing } from "../ui/keys";
import { addressOf, entryAddress, entryLabel } from "./menus";

interface Row {
  key: string;
  group: string;
  text: string;
  detail: string;
  /** Where it leads. */
  to?: string;
  /** As whom to read. */
  as?: string;
}

function menuRows(shell: Shell, text: string, label: string): Row[] {
  const rows = new Map<string, Row>();
  for (const menu of shell.menus) {
    for (const entry of menu.groups.flatMap(({ entries }) => entries)) {
      const to = entryAddress(entry, shell);
      if (to === null || !matches([entry.label, ...entry.keys], text)) continue;
      rows.set(to, { key: to, group: label, text: entryLabel(entry, shell), detail: "", to });
    }
  }
  return [...rows.values()].slice(0, 8);
}

function recordRows(shell: Shell, groups: SearchGroup[]): Row[] {
  return groups.flatMap(({ object, label, hits }) => {
    const plural = shell.objects.find(({ name }) => name === object)?.plural;
    if (plural == null) return [];
    return hits.map(({ id, text, detail }) => ({
      key: id,
      group: label,
      text: text ?? id,
      detail: detail ?? "",
      to: `/o/${plural}/${id}`,
    }));
  });
}

/** People as whom to read, for those who may: by account, name or initials. */
const peopleRows = (people: readonly AccountName[], text: string, group: string): Row[] =>
  people
    .filter(({ account, name }) => matches([name, account], text))
    .slice(0, 4)
    .map(({ account, name }) => ({ key: `as ${account}`, group, text: name, detail: account, as: account }));

const grouped = (found: Recent[]): SearchGroup[] =>
  found.map(({ object, label, id, text, detail }) => ({ object, label, totalCount: 1, hits: [{ id, text, detail }] }));

export function Palette({ shell, close }: { shell: Shell; close: () => void }) {
  const t = useTexts();
  const a = useArea(viewing);
  const navigate = useNavigate();
  const [typed, type] = useState("");
  const [chosen, choose] = useState(0);
  const text = useDeferredValue(typed.trim());
  const lately = useQuery({ queryKey: ["recents"], queryFn: () => recents(8) });
  const found = useQuery({
    queryKey: ["search", text],
    queryFn: () => searchEverywhere(text),
    enabled: text !== "",
    placeholderData: (before) => before,
  });
  const people = useQuery({ ...accountNames, enabled: text !== "" && shell.viewer.may.includes("VIEW_AS") });
  const matching =
    text === ""
      ? recordRows(shell, grouped(lately.data ?? []))
      : [
          ...menuRows(shell, text, t.menu),
          ...recordRows(shell, byMenus(shell, found.data ?? [])),
          ...peopleRows(people.data ?? [], text, a.group),
        ];
  const all = {
    key: "all",
    group: t.search,
    text: t.viewAll,
    detail: "",
    to: `/search?${new URLSearchParams({ q: text })}`,
  };
  const rows: Row[] = text === "" || matching.length === 0 ? matching : [...matching, all];
  useEffect(() => choose(0), [text, found.data]);
  const open = (row: Row | undefined) => {
    if (row === undefined) return;
    close();
    if (row.as !== undefined) viewAs(row.as);
    else if (row.to !== undefined) void navigate(addressOf(row.to));
  };
  const pressed = (event: KeyboardEvent) => {
    if (composing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(Math.max(0, Math.min(rows.length - 1, chosen + step)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const wanted = typed.trim();
      if (wanted === text && !found.isFetching) return open(rows[chosen]);
      // What is still being asked for is waited for, so that typing and Enter need no glance.
      void client.fetchQuery({ queryKey: ["search", wanted], queryFn: () => searchEverywhere(wanted) }).then(
        (data) => open([...menuRows(shell, wanted, t.menu), ...recordRows(shell, byMenus(shell, data))][0]),
        () => undefined,
      );
    }
  };

  return (
    <Dialog title={t.search} onClose={close} wide>
      <div className={styles.palette}>
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-rows"
          aria-activedescendant={rows[chosen] ? `row-${rows[chosen].key}` : undefined}
          aria-label={t.palette}
          placeholder={t.paletteHint}
          value={typed}
          onChange={(event) => type(event.target.value)}
          onKeyDown={pressed}
        />
        <div id="palette-rows" role="listbox" aria-label={t.search} className={styles.results}>
          {rows.map((row, place) => (
            <div key={row.key}>
              {row.group !== rows[place - 1]?.group && (
                <div className={ui.heading} role="presentation">
                  {row.group}
                </div>
              )}
              <div
                id={`row-${row.key}`}
                role="option"
                aria-selected={place === chosen}
                data-focused={place === chosen || undefined}
                className={ui.item}
                onPointerMove={() => choose(place)}
                onClick={() => open(row)}
              >
                <span className={ui.itemText}>{row.text}</span>
                <span className={ui.itemDetail}>{row.detail}</span>
              </div>
            </div>
          ))}
        </div>
        {rows.length === 0 && text !== "" && !found.isFetching && <p className={styles.hint}>{t.noMatches}</p>}
      </div>
    </Dialog>
  );
}
