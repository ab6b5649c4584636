/** The search over all objects: what the palette offers first, here with all there is, by object. The words are in the address. */

import { useEffect, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { useShell } from "../api/cache";
import { type SearchGroup, searchEverywhere } from "../api/finding";
import { byMenus } from "../api/order";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as me from "../texts/me";
import { Button } from "../ui/button";
import { Empty, Failed, Skeleton } from "../ui/states";
import styles from "./page.module.css";
import search from "./search.module.css";

/** How many of each object are shown at first, and how many where more are asked for. */
const FIRST = 10;
const MORE = 100;

export function SearchPage() {
  const t = useTexts();
  const a = useArea(me);
  const navigate = useNavigate();
  const shell = useShell().data;
  const asked = useRouterState({ select: ({ location }) => (location.search as Record<string, string>).q }) ?? "";
  const [typed, type] = useState(asked);
  /** The words that were put into the address last. */
  const sent = useRef(asked);
  useEffect(() => {
    // What is being typed may end with a blank; only another search takes its place.
    if (typed.trim() !== asked && sent.current !== asked) type(asked);
  }, [asked]);
  useEffect(() => {
    document.title = `${asked === "" ? t.search : a.searchTitle(asked)} · Tradewind`;
  }, [a, t, asked]);
  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === asked) return;
    const timer = setTimeout(() => {
      sent.current = wanted;
      void navigate({ to: "/search", search: wanted === "" ? {} : { q: wanted }, replace: true });
    }, 250);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useQuery({
    queryKey: ["search", asked, FIRST],
    queryFn: () => searchEverywhere(asked, undefined, FIRST),
    enabled: asked !== "",
    placeholderData: (before) => before,
  });
  const groups = shell === undefined || asked === "" ? [] : byMenus(shell, found.data ?? []);
  return (
    <div className={styles.page}>
      <h1>{t.search}</h1>
      <input
        type="search"
        autoFocus
        aria-label={a.words}
        placeholder={t.paletteHint}
        value={typed}
        onChange={(event) => type(event.target.value)}
      />
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {asked === "" && <Empty text={a.firstStep} />}
      {asked !== "" && found.isPending && <Skeleton rows={8} />}
      {asked !== "" && found.data?.length === 0 && !found.isFetching && <Empty text={t.noMatches} />}
      {groups.map((group) => (
        <Group key={`${group.object} ${asked}`} group={group} text={asked} />
      ))}
    </div>
  );
}

function Group({ group, text }: { group: SearchGroup; text: string }) {
  const a = useArea(me);
  const [more, ask] = useState(false);
  const object = useShell().data?.objects.find(({ name }) => name === group.object);
  const all = useQuery({
    queryKey: ["search", text, MORE, group.object],
    queryFn: async () => (await searchEverywhere(text, [group.object], MORE))[0]?.hits ?? [],
    enabled: more,
  });
  if (object?.plural == null) return null;
  const hits = all.data ?? group.hits;
  return (
    <section className={search.group} aria-label={object.labelPlural}>
      <div className={search.head}>
        <h2>{object.labelPlural}</h2>
        <span className={styles.muted}>{a.found(hits.length, group.totalCount)}</span>
        {object.searched && (
          <Link to="/o/$plural" params={{ plural: object.plural }} search={{ q: text }}>
            {a.inList}
          </Link>
        )}
      </div>
      <ul className={search.list}>
        {hits.map(({ id, text: title, detail }) => (
          <li key={id}>
            <Link to="/o/$plural/$id" params={{ plural: object.plural!, id }} className={styles.rowLink}>
              <span className={styles.rowText}>{title ?? id}</span>
              <span className={search.detail}>{detail}</span>
            </Link>
          </li>
        ))}
      </ul>
      {all.isError && <Failed error={all.error} retry={() => void all.refetch()} />}
      {!more && group.totalCount > hits.length && (
        <div>
          <Button onPress={() => ask(true)}>{a.moreOf(object.labelPlural)}</Button>
        </div>
      )}
    </section>
  );
}
