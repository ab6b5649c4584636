/** One record: what it is, what belongs to it, what has happened about it. */

import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { Ellipsis, Pencil } from "lucide-react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useKeys } from "../ui/keys";
import { client, useLayout, useObjectPage, useShell } from "../api/cache";
import { deleteDocument, recordDocument, restoreDocument } from "../fields/documents";
import { opened } from "../api/finding";
import { valueAt } from "../api/paths";
import { ask, Offline } from "../api/transport";
import { Show } from "../fields/show";
import { useTexts } from "../texts";
import { Button } from "../ui/button";
import { buttonLook } from "../ui/button-look";
import { Actions, Dialog } from "../ui/dialog";
import { Menu } from "../ui/menu";
import { Notice, NotThere } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import { tell } from "../ui/toasts";
import ui from "../ui/ui.module.css";
import { useNamedObject } from "./list/use-list";
import styles from "./page.module.css";
import { RecordSection, type RecordValues } from "./record/sections";

type Loaded = RecordValues & { _can: { edit: boolean; delete: boolean } };

export function RecordPage() {
  const { plural, id } = useParams({ strict: false }) as { plural: string; id: string };
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const t = useTexts();
  const navigate = useNavigate();
  const object = useNamedObject(plural);
  const shell = useShell();
  const page = useObjectPage(object?.name);
  const [state, setState] = useState<string | null>(null);
  const layout = useLayout(object?.name, "DETAIL", state);
  const info = page.data?.object;
  const document =
    info == null || layout.data == null ? "" : recordDocument(info, layout.data, shell.data?.objects ?? []);
  const record = useQuery({
    queryKey: [object?.name, "record", id, document],
    queryFn: async () => (await ask<{ record: Loaded | null }>("/graphql", document, { id })).data.record,
    enabled: document !== "",
    placeholderData: (before) => (before?.id === id ? before : undefined),
  });
  const [asking, ask_] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const values = record.data;

  useEffect(() => {
    const found = object?.stateField == null || values == null ? null : valueAt(values, object.stateField);
    // Layouts go by the values of picklists.
    setState(typeof found === "string" ? found : null);
  }, [object, values]);
  useEffect(() => {
    if (object == null || values == null) return;
    window.document.title = `${values._title ?? object.label} · Tradewind`;
  }, [object, values]);
  const there = values?.id;
  useEffect(() => {
    if (object == null || there === undefined) return;
    // Lately opened records are offered first; that it is not noted is no reason to say so.
    void opened(object.name, there).then(
      () => client.invalidateQueries({ queryKey: ["recents"] }),
      () => undefined,
    );
  }, [object?.name, there]);
  useKeys({
    e: () => {
      if (values?._can.edit) void navigate({ to: "/o/$plural/$id/edit", params: { plural, id } });
    },
  });

  if (object === null || layout.data === null || values === null) return <NotThere />;
  if (layout.isError) return <Failed error={layout.error} retry={() => void layout.refetch()} />;
  if (record.isError) return <Failed error={record.error} retry={() => void record.refetch()} />;
  if (object === undefined || layout.data === undefined || values === undefined || info == null) return <Skeleton />;

  const title = values._title ?? object.label;
  const headed = layout.data.header.flatMap((name) => {
    const field = layout.data?.fields.find((one) => one.name === name);
    return field === undefined ? [] : [field];
  });

  async function remove() {
    type Deleted = { deleted: { userErrors: { message: string; hint: string | null }[] } | null };
    ask_(false);
    const sent = ask<Deleted>("/graphql", deleteDocument(object!), { id, expectedVersion: values!.version });
    const answer = await sent.catch((error: Error) => error);
    if (answer instanceof Error) return setProblem(answer instanceof Offline ? t.offline : answer.message);
    const errors = answer.data.deleted?.userErrors ?? [];
    if (errors.length > 0)
      return setProblem(errors.map(({ message, hint }) => [message, hint].filter(Boolean).join(" ")).join(" "));
    await client.invalidateQueries({ queryKey: [object!.name] });
    tell(t.deleted(title), {
      label: t.undo,
      run: () => void restore().catch((error: Error) => tell(error.message)),
    });
    await navigate({ to: "/o/$plural", params: { plural } });
  }

  async function restore() {
    type Restored = { restored: { userErrors: { message: string }[] } | null };
    const { data } = await ask<Restored>("/graphql", restoreDocument(object!), { id });
    const refused = data.restored?.userErrors[0];
    if (refused !== undefined) return tell(refused.message);
    await client.invalidateQueries({ queryKey: [object!.name] });
    await navigate({ to: "/o/$plural/$id", params: { plural, id } });
  }

  const may = shell.data?.viewer.may ?? [];
  const more = [
    ...(values._can.delete ? [{ key: "delete", label: `${t.delete}…`, run: () => ask_(true) }] : []),
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
        ]
      : []),
  ];
  const tabs = layout.data.tabs.filter(({ sections }) => sections.some(({ items }) => items.length > 0));
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div className={styles.titles}>
          <Link to="/o/$plural" params={{ plural }}>
            {object.labelPlural}
          </Link>
          <h1>{title}</h1>
        </div>
        {values._can.edit && (
          <Link to="/o/$plural/$id/edit" params={{ plural, id }} className={buttonLook("main")}>
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
      {headed.length > 0 && (
        <dl className={styles.key}>
          {headed.map((field) => (
            <div key={field.name}>
              <dt>{field.label}</dt>
              <dd>
                <Show field={field} value={valueAt(values, field.name)} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {tabs.length === 1 ? (
        <div className={styles.sections}>
          {tabs[0]!.sections.map((section, place) => (
            <RecordSection key={place} object={info} section={section} record={values} />
          ))}
        </div>
      ) : (
        <Tabs
          selectedKey={tabs[Number(search.tab)] === undefined ? "0" : search.tab!}
          onSelectionChange={(tab) =>
            void navigate({ to: ".", search: tab === "0" ? {} : { tab: String(tab) }, replace: true })
          }
        >
          <TabList className={ui.tabs} aria-label={title}>
            {tabs.map((tab, place) => (
              <Tab key={place} id={String(place)} className={ui.tab}>
                {tab.label ?? t.details}
              </Tab>
            ))}
          </TabList>
          {tabs.map((tab, place) => (
            <TabPanel key={place} id={String(place)} className={`${ui.panel} ${styles.sections}`}>
              {tab.sections.map((section, at) => (
                <RecordSection key={at} object={info} section={section} record={values} />
              ))}
            </TabPanel>
          ))}
        </Tabs>
      )}
      {asking && (
        <Dialog title={t.deleteAsk(title)} role="alertdialog" onClose={() => ask_(false)}>
          <Actions>
            <Button onPress={() => ask_(false)}>{t.cancel}</Button>
            <Button kind="danger" onPress={() => void remove()}>
              {t.delete}
            </Button>
          </Actions>
        </Dialog>
      )}
    </div>
  );
}
