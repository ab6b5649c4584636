/** One record: what it is, what belongs to it, what has happened about it. */

import { lazy, Suspense, useEffect, useState } from "react";
import { Link, useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { Ellipsis, Pencil } from "lucide-react";
import { useKeys } from "../ui/keys";
import { hasApprovals } from "../api/approval-state";
import { client, useShell } from "../api/cache";
import { deleteDocument, restoreDocument } from "../fields/documents";
import { opened } from "../api/finding";
import { ask, Offline } from "../api/transport";
import { useTexts } from "../texts";
import { useArea } from "../texts/area";
import * as texts from "../texts/record";
import { buttonLook } from "../ui/button-look";
import { Confirm } from "../ui/confirm";
import { Menu } from "../ui/menu";
import { Notice, NotThere } from "../ui/notices";
import { Empty, Failed, Skeleton } from "../ui/states";
import { tell } from "../ui/toasts";
import ui from "../ui/ui.module.css";
import { useNamedObject } from "./list/use-list";
import styles from "./page.module.css";
import { taskAbout } from "./record/about";
import { RecordBody } from "./record/body";
import { instantIn, PastBar, PastDialog } from "./record/past";
import { Steps, useStep, useSwipe } from "./record/steps";
import { ActionButtons, useActions } from "./record/use-actions";
import { type OpenRecord, useRecord } from "./record/use-record";

const ApprovalBadge = lazy(async () => ({ default: (await import("./approvals/panel")).ApprovalBadge }));

export function RecordPage() {
  const { plural, id } = useParams({ strict: false }) as { plural: string; id: string };
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const navigate = useNavigate();
  const object = useNamedObject(plural);
  const asOf = instantIn(search.asOf);
  const found = useRecord(object, id, asOf);
  const show = (next: string | null) => void navigate({ to: ".", search: { ...search, asOf: next ?? "" } });
  if (found.state === "absent" && asOf !== null) return <NotYet asOf={asOf} show={show} />;
  if (found.state === "absent") return <NotThere />;
  if (found.state === "failed") return <Failed error={found.error} retry={found.retry} />;
  if (found.state === "loading") return <Skeleton />;
  return <Opened key={`${id} ${asOf}`} plural={plural} open={found.open} show={show} />;
}

interface ShowInstant {
  /** Shows the record of another instant; null for now. */
  show: (asOf: string | null) => void;
}

/** There was no such record at that instant. */
function NotYet({ asOf, show }: ShowInstant & { asOf: string }) {
  const a = useArea(texts);
  return (
    <div className={styles.page}>
      <PastBar asOf={asOf} show={show} />
      <Empty text={a.notThen} />
    </div>
  );
}

function Opened({ plural, open, show }: ShowInstant & { plural: string; open: OpenRecord }) {
  const { object, record: values, asOf } = open;
  const a = useArea(texts);
  const { id } = values;
  const t = useTexts();
  const navigate = useNavigate();
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const shell = useShell();
  const [asking, ask_] = useState(false);
  const [instant, askInstant] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const title = values._title ?? object.label;
  useEffect(() => {
    window.document.title = `${title} · Tradewind`;
  }, [title]);
  useEffect(() => {
    // Lately opened records are offered first; that it is not noted is no reason to say so.
    if (asOf !== null) return;
    void opened(object.name, id).then(
      () => client.invalidateQueries({ queryKey: ["recents"] }),
      () => undefined,
    );
  }, [object.name, id, asOf]);
  const go = (next: string) => void navigate({ to: "/o/$plural/$id", params: { plural, id: next }, replace: true });
  const step = useStep({ plural, id, go });
  const swipe = useSwipe(step);
  const editable = asOf === null && values._can.edit;
  const actions = useActions(open, title, setProblem);
  /** Something that is done about it, such as a visit. */
  const act = async () => {
    const about = asOf === null ? await taskAbout(open, shell.data?.objects ?? []).catch(() => null) : null;
    if (about !== null)
      void navigate({ to: "/o/$plural/new", params: { plural: about.plural }, search: { [`with.${about.by}`]: id } });
  };
  useKeys({
    "[": () => step(-1),
    "]": () => step(1),
    a: () => void act(),
    e: () => {
      if (editable) void navigate({ to: "/o/$plural/$id/edit", params: { plural, id } });
    },
  });

  async function remove() {
    type Deleted = { deleted: { userErrors: { message: string; hint: string | null }[] } | null };
    ask_(false);
    const sent = ask<Deleted>("/graphql", deleteDocument(object), { id, expectedVersion: values.version });
    const answer = await sent.catch((error: Error) => error);
    if (answer instanceof Error) return setProblem(answer instanceof Offline ? t.offline : answer.message);
    const errors = answer.data.deleted?.userErrors ?? [];
    if (errors.length > 0)
      return setProblem(errors.map(({ message, hint }) => [message, hint].filter(Boolean).join(" ")).join(" "));
    await client.invalidateQueries({ queryKey: [object.name] });
    tell(t.deleted(title), {
      label: t.undo,
      run: () => void restore().catch((error: Error) => tell(error.message)),
    });
    await navigate({ to: "/o/$plural", params: { plural } });
  }

  async function restore() {
    type Restored = { restored: { userErrors: { message: string }[] } | null };
    const { data } = await ask<Restored>("/graphql", restoreDocument(object), { id });
    const refused = data.restored?.userErrors[0];
    if (refused !== undefined) return tell(refused.message);
    await client.invalidateQueries({ queryKey: [object.name] });
    await navigate({ to: "/o/$plural/$id", params: { plural, id } });
  }

  const may = shell.data?.viewer.may ?? [];
  const more = [
    ...actions.more,
    ...(asOf === null ? [{ key: "past", label: `${a.asItWasAsk}…`, run: () => askInstant(true) }] : []),
    ...(asOf === null && values._can.delete ? [{ key: "delete", label: `${t.delete}…`, run: () => ask_(true) }] : []),
    ...(may.includes("RIGHTS")
      ? [
          {
            key: "access",
            label: t.access,
            run: () => void navigate({ to: "/admin/access", search: { object: object.name, id } }),
          },
        ]
      : []),
    ...(may.includes("DEFINE")
      ? [
          {
            key: "fields",
            label: t.fields,
            run: () => void navigate({ to: "/admin/objects/$name", params: { name: object.name } }),
          },
          {
            key: "layout",
            label: t.designPage,
            run: () =>
              void navigate({
                to: "/admin/layouts/$name",
                params: { name: object.name },
                search: { kind: "DETAIL", id },
              }),
          },
        ]
      : []),
  ];
  return (
    <div className={styles.page} {...swipe}>
      <div className={styles.head}>
        <div className={styles.titles}>
          <Link to="/o/$plural" params={{ plural }}>
            {object.labelPlural}
          </Link>
          <h1>{title}</h1>
          {asOf === null && hasApprovals(object) && (
            <Suspense fallback={null}>
              <ApprovalBadge open={open} />
            </Suspense>
          )}
        </div>
        {asOf === null && <Steps plural={plural} id={id} go={go} />}
        <ActionButtons actions={actions} main />
        {editable && (
          <Link
            to="/o/$plural/$id/edit"
            params={{ plural, id }}
            className={buttonLook(actions.shown.every(({ closed }) => closed) ? "main" : undefined)}
          >
            <Pencil size={15} aria-hidden="true" />
            {t.edit}
          </Link>
        )}
        {more.length > 0 && (
          <Menu icon label={t.more} choices={more}>
            <Ellipsis size={16} aria-hidden="true" />
          </Menu>
        )}
      </div>
      {problem !== null && (
        <Notice tone="bad" role="alert">
          <div className={ui.noticeText}>{problem}</div>
        </Notice>
      )}
      {actions.notice}
      {asOf !== null && <PastBar asOf={asOf} show={show} />}
      <RecordBody
        open={open}
        title={title}
        tab={search.tab}
        setTab={(tab) => void navigate({ to: ".", search: { ...search, tab: tab === "0" ? "" : tab }, replace: true })}
      />
      {actions.dialog}
      {instant && (
        <PastDialog
          from={new Date().toISOString()}
          close={() => askInstant(false)}
          show={(next) => {
            askInstant(false);
            show(next);
          }}
        />
      )}
      {asking && (
        <Confirm title={t.deleteAsk(title)} go={t.delete} onStay={() => ask_(false)} onGo={() => void remove()} />
      )}
    </div>
  );
}
