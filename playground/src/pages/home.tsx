/** Where one begins: the day, what is not saved yet, what was opened lately, dashboards; in one's own order. */

import { type ReactNode, useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, EyeOff, LayoutDashboard, LayoutGrid } from "lucide-react";
import { client, useShell } from "../api/cache";
import { recents } from "../api/finding";
import { DROP_DRAFT, metadata, readDrafts, type Shell } from "../api/metadata";
import { setPreference, usePreferences } from "../api/preferences";
import { viewedAs } from "../signin/viewing";
import { useLang, useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as texts from "../texts/home";
import { Button } from "../ui/button";
import { Glyph } from "../ui/glyph";
import { Empty } from "../ui/states";
import { ago, showInstant } from "../values/dates";
import { useDashboards } from "./dashboard/use-dashboards";
import { type Arrangement, arrangementOf, type Block, shifted, toggled } from "./home/blocks";
import { Day } from "./home/day";
import own from "./home/home.module.css";
import styles from "./page.module.css";

export function HomePage() {
  const t = useTexts();
  const a = useArea(texts);
  const shell = useShell().data;
  const kept = usePreferences();
  const [arranging, arrange] = useState(false);
  useEffect(() => {
    document.title = `${t.home} · Tradewind`;
  }, [t]);
  if (shell === undefined) return null;
  const arrangement = arrangementOf(kept.data?.[KEY]);
  const keep = (next: Arrangement) => void setPreference(KEY, next);
  return (
    <div className={styles.page}>
      <div className={own.title}>
        <h1>{t.greeting(shell.viewer.name)}</h1>
        {viewedAs() === null && (
          <Button kind="quiet" aria-pressed={arranging} onPress={() => arrange(!arranging)}>
            <LayoutGrid size={16} aria-hidden="true" />
            {a.arrange}
          </Button>
        )}
      </div>
      {arranging && arrangement.hidden.length > 0 && (
        <div className={own.title}>
          {arrangement.hidden.map((block) => (
            <Button key={block} onPress={() => keep(toggled(arrangement, block))}>
              {a.show(a.blocks[block]!)}
            </Button>
          ))}
        </div>
      )}
      <div className={styles.blocks}>
        {arrangement.shown.map((block, place) => {
          const bar = arranging && (
            <ArrangeBar
              name={a.blocks[block]!}
              up={place > 0 ? () => keep(shifted(arrangement, block, -1)) : null}
              down={place < arrangement.shown.length - 1 ? () => keep(shifted(arrangement, block, 1)) : null}
              hide={() => keep(toggled(arrangement, block))}
            />
          );
          const Content = CONTENTS[block];
          return <Content key={block} shell={shell} bar={bar} arranging={arranging} />;
        })}
      </div>
    </div>
  );
}

const KEY = "home";

interface BlockProps {
  shell: Shell;
  /** What moves and hides the block. */
  bar: ReactNode;
  /** Whether an empty block is shown all the same. */
  arranging: boolean;
}

const CONTENTS: Record<Block, (props: BlockProps) => ReactNode> = {
  day: ({ shell, bar }) => (
    <Section block="day" bar={bar}>
      <Day shell={shell} />
    </Section>
  ),
  drafts: Kept,
  recents: Lately,
  dashboards: Boards,
};

function Section({ block, bar, children }: { block: Block; bar: ReactNode; children: ReactNode }) {
  const a = useArea(texts);
  return (
    <section className={styles.section} aria-label={a.blocks[block]}>
      <div className={own.head}>
        <h2>{a.blocks[block]}</h2>
        {bar}
      </div>
      {children}
    </section>
  );
}

interface ArrangeProps {
  name: string;
  up: (() => void) | null;
  down: (() => void) | null;
  hide: () => void;
}

function ArrangeBar({ name, up, down, hide }: ArrangeProps) {
  const a = useArea(texts);
  return (
    <>
      <Button kind="quiet" icon aria-label={a.up(name)} isDisabled={up === null} onPress={() => up?.()}>
        <ArrowUp size={16} aria-hidden="true" />
      </Button>
      <Button kind="quiet" icon aria-label={a.down(name)} isDisabled={down === null} onPress={() => down?.()}>
        <ArrowDown size={16} aria-hidden="true" />
      </Button>
      <Button kind="quiet" icon aria-label={a.hide(name)} onPress={hide}>
        <EyeOff size={16} aria-hidden="true" />
      </Button>
    </>
  );
}

function Boards({ bar, arranging }: BlockProps) {
  const found = useDashboards();
  const rows = found.data ?? [];
  if (rows.length === 0 && !arranging) return null;
  return (
    <Section block="dashboards" bar={bar}>
      <ul className={styles.rows}>
        {rows.slice(0, 12).map(({ id, name }) => (
          <li key={id}>
            <Link to="/d/$id" params={{ id }} className={styles.rowLink}>
              <LayoutDashboard size={16} aria-hidden="true" />
              <span className={styles.rowText}>{name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The first words of what was typed, which tell one draft from another. */
function typedText(data: unknown): string {
  const values = Object.values((data as { values?: Record<string, unknown> } | null)?.values ?? {});
  const texts = values.map((value) =>
    typeof value === "string" ? value : ((value as { _title?: string } | null)?._title ?? ""),
  );
  return texts.find((text) => text !== "")?.slice(0, 60) ?? "";
}

function Kept({ shell, bar, arranging }: BlockProps) {
  const t = useTexts();
  const lang = useLang();
  const drafts = useQuery({
    queryKey: ["drafts"],
    queryFn: readDrafts,
  });
  const rows = (drafts.data ?? []).flatMap((draft) => {
    const object = shell.objects.find(({ name }) => name === draft.object);
    return object?.plural == null ? [] : [{ draft, object, plural: object.plural }];
  });
  if (rows.length === 0 && !arranging) return null;
  const drop = async (id: string) => {
    await metadata(DROP_DRAFT, { id });
    await client.invalidateQueries({ queryKey: ["drafts"] });
  };
  return (
    <Section block="drafts" bar={bar}>
      <ul className={styles.rows}>
        {rows.map(({ draft, object, plural }) => (
          <li key={draft.id} className={styles.rowLink}>
            <Glyph label={object.label} icon={object.icon} color={object.color} />
            <Link
              className={styles.rowText}
              to={draft.record === null ? "/o/$plural/new" : "/o/$plural/$id/edit"}
              params={{ plural, id: draft.record ?? "" }}
              search={{ draft: draft.id }}
            >
              {draft.record === null ? t.createNamed(object.label) : `${t.edit}: ${object.label}`}
              {typedText(draft.data) !== "" && ` · ${typedText(draft.data)}`}
            </Link>
            <span className={styles.muted}>
              {ago(draft.updatedAt, new Date(), lang) ?? showInstant(draft.updatedAt, shell.viewer.timeZone, lang)}
            </span>
            {viewedAs() === null && (
              <Button kind="quiet" onPress={() => void drop(draft.id)}>
                {t.discard}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Lately({ shell, bar }: BlockProps) {
  const t = useTexts();
  const found = useQuery({ queryKey: ["recents"], queryFn: () => recents(12) });
  const rows = (found.data ?? []).flatMap((recent) => {
    const known = shell.objects.find(({ name }) => name === recent.object);
    return known?.plural == null ? [] : [{ ...recent, plural: known.plural, icon: known.icon, color: known.color }];
  });
  return (
    <Section block="recents" bar={bar}>
      {found.isSuccess && rows.length === 0 && <Empty text={t.noRecents} />}
      <ul className={styles.rows}>
        {rows.map(({ id, plural, label, text, detail, icon, color }) => (
          <li key={id}>
            <Link to="/o/$plural/$id" params={{ plural, id }} className={styles.rowLink}>
              <Glyph label={label} icon={icon} color={color} />
              <span className={styles.rowText}>{text ?? id}</span>
              <span className={styles.muted}>{detail ?? label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
