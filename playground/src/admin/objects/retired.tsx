/** What definitions no longer have: defined again as it was, or purged for good. */

import { type FormEvent, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { client, useShell } from "../../api/cache";
import { metadata } from "../../api/metadata";
import * as objects from "../../texts/objects";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Failed } from "../../ui/states";
import { tell } from "../../ui/toasts";
import admin from "../admin.module.css";
import { PURGE, RETIRED, type Retired } from "../documents";
import type { DraftEditor } from "../use-draft";
import styles from "./objects.module.css";

const nameOf = ({ object, field }: Retired) => (field === null ? object : `${object}.${field}`);

export function RetiredList({ editor, object }: { editor: DraftEditor; object?: string }) {
  const a = useArea(objects);
  // Only administrators purge; they are those who give rights.
  const purges = useShell().data?.viewer.may.includes("RIGHTS") === true;
  const [purging, purge] = useState<Retired | null>(null);
  const [error, setError] = useState<unknown>(null);
  const told = useQuery({
    queryKey: ["meta", "admin", "retired"],
    queryFn: async () => (await metadata<{ retired: Retired[] }>(RETIRED)).retired,
    staleTime: Infinity,
  });
  const shown = (told.data ?? []).filter((one) => object === undefined || one.object === object);
  if (told.isError) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (shown.length === 0) return null;
  const restore = ({ object: of, field }: Retired) => {
    const step = field === null ? { restoreObject: { object: of } } : { restoreField: { object: of, field } };
    void editor.edit([step]).then(() => setError(null), setError);
  };
  return (
    <section className={admin.panel} aria-label={a.retired}>
      <h2>{a.retired}</h2>
      <p className={admin.muted}>{a.retiredHint}</p>
      {error !== null && <Failed error={error} />}
      <ul className={admin.list}>
        {shown.map((one) => (
          <li key={nameOf(one)} className={styles.row}>
            <span>
              {nameOf(one)} <span className={admin.muted}>{a.since(one.stoodIn)}</span>
            </span>
            <Button aria-label={`${a.restore}: ${nameOf(one)}`} onPress={() => restore(one)}>
              {a.restore}
            </Button>
            {purges && (
              <Button kind="danger" aria-label={`${a.purge}: ${nameOf(one)}`} onPress={() => purge(one)}>
                {a.purge}…
              </Button>
            )}
          </li>
        ))}
      </ul>
      {purging !== null && <Purge one={purging} close={() => purge(null)} />}
    </section>
  );
}

function Purge({ one, close }: { one: Retired; close: () => void }) {
  const t = useTexts();
  const a = useArea(objects);
  const [typed, type] = useState("");
  const [error, setError] = useState<unknown>(null);
  const name = nameOf(one);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await metadata(PURGE, { object: one.object, field: one.field, confirm: typed.trim() });
      await client.invalidateQueries({ queryKey: ["meta"] });
      tell(a.purged(name));
      close();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Dialog title={a.purgeTitle(name)} role="alertdialog" onClose={close}>
      {error !== null && <Failed error={error} />}
      <form className={admin.form} onSubmit={(event) => void submit(event)}>
        <label>
          {a.purgeHint(name)}
          <input value={typed} autoFocus spellCheck={false} onChange={(event) => type(event.target.value)} />
        </label>
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          <Button type="submit" kind="danger" isDisabled={typed.trim() !== name}>
            {a.purge}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
