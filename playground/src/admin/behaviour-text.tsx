/** One text of behaviour: a standard one to read, one's own to write, check and publish. */

import { useEffect, useRef } from "react";
import { Link, useParams, useRouterState } from "@tanstack/react-router";
import { useObjectPage, useShell } from "../api/cache";
import * as behaviour from "../texts/behaviour";
import { useArea } from "../texts/area";
import { useLang } from "../texts";
import { NotThere } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import admin from "./admin.module.css";
import { type Beginning, beginning, isTextName } from "./behaviour/beginning";
import styles from "./behaviour/behaviour.module.css";
import { useStoredTexts } from "./behaviour/documents";
import { BehaviourEditor } from "./behaviour/editor";
import { Pictures } from "./behaviour/pictures";
import { fileOf, type StoredText } from "./behaviour/read";

export function BehaviourTextPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("DEFINE") ? <Opened key={name} name={name} /> : <NotThere />;
}

function Opened({ name }: { name: string }) {
  const a = useArea(behaviour);
  const lang = useLang();
  const search = useRouterState({ select: ({ location }) => location.search as Record<string, string> });
  const told = useStoredTexts();
  const opened = useRef(false);
  const object = useObjectPage(search.object);
  useEffect(() => {
    document.title = `${name} · ${a.title} · Tradewind`;
  }, [name, a]);
  if (told.isError && told.data === undefined) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (told.data === undefined || (search.object !== undefined && object.isPending)) return <Skeleton />;
  const stored = told.data.find((one) => fileOf(one) === name) ?? null;
  // What somebody else takes out while it is typed here stays.
  opened.current ||= stored !== null;
  const begun = search.begin as Beginning | undefined;
  if (!opened.current && (begun === undefined || !isTextName(name))) return <NotThere />;
  return (
    <div className={admin.page}>
      <div className={admin.head}>
        <h1>
          <Link to="/admin/behaviour">{a.title}</Link> / {name}
        </h1>
      </div>
      {stored?.custom === false ? (
        <Standard text={stored} />
      ) : (
        <BehaviourEditor
          name={name}
          stored={stored?.text ?? null}
          first={begun === undefined ? "" : beginning(begun, name, object.data?.object ?? null, lang, told.data)}
          all={told.data}
          refresh={async () => (await told.refetch()).data ?? []}
        />
      )}
    </div>
  );
}

function Standard({ text }: { text: StoredText }) {
  const a = useArea(behaviour);
  return (
    <>
      <p className={admin.muted}>{a.isStandard}</p>
      <pre className={styles.standard} tabIndex={0} role="region" aria-label={a.editor}>
        {text.text}
      </pre>
      <Pictures text={text.text} />
    </>
  );
}
