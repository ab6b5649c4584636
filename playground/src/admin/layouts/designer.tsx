/** The designer of one layout: what is designed, its faults, its preview; saved, taken back, settled with others. */

import { useEffect, useMemo, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Ellipsis, Redo2, Undo2 } from "lucide-react";
import { client, useLayout } from "../../api/cache";
import { metadata, type ObjectInfo } from "../../api/metadata";
import { Refused } from "../../api/transport";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
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
import { useBase } from "../use-base";
import { LeaveDialog } from "../../ui/leave-dialog";
import { Canvas } from "./canvas";
import { ColumnCanvas } from "./column-canvas";
import { type Design, inColumns, layoutInput, type LayoutKind, placedFaults, readDesign } from "./design";
import { type beginning, REMOVE_LAYOUT, SET_LAYOUT, type SetAnswer, type Written } from "./documents";
import { type Group, offered, useKnown } from "./known";
import styles from "./layouts.module.css";
import { NameList } from "./name-list";
import { Palette } from "./palette";
import { Preview } from "./preview-view";
import * as steps from "./steps";

interface Props {
  object: ObjectInfo;
  groups: readonly Group[];
  kind: LayoutKind;
  role: string | null;
  state: string | null;
  /** What is written for exactly this; none where it begins with something else. */
  own: Written | null;
  definition: string;
  /** Whose layout it begins with. */
  borrowed: string | null;
  /** The record with which it is shown at first. */
  record: string | null;
  refresh: () => Promise<ReturnType<typeof beginning> | null>;
}

const PAUSE = 500;
const CONFLICT = "CATALOG_CONFLICT";

