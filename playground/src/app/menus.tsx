/** The menus of the systems that a person may enter. */

import { lazy, Suspense, useState } from "react";
import { Link } from "@tanstack/react-router";
import { House, LayoutDashboard } from "lucide-react";
import type { MenuEntry, Shell } from "../api/metadata";
import { useTexts } from "../texts";
import { Glyph } from "../ui/glyph";
import { parseSearch, type Search } from "./address";
import styles from "./frame.module.css";

const ApprovalsEntry = lazy(async () => ({ default: (await import("./approvals-entry")).ApprovalsEntry }));

const KEY = "tradewind:system";

/** What an entry is called: several records, unless the menu has a name of its own for it. */
export function entryLabel(entry: MenuEntry, shell: Shell): string {
  const object = shell.objects.find(({ name }) => name === entry.object);
  return object !== undefined && object.label === entry.label ? object.labelPlural : entry.label;
}

/** The picture of an entry: its own, or its object's. */
export function entryLook({ icon, object }: MenuEntry, shell: Shell) {
  const known = shell.objects.find(({ name }) => name === object);
  return { icon: icon ?? known?.icon, color: known?.color };
}

/** Where an entry leads; null where the console has no such page. */
export function entryAddress(entry: MenuEntry, shell: Shell): string | null {
  if (entry.object === null) return entry.path;
  const plural = shell.objects.find(({ name }) => name === entry.object)?.plural;
  return plural == null ? null : `/o/${plural}`;
}

/** An entry may lead to a view of a list: what stands behind `?` is no part of the path. */
export function addressOf(to: string): { to: string; search: Search } {
  const [path = "/", query = ""] = to.split("?", 2);
  return { to: path, search: parseSearch(query) };
}

const leadsTo = (to: string, path: string) => path === to || path.startsWith(`${to}/`);

export function Menus({ shell, path }: { shell: Shell; path: string }) {
  const t = useTexts();
  const [kept, keep] = useState(() => localStorage.getItem(KEY));
  const shown = shell.menus.find(({ system }) => system === kept) ?? shell.menus[0];
  if (shown === undefined) return <p className={styles.system}>{t.noRights}</p>;
  const choose = (system: string) => {
    localStorage.setItem(KEY, system);
    keep(system);
  };
  return (
    <>
      {shell.menus.length > 1 && (
        <div className={styles.system}>
          <select aria-label={t.menu} value={shown.system} onChange={(event) => choose(event.target.value)}>
            {shell.menus.map(({ system, label }) => (
              <option key={system} value={system}>
                {label}
              </option>
            ))}
          </select>
        </div>
      )}
      <nav className={styles.nav} aria-label={shown.label}>
        <ul>
          {(
            [
              ["/home", t.home, House],
              ["/d", t.dashboards, LayoutDashboard],
            ] as const
          ).map(([to, label, Icon]) => (
            <li key={to}>
              <Link to={to} className={styles.entry} aria-current={path.startsWith(to) ? "page" : undefined}>
                <Icon size={18} aria-hidden="true" />
                {label}
              </Link>
            </li>
          ))}
          <Suspense fallback={null}>
            <ApprovalsEntry path={path} />
          </Suspense>
        </ul>
        {shown.groups.map((group, place) => (
          <details key={group.label ?? place} className={styles.group} open>
            <summary>{group.label}</summary>
            <ul>
              {group.entries.map((entry) => {
                const to = entryAddress(entry, shell);
                if (to === null) return null;
                return (
                  <li key={entry.key}>
                    <Link
                      {...addressOf(to)}
                      className={styles.entry}
                      aria-current={leadsTo(to, path) ? "page" : undefined}
                    >
                      <Glyph label={entry.label} {...entryLook(entry, shell)} />
                      {entryLabel(entry, shell)}
                    </Link>
                  </li>
                );
              })}
            </ul>
          </details>
        ))}
      </nav>
    </>
  );
}
