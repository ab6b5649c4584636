/** Names the records that an action has made, and leads to them. */

import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "@tanstack/react-router";
import type { NamedAction } from "../../api/actions";
import { useShell } from "../../api/cache";
import * as texts from "../../texts/actions";
import { useArea } from "../../texts/area";
import { buttonLook } from "../../ui/button-look";
import { Notice } from "../../ui/notices";
import ui from "../../ui/ui.module.css";
import type { Made } from "./act";
import styles from "./actions.module.css";

interface Props {
  action: NamedAction;
  records: readonly Made[];
  /** What takes the notice away. */
  children: ReactNode;
}

export function MadeNotice({ action, records, children }: Props) {
  const a = useArea(texts);
  const names = useRef<HTMLDivElement>(null);
  // Whoever uses keys goes on at what was made.
  useEffect(() => names.current?.querySelector("a")?.focus(), []);
  const objects = useShell().data?.objects ?? [];
  const told = records.map((made) => ({ ...made, known: objects.find(({ name }) => name === made.object) }));
  const [only] = told.length === 1 ? told : [];
  return (
    <Notice tone="good" role="status">
      <div className={`${ui.noticeText} ${styles.made}`} ref={names}>
        <strong>{a.made(action.label)}</strong>
        {told.map(({ id, title, known, object }) => (
          <span key={id}>
            {known?.label ?? object}{" "}
            {known?.plural == null ? (
              (title ?? id)
            ) : (
              <Link to="/o/$plural/$id" params={{ plural: known.plural, id }} data-made="">
                {title ?? id}
              </Link>
            )}
          </span>
        ))}
      </div>
      {only?.known?.plural != null && (
        <Link to="/o/$plural/$id" params={{ plural: only.known.plural, id: only.id }} className={buttonLook("main")}>
          {a.openMade(only.known.label)}
        </Link>
      )}
      {children}
    </Notice>
  );
}
