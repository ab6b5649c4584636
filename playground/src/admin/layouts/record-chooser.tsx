/** Chooses the record with which a page is shown while it is designed. */

import { useEffect, useState } from "react";
import { useQuery } from "@tanstack/react-query";
import { searchEverywhere } from "../../api/finding";
import type { ObjectInfo } from "../../api/metadata";
import { ask } from "../../api/transport";
import { titlesDocument } from "../../fields/documents";
import * as layouts from "../../texts/layouts";
import { useArea } from "../../texts/area";
import { useTexts } from "../../texts";
import { Dialog } from "../../ui/dialog";
import { Empty, Failed, Skeleton } from "../../ui/states";
import styles from "./layouts.module.css";

interface Chosen {
  id: string;
  text: string;
}

interface Props {
  object: ObjectInfo;
  done: (record: Chosen) => void;
  close: () => void;
}

export function RecordChooser({ object, done, close }: Props) {
  const t = useTexts();
  const a = useArea(layouts);
  const [typed, type] = useState("");
  const [wanted, want] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => want(typed.trim()), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useQuery({
    queryKey: [object.name, "preview", "found", wanted],
    queryFn: async (): Promise<Chosen[]> => {
      if (wanted !== "") {
        const groups = await searchEverywhere(wanted, [object.name]);
        return groups.flatMap(({ hits }) => hits.map(({ id, text }) => ({ id, text: text ?? id })));
      }
      type Listed = { list: { nodes: { id: string; _title: string | null }[] } | null };
      const { data } = await ask<Listed>("/graphql", titlesDocument(object));
      return (data.list?.nodes ?? []).slice(0, 20).map(({ id, _title }) => ({ id, text: _title ?? id }));
    },
    placeholderData: (before) => before,
  });
  return (
    <Dialog title={a.another} onClose={close}>
      {object.searched && (
        <input
          type="search"
          autoFocus
          aria-label={a.findRecord}
          placeholder={a.findRecord}
          value={typed}
          onChange={(event) => type(event.target.value)}
        />
      )}
      {found.isError && <Failed error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Skeleton rows={4} />}
      {found.data?.length === 0 && <Empty text={t.nothingHere} />}
      <div className={styles.hits}>
        {found.data?.map((record) => (
          <button key={record.id} className={styles.offer} onClick={() => done(record)}>
            {record.text}
          </button>
        ))}
      </div>
    </Dialog>
  );
}
