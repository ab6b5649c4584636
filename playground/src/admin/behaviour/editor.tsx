/** One's own text of behaviour: checked as it is typed, drawn beside, published, taken out. */

import { useEffect, useRef, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { client } from "../../api/cache";
import { metadata } from "../../api/metadata";
import * as behaviour from "../../texts/behaviour";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { useKeys } from "../../ui/keys";
import { LeaveDialog } from "../../ui/leave-dialog";
import { Menu } from "../../ui/menu";
import { Notice } from "../../ui/notices";
import { Failed } from "../../ui/states";
import { tell } from "../../ui/toasts";
import ui from "../../ui/ui.module.css";
import admin from "../admin.module.css";
import { CodeArea } from "../code-area";
import { Faults } from "../draft-panel";
import { useBase } from "../use-base";
import { type KnownObject, suggestions } from "./completion";
import { type Applied, applyText, forgetText, KNOWN_OBJECTS } from "./documents";
import { Pictures } from "./pictures";
import { Publish, Remove } from "./publish";
import type { StoredText } from "./read";

interface Props {
  name: string;
  /** As it is published; null where it is not yet. */
  stored: string | null;
  /** What a new one begins with. */
  first: string;
  all: readonly StoredText[];
  refresh: () => Promise<readonly StoredText[]>;
}

const PAUSE = 700;

export function BehaviourEditor({ name, stored, first, all, refresh }: Props) {
  const t = useTexts();
  const a = useArea(behaviour);
  const navigate = useNavigate();
  const [text, write] = useState(stored ?? first);
  const [checked, check] = useState(text);
  /** What would be published, asked for with the text that is sent. */
  const [publishing, ask] = useState<{ text: string; tried: Applied } | null>(null);
  const [removing, askRemoval] = useState<Applied | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  /** The text is taken out, so that nothing is left unpublished. */
  const gone = useRef(false);
  const known = useBase<string>({
    definition: stored ?? "",
    version: 0,
    dirty: text !== (stored ?? "") && text !== "",
    read: (given) => given,
    begin: write,
  });
  const dirty = text !== known.base.text;
  useEffect(() => {
    const timer = setTimeout(() => check(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  const tried = useQuery({
    queryKey: ["behaviour-tried", name, checked],
    queryFn: () => applyText(name, checked, { dryRun: true }),
    gcTime: 30_000,
    staleTime: 0,
    placeholderData: (before) => before,
  });
  const objects = useQuery({
    queryKey: ["meta", "admin", "known-objects"],
    queryFn: async () => (await metadata<{ objects: KnownObject[] }>(KNOWN_OBJECTS)).objects,
    // Only who types needs them.
    enabled: dirty,
    staleTime: Infinity,
  });
  const found = tried.data?.diagnostics ?? [];
  const others = found.filter(({ path }) => path !== name);
  const checking = checked !== text || tried.isFetching;

  /** Runs one request at a time; what it is refused with stands above the text. */
  const run = async (work: () => Promise<unknown>) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const theirs = async () => (await refresh()).find(({ path, custom }) => custom && path === name)?.text ?? "";
  /** Asks before a publish, unless somebody else has published in the meantime. */
  const prepare = (over: boolean) =>
    run(async () => {
      const now = await theirs();
      if (now !== known.base.text && !over) return;
      if (over) known.began({ text: now, version: 0 });
      const tried = await applyText(name, text, { dryRun: true });
      check(text);
      client.setQueryData(["behaviour-tried", name, text], tried);
      if (tried.diagnostics.length === 0) ask({ text, tried });
    });
  const takeTheirs = () =>
    run(async () => {
      const now = await theirs();
      write(now);
      known.began({ text: now, version: 0 });
    });
  const publish = async (note: string) => {
    const sent = publishing!.text;
    const applied = await applyText(name, sent, { dryRun: false, note });
    if (applied.diagnostics.length > 0) return applied.diagnostics;
    ask(null);
    known.began({ text: sent, version: 0 });
    tell(t.published(applied.version));
    await client.invalidateQueries({ queryKey: ["meta"] });
    void navigate({ to: ".", search: {}, replace: true });
    return [];
  };
  const remove = async () => {
    const applied = await applyText(name, null, { dryRun: false });
    if (applied.diagnostics.length > 0) return applied.diagnostics;
    gone.current = true;
    tell(a.removed(name));
    forgetText(name);
    await navigate({ to: "/admin/behaviour" });
    await client.invalidateQueries({ queryKey: ["meta"] });
    return [];
  };
  useKeys({
    "Control+s": () => {
      if (dirty && found.length === 0) void prepare(false);
    },
  });

  return (
    <>
      <div className={admin.head}>
        <p className={`${admin.muted} ${ui.noticeText}`}>
          {stored === null ? a.isNew : a.isOwn} {dirty && stored !== null && <strong>{a.unsaved}</strong>}
        </p>
        {stored !== null && (
          <Menu
            icon
            label={t.more}
            choices={[
              {
                key: "remove",
                label: `${a.remove}…`,
                run: () => void run(async () => askRemoval(await applyText(name, null, { dryRun: true }))),
              },
            ]}
          >
            <Ellipsis size={16} aria-hidden="true" />
          </Menu>
        )}
        <Button
          onPress={() => {
            check(text);
            if (checked === text) void tried.refetch();
          }}
        >
          {a.check}
        </Button>
        <Button
          kind="main"
          isDisabled={busy || !dirty || (!checking && found.length > 0)}
          onPress={() => void prepare(false)}
        >
          {t.publish}…
        </Button>
      </div>
      {known.overtaken && (
        <Notice tone="warn" role="alert">
          <strong className={ui.noticeText}>{a.changedMeanwhile}</strong>
          <Button isDisabled={busy} onPress={() => void takeTheirs()}>
            {a.takeTheirs}
          </Button>
          <Button isDisabled={busy} onPress={() => void prepare(true)}>
            {a.publishOver}
          </Button>
        </Notice>
      )}
      {error !== null && <Failed error={error} />}
      {tried.isError && <Failed error={tried.error} retry={() => void tried.refetch()} />}
      <section className={admin.panel}>
        <h2 id="behaviour-text">{a.editor}</h2>
        <p className={admin.muted} id="behaviour-keys">
          {a.keys}
        </p>
        <p role="status" className={checking ? admin.muted : found.length > 0 ? admin.fault : admin.added}>
          {checking ? a.checking : tried.isError ? "" : found.length > 0 ? a.faults(found.length) : a.checked}
        </p>
        <CodeArea
          text={text}
          write={write}
          faults={found.filter(({ path }) => path === name)}
          suggest={(next, caret) => suggestions(next, caret, objects.data ?? [])}
          labelledBy="behaviour-text"
          describedBy="behaviour-keys"
        />
        {others.map((fault, place) => (
          <div key={place}>
            <span className={admin.muted}>{a.faultIn(fault.path)}</span>
            <Faults found={[fault]} />
          </div>
        ))}
      </section>
      <Pictures text={text} />
      {publishing !== null && (
        <Publish name={name} tried={publishing.tried} publish={publish} close={() => ask(null)} />
      )}
      {removing !== null && (
        <Remove name={name} all={all} tried={removing} remove={remove} close={() => askRemoval(null)} />
      )}
      <LeaveDialog
        dirty={dirty}
        title={a.leaveAsk}
        keeps={({ current, next }) => gone.current || current.pathname === next.pathname}
      />
    </>
  );
}
