/** Where one begins: what is not saved yet, what was opened lately, and the menu's objects. */

import { useEffect } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { client, useShell } from "../api/cache";
import { recents } from "../api/finding";
import { DRAFTS, DROP_DRAFT, type FormDraft, metadata, type Shell } from "../api/metadata";
import { useLang, useTexts } from "../texts";
import { Button } from "../ui/button";
import { Glyph } from "../ui/glyph";
import { Empty } from "../ui/states";
import { ago, showInstant } from "../values/dates";
import styles from "./page.module.css";

export function HomePage() {
  const t = useTexts();
  const shell = useShell().data;
  useEffect(() => {
    document.title = `${t.home} · Tradewind`;
  }, [t]);
  if (shell === undefined) return null;
  return (
    <div className={styles.page}>
      <h1>{t.greeting(shell.viewer.name)}</h1>
      <div className={styles.blocks}>
        <Kept shell={shell} />
        <Lately shell={shell} />
      </div>
    </div>
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

function Kept({ shell }: { shell: Shell }) {
  const t = useTexts();
  const lang = useLang();
  const drafts = useQuery({
    queryKey: ["drafts"],
    queryFn: async () => (await metadata<{ formDrafts: FormDraft[] }>(DRAFTS)).formDrafts,
  });
  const rows = (drafts.data ?? []).flatMap((draft) => {
    const object = shell.objects.find(({ name }) => name === draft.object);
    return object?.plural == null ? [] : [{ draft, object, plural: object.plural }];
  });
  if (rows.length === 0) return null;
  const drop = async (id: string) => {
    await metadata(DROP_DRAFT, { id });
    await client.invalidateQueries({ queryKey: ["drafts"] });
  };
  return (
    <section className={styles.section}>
      <h2>{t.drafts}</h2>
      <ul className={styles.rows}>
        {rows.map(({ draft, object, plural }) => (
          <li key={draft.id} className={styles.rowLink}>
            <Glyph label={object.label} />
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
            <Button kind="quiet" onPress={() => void drop(draft.id)}>
              {t.discard}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Lately({ shell }: { shell: Shell }) {
  const t = useTexts();
  const found = useQuery({ queryKey: ["recents"], queryFn: () => recents(12) });
  const rows = (found.data ?? []).flatMap((recent) => {
    const plural = shell.objects.find(({ name }) => name === recent.object)?.plural;
    return plural == null ? [] : [{ ...recent, plural }];
  });
  return (
    <section className={styles.section}>
      <h2>{t.recents}</h2>
      {found.isSuccess && rows.length === 0 && <Empty text={t.noRecents} />}
      <ul className={styles.rows}>
        {rows.map(({ id, plural, label, text, detail }) => (
          <li key={id}>
            <Link to="/o/$plural/$id" params={{ plural, id }} className={styles.rowLink}>
              <Glyph label={label} />
              <span className={styles.rowText}>{text ?? id}</span>
              <span className={styles.muted}>{detail ?? label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