export function Designer(props: Props) {
  const { object, groups, kind, role, state, own, definition, borrowed, record, refresh } = props;
  const t = useTexts();
  const a = useArea(layouts);
  const history = useHistory<Design>(useMemo(() => readDesign(definition), []));
  const { now: design, step, dirty } = history;
  const {
    base,
    began,
    overtaken: changed,
  } = useBase({ definition, version: own?.version ?? 0, dirty, read: readDesign, begin: history.begin });
  const [into, choose] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [removing, ask] = useState(false);
  const live = useLayout(object.name, kind === "EDIT" ? "EDIT" : "DETAIL", state).data ?? null;
  const known = useKnown(object, groups, kind, design, live);
  const sections = steps.sectionsOf(design);
  const target = sections.find(({ id }) => id === into) ?? sections[0] ?? null;
  const key = { object: object.name, kind, role, state };

  const [checked, check] = useState(design);
  useEffect(() => {
    const timer = setTimeout(() => check(design), PAUSE);
    return () => clearTimeout(timer);
  }, [design]);
  const input = useMemo(() => layoutInput(kind, checked), [kind, checked]);
  const tried = useQuery({
    queryKey: ["layout-tried", key, input],
    queryFn: async () => (await metadata<SetAnswer>(SET_LAYOUT, { ...key, layout: input, dryRun: true })).setLayout,
    gcTime: 30_000,
    placeholderData: (before) => before,
  });
  const faults = useMemo(
    () => placedFaults(checked, tried.data?.definition ?? "", tried.data?.diagnostics ?? []),
    [checked, tried.data],
  );
  const general = faults.get(null);
  const overtaken = own !== null && changed;
  const refused = error instanceof Refused && error.code === CONFLICT ? error : null;

  const add = (offer: string, section: number, at?: number) => {
    const item = offered(offer);
    step((now) => steps.addItem(now, section, item, at));
  };
  const sorting = useSorting({
    across: (list) => (sections.find(({ id }) => id === list)?.columns ?? 1) > 1,
    drop: ({ kind: what, id }, { list, index }) => {
      if (what === "section") step((now) => steps.moveSection(now, Number(id), Number(list), index));
      else if (typeof id === "string") add(id, Number(list), index);
      else step((now) => steps.moveItem(now, id, Number(list), index));
    },
  });

  async function save(expectedVersion: number) {
    if (busy) return;
    setBusy(true);
    setError(null);
    const saved = design;
    try {
      const variables = { ...key, layout: layoutInput(kind, saved), expectedVersion, dryRun: false };
      const { setLayout } = await metadata<SetAnswer>(SET_LAYOUT, variables);
      if (setLayout.diagnostics.length > 0) {
        check(saved);
        return tell(a.faultsLeft);
      }
      history.keep(saved);
      began({ text: setLayout.definition, version: setLayout.version });
      await client.invalidateQueries({ queryKey: ["meta"] });
      tell(a.saved);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  /** The version of what is stored now, where somebody else was faster. */
  const saveOver = async () => save((await refresh())?.own?.version ?? 0);
  const takeTheirs = async () => {
    const theirs = await refresh();
    if (theirs?.definition == null) return;
    history.begin(readDesign(theirs.definition));
    began({ text: theirs.definition, version: theirs.own?.version ?? 0 });
    setError(null);
  };

  async function remove() {
    ask(false);
    setError(null);
    try {
      await metadata(REMOVE_LAYOUT, { ...key, expectedVersion: base.version });
      const usual = await refresh();
      if (usual?.definition != null) {
        history.begin(readDesign(usual.definition));
        began({ text: usual.definition, version: usual.own?.version ?? 0 });
      }
      await client.invalidateQueries({ queryKey: ["meta"] });
      tell(a.removed);
    } catch (problem) {
      setError(problem);
    }
  }

  useKeys({
    "Control+z": (event) => (event.shiftKey ? history.redo : history.undo)?.(),
    "Control+y": () => history.redo?.(),
    "Control+s": () => {
      if (dirty) void save(base.version);
    },
  });

  const standing =
    own === null
      ? borrowed === null
        ? a.isGenerated
        : a.isBorrowed(borrowed)
      : own.standard
        ? a.isStandard
        : a.isOwn(own.version);
  const flat = inColumns(kind);
  return (
    <>
      <div className={admin.head}>
        <p className={`${admin.muted} ${ui.noticeText}`} role="status">
          {standing} {dirty && <strong>{a.unsaved}.</strong>}
        </p>
        <Button icon aria-label={t.undo} isDisabled={history.undo === null} onPress={() => history.undo?.()}>
          <Undo2 size={16} aria-hidden="true" />
        </Button>
        <Button icon aria-label={a.redo} isDisabled={history.redo === null} onPress={() => history.redo?.()}>
          <Redo2 size={16} aria-hidden="true" />
        </Button>
        {own !== null && !own.standard && (
          <Menu icon label={t.more} choices={[{ key: "remove", label: `${a.remove}…`, run: () => ask(true) }]}>
            <Ellipsis size={16} aria-hidden="true" />
          </Menu>
        )}
        <Button kind="main" isDisabled={busy || (!dirty && own !== null)} onPress={() => void save(base.version)}>
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
          <Button isDisabled={busy} onPress={() => void saveOver()}>
            {a.saveOver}
          </Button>
        </Notice>
      ) : (
        error !== null && <Failed error={error} />
      )}
      {tried.isError && <Failed error={tried.error} retry={() => void tried.refetch()} />}
      {general !== undefined && (
        <Notice tone="bad" role="alert">
          {general}
        </Notice>
      )}
      <div className={`${styles.room} ${flat ? styles.flat : ""}`}>
        {!flat && (
          <Palette
            design={design}
            known={known}
            sorting={sorting}
            into={target?.id ?? null}
            choose={choose}
            add={(offer) => {
              if (target !== null) add(offer, target.id);
            }}
          />
        )}
        <section className={styles.design} aria-label={a.design}>
          {flat ? (
            <ColumnCanvas kind={kind} object={object} design={design} step={step} faults={faults} />
          ) : (
            <>
              <p className={admin.muted}>{a.keysHint}</p>
              {kind !== "EDIT" && (
                <NameList
                  label={a.header}
                  across
                  members={design.header}
                  nameOf={(name) => name}
                  labelOf={(name) => object.fields.find((field) => field.name === name)?.label ?? name}
                  offered={object.fields.filter(({ type }) => !["LINES", "INVERSE", "MANY_TO_MANY"].includes(type))}
                  make={(name) => name}
                  change={(header) => step((now) => ({ ...now, header }))}
                  faultAt={(place) => faults.get(`header ${place}`)}
                />
              )}
              <Canvas
                design={design}
                step={step}
                known={known}
                faults={faults}
                sorting={sorting}
                into={target?.id ?? null}
                choose={choose}
              />
            </>
          )}
        </section>
        <div className={styles.side}>
          <Preview kind={kind} known={known} first={record} />
        </div>
      </div>
      <details className={admin.panel}>
        <summary>{a.definition}</summary>
        <pre className={styles.text} tabIndex={0} aria-label={a.definition}>
          {tried.data?.definition ?? base.text}
        </pre>
      </details>
      {removing && (
        <Dialog title={a.removeAsk} role="alertdialog" onClose={() => ask(false)}>
          <Actions>
            <Button onPress={() => ask(false)}>{t.cancel}</Button>
            <Button kind="danger" onPress={() => void remove()}>
              {a.remove}
            </Button>
          </Actions>
        </Dialog>
      )}
      <LeaveDialog dirty={dirty} title={a.leaveAsk} />
    </>
  );
}
