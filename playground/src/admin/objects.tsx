/** Objects: which there are, and the draft in which they are changed. */

import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useShell } from "../api/cache";
import { metadata } from "../api/metadata";
import { useTexts } from "../texts";
import { Button } from "../ui/button";
import { NotThere } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import { AddObject } from "./add-object";
import styles from "./admin.module.css";
import { ALL_OBJECTS } from "./documents";
import { DraftPanel } from "./draft-panel";
import { RetiredList } from "./objects/retired";
import { TextEditor } from "./text-editor";
import { useSchemaDraft } from "./use-draft";

interface Told {
  objects: {
    name: string;
    label: string;
    labelPlural: string;
    plural: string | null;
    kind: string;
    custom: boolean;
    fields: { name: string }[];
  }[];
}

export function ObjectsPage() {
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("DEFINE") ? <Objects /> : <NotThere />;
}

function Objects() {
  const t = useTexts();
  const editor = useSchemaDraft();
  const [adding, add] = useState(false);
  const told = useQuery({
    queryKey: ["meta", "admin", "objects"],
    queryFn: () => metadata<Told>(ALL_OBJECTS),
    staleTime: Infinity,
  });
  useEffect(() => {
    document.title = `${t.objects} · Tradewind`;
  }, [t]);
  if (told.isError) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (editor.read.isError) return <Failed error={editor.read.error} retry={() => void editor.read.refetch()} />;
  if (told.data === undefined || editor.read.data === undefined) return <Skeleton />;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <h1>{t.objects}</h1>
        <Button kind="main" onPress={() => add(true)}>
          {t.addObject}
        </Button>
      </div>
      <DraftPanel editor={editor} />
      <div className={styles.table} role="region" aria-label={t.objects} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.label}</th>
              <th scope="col">{t.apiName}</th>
              <th scope="col">{t.kind}</th>
              <th scope="col">{t.fields}</th>
              <th scope="col">{t.origin}</th>
            </tr>
          </thead>
          <tbody>
            {told.data.objects.map((object) => (
              <tr key={object.name}>
                <td>
                  <Link to="/admin/objects/$name" params={{ name: object.name }}>
                    {object.label}
                  </Link>
                </td>
                <td>{object.name}</td>
                <td>{t.kinds[object.kind] ?? object.kind}</td>
                <td>{object.fields.length}</td>
                <td>{object.custom ? t.ownObject : t.standardObject}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <RetiredList editor={editor} />
      <TextEditor editor={editor} />
      {adding && <AddObject editor={editor} close={() => add(false)} />}
    </div>
  );
}
