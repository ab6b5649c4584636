/** The designer of one system's menu: groups and entries moved by drag, keys and menu, saved, settled with others. */

import { useMemo, useState } from "react";
import { Ellipsis, Plus, Redo2, Undo2 } from "lucide-react";
import { client } from "../../api/cache";
import { metadata } from "../../api/metadata";
import { Refused } from "../../api/transport";
import * as menus from "../../texts/menus";
import { useArea } from "../../texts/area";
import { useLang, useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { useKeys } from "../../ui/keys";
import { Menu } from "../../ui/menu";
import { Notice } from "../../ui/notices";
import { useSorting } from "../../ui/sorting";
import { Failed } from "../../ui/states";
import { tell } from "../../ui/toasts";
import ui from "../../ui/ui.module.css";
import admin from "../admin.module.css";
import { useHistory } from "../../ui/use-history";
import type { Fault } from "../layouts/design";
import looks from "../layouts/layouts.module.css";
import { LeaveDialog } from "../../ui/leave-dialog";
import { useBase } from "../use-base";
import { MenuCanvas } from "./canvas";
import * as designs from "./design";
import type { EntryDesign, GroupDesign, MenuDesign } from "./design";
import { EntryDialog, GroupDialog, PlaceDialog } from "./dialogs";
import { type MenuObject, type MenuSystem, SET_MENUS, type SetMenusAnswer } from "./documents";
import styles from "./menus.module.css";
import { MenuPreview } from "./preview";

interface Props {
  menu: MenuSystem;
  objects: readonly MenuObject[];
  refresh: () => Promise<MenuSystem | null>;
}

const CONFLICT = "CATALOG_CONFLICT";

export function MenuDesigner({ menu, objects, refresh }: Props) {
  const t = useTexts();
  const a = useArea(menus);
  const zh = useLang() === "zh";
  const history = useHistory<MenuDesign>(useMemo(() => designs.readMenu(menu.definition), []));
  const { now: design, step, dirty } = history;
  const { base, began, overtaken } = useBase({
    definition: menu.definition,
    version: menu.version,
    dirty,
    read: designs.readMenu,
    begin: history.begin,
  });
  const [into, choose] = useState<number | null>(null);
  const [open, show] = useState<EntryDesign | GroupDesign | "place" | null>(null);
  const [removing, ask] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [faults, setFaults] = useState<{ design: MenuDesign; found: Fault[] } | null>(null);
  const byName = useMemo(() => new Map(objects.map((object) => [object.name, object])), [objects]);
  const titled = (node: { label: string; labelEn: string }) =>
    zh ? node.label || node.labelEn : node.labelEn || node.label;
  const labelOf = (entry: EntryDesign) =>
    titled(entry) || byName.get(entry.object ?? "")?.labelPlural || entry.object || entry.path || "";
  const groupLabel = (group: GroupDesign) => titled(group) || a.noTitle;
  const notices = new Map(menu.groups.flatMap(({ entries }) => entries.map(({ key, notice }) => [key, notice])));
  const placed = new Set(design.flatMap(({ entries }) => entries.map(({ object }) => object)));
  const offers = objects.filter(
    ({ name, plural, systems }) =>
      plural !== null && !placed.has(name) && (systems.length === 0 || systems.includes(menu.system)),
  );
  const target = design.find(({ id }) => id === into) ?? design[0] ?? null;
  const told = new Map<number | null, string>();
  if (faults !== null) {
    const lines = designs.linesOf(faults.design);
    for (const { line, message, hint } of faults.found) {
      const at = lines.get(line) ?? null;
      told.set(at, [told.get(at), message, hint].filter(Boolean).join(" "));
    }
  }

  const sorting = useSorting({
    drop: ({ kind, id }, { list, index }) => {
      if (kind === "group") step((now) => designs.moveGroup(now, Number(id), index));
      else if (typeof id === "string")
        step((now) => designs.addEntry(now, Number(list), designs.newEntry({ object: id }), index));
      else step((now) => designs.moveEntry(now, id, Number(list), index));
    },
  });
  async function store(groups: unknown[] | undefined, expectedVersion: number, what: MenuDesign, done: string) {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const input = { system: menu.system, groups, expectedVersion };
      const { setMenus } = await metadata<SetMenusAnswer>(SET_MENUS, { menus: [input], dryRun: false });
      if (setMenus.diagnostics.length > 0) {
        setFaults({ design: what, found: setMenus.diagnostics });
        return tell(a.faultsLeft);
      }
      setFaults(null);
      const now = setMenus.menus.find(({ system }) => system === menu.system);
      if (groups === undefined && now !== undefined) history.begin(designs.readMenu(now.definition));
      else history.keep(what);
      if (now !== undefined) began({ text: now.definition, version: now.version });
      await client.invalidateQueries({ queryKey: ["meta"] });
      tell(done);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }
  const save = (version: number) => store(designs.menuInput(design), version, design, a.saved);
  const takeTheirs = async () => {
    const theirs = await refresh();
    if (theirs === null) return;
    history.begin(designs.readMenu(theirs.definition));
    began({ text: theirs.definition, version: theirs.version });
    setError(null);
  };
  useKeys({
    "Control+z": (event) => (event.shiftKey ? history.redo : history.undo)?.(),
    "Control+y": () => history.redo?.(),
    "Control+s": () => {
      if (dirty) void save(base.version);
    },
  });
  const refused = error instanceof Refused && error.code === CONFLICT ? error : null;

  return (
    <>
      <div className={admin.head}>
        <p className={`${admin.muted} ${ui.noticeText}`} role="status">
          {menu.generated ? a.isGenerated : a.isOwn(menu.version)} {dirty && <strong>{a.unsaved}.</strong>}
        </p>
        <Button icon aria-label={t.undo} isDisabled={history.undo === null} onPress={() => history.undo?.()}>
          <Undo2 size={16} aria-hidden="true" />
        </Button>
        <Button icon aria-label={a.redo} isDisabled={history.redo === null} onPress={() => history.redo?.()}>
          <Redo2 size={16} aria-hidden="true" />
        </Button>
        {!menu.generated && (
          <Menu icon label={t.more} choices={[{ key: "remove", label: `${a.remove}…`, run: () => ask(true) }]}>
            <Ellipsis size={16} aria-hidden="true" />
          </Menu>
        )}
        <Button kind="main" isDisabled={busy || !dirty} onPress={() => void save(base.version)}>
          {t.save}
        </Button>
      </div>
      {overtaken || refused !== null ? (
        <Notice tone="warn" role="alert">
          <div className={ui.noticeText}>
            <strong>{a.changedMeanwhile}</strong>
            {refused !== null && <div>{refused.message}</div>}
          </div>
          <Button isDisabled={busy} onPress={() => void takeTheirs()}>
            {a.takeTheirs}
          </Button>
          <Button isDisabled={busy} onPress={() => void refresh().then((now) => save(now?.version ?? 0))}>
            {a.saveOver}
          </Button>
        </Notice>
      ) : (
        error !== null && <Failed error={error} />
      )}
      {told.has(null) && (
        <Notice tone="bad" role="alert">
          {told.get(null)}
        </Notice>
      )}
      <div className={styles.room}>
        <aside className={looks.side} aria-label={a.palette}>
          <h2>{a.palette}</h2>
          <label className={admin.form}>
            <span className={admin.muted}>{a.addTo}</span>
            <select value={target?.id ?? ""} onChange={(event) => choose(Number(event.target.value))}>
              {design.map((group) => (
                <option key={group.id} value={group.id}>
                  {groupLabel(group)}
                </option>
              ))}
            </select>
          </label>
          {offers.length === 0 && <p className={admin.muted}>{a.allPlaced}</p>}
          <div className={looks.palette}>
            {offers.map(({ name, labelPlural }) => (
              <button
                key={name}
                className={looks.offer}
                data-offer={name}
                {...sorting.source("entry", name)}
                onClick={() => {
                  if (target !== null)
                    step((now) => designs.addEntry(now, target.id, designs.newEntry({ object: name })));
                }}
              >
                {labelPlural}
              </button>
            ))}
          </div>
          <Button isDisabled={target === null} onPress={() => show("place")}>
            <Plus size={14} aria-hidden="true" /> {a.addPlace}
          </Button>
        </aside>
        <MenuCanvas
          design={design}
          step={step}
          labelOf={labelOf}
          groupLabel={groupLabel}
          notices={notices}
          faults={told}
          sorting={sorting}
          into={target?.id ?? null}
          choose={choose}
          show={show}
        />
        <div className={looks.side}>
          <MenuPreview design={design} labelOf={labelOf} />
        </div>
      </div>
      <details className={admin.panel}>
        <summary>{a.definition}</summary>
        <pre className={looks.text} tabIndex={0} aria-label={a.definition}>
          {base.text}
        </pre>
      </details>
      {open === "place" && target !== null && (
        <PlaceDialog
          objects={objects.filter(({ plural }) => plural !== null)}
          done={(more) => step((now) => designs.addEntry(now, target.id, designs.newEntry(more)))}
          close={() => show(null)}
        />
      )}
      {open !== null && open !== "place" && "entries" in open && (
        <GroupDialog
          group={open}
          done={(more) => step((now) => designs.changeGroup(now, open.id, more))}
          close={() => show(null)}
        />
      )}
      {open !== null && open !== "place" && "object" in open && (
        <EntryDialog
          entry={open}
          object={byName.get(open.object ?? "")}
          title={labelOf(open)}
          done={(more) => step((now) => designs.changeEntry(now, open.id, more))}
          close={() => show(null)}
        />
      )}
      {removing && (
        <Dialog title={a.removeAsk} role="alertdialog" onClose={() => ask(false)}>
          <Actions>
            <Button onPress={() => ask(false)}>{t.cancel}</Button>
            <Button
              kind="danger"
              onPress={() => {
                ask(false);
                void store(undefined, base.version, design, a.removed);
              }}
            >
              {a.remove}
            </Button>
          </Actions>
        </Dialog>
      )}
      <LeaveDialog dirty={dirty} title={a.leaveAsk} />
    </>
  );
}
