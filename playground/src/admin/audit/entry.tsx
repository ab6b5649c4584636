/** One entry of the audit trail: when, who, what was done, with old and new values. */

import { Link } from "@tanstack/react-router";
import { useShell } from "../../api/cache";
import { useLang, useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as audit from "../../texts/audit";
import { Button } from "../../ui/button";
import { showInstant } from "../../values/dates";
import { clientOf } from "../../values/client";
import styles from "../admin.module.css";
import { useLabels } from "../roles/labels";
import { type Part, partsOf } from "./details";
import type { AuditEntry } from "./documents";
import { withTitles } from "./titles";

interface Props {
  entry: AuditEntry;
  titles: ReadonlyMap<string, string>;
  /** Shows only what concerns the record. */
  only: (object: string, record: string) => void;
}

export function Entry({ entry, titles, only }: Props) {
  const a = useArea(audit);
  const lang = useLang();
  const labels = useLabels();
  const shell = useShell().data;
  const plural = shell?.objects.find(({ name }) => name === entry.object)?.plural;
  const { byKey, query, ...detail } = entry.detail;
  const parts = partsOf(detail as Parameters<typeof partsOf>[0]);
  const title = entry.record === null ? null : (titles.get(entry.record) ?? null);
  return (
    <tr>
      <td className={styles.when}>
        <time dateTime={entry.at}>
          {showInstant(entry.at, shell?.viewer.timeZone ?? "UTC", lang, { seconds: true })}
        </time>
      </td>
      <td>
        {entry.account ?? a.system}
        {byKey !== undefined && <span className={styles.muted}> {a.byKey}</span>}
      </td>
      <td>{entry.kind === null ? "–" : (a.kinds[entry.kind] ?? entry.kind)}</td>
      <td>
        {entry.object !== null && (
          <div>
            {labels.object(entry.object)}
            {entry.record !== null && (
              <>
                {": "}
                {plural != null ? <Link to={`/o/${plural}/${entry.record}`}>{title ?? entry.record}</Link> : title}{" "}
                <Button kind="quiet" onPress={() => only(entry.object!, entry.record!)}>
                  {a.onlyRecord(title ?? a.record)}
                </Button>
              </>
            )}
          </div>
        )}
        <Parts parts={parts} titles={titles} />
        {typeof query === "string" && (
          <details>
            <summary>{a.query}</summary>
            <pre className={styles.diff}>{query}</pre>
          </details>
        )}
      </td>
    </tr>
  );
}

function Parts({ parts, titles }: { parts: Part[]; titles: ReadonlyMap<string, string> }) {
  const a = useArea(audit);
  const labelOf = (key: string) => a.keys[key] ?? key;
  const t = useTexts();
  const shown = (key: string, text: string) => {
    if (text === "true" || text === "false") return text === "true" ? t.yes : t.no;
    return key === "userAgent" ? clientOf(text) : withTitles(text, titles);
  };
  const values = parts.filter((part) => part.kind === "value");
  return (
    <>
      {values.length > 0 && (
        <div>
          {values.map(({ key, text }, place) => (
            <span key={key}>
              {place > 0 && " · "}
              <span className={styles.key}>{labelOf(key)}</span> {shown(key, text)}
            </span>
          ))}
        </div>
      )}
      {parts.map((part) => {
        if (part.kind === "change")
          return (
            <div key={part.key}>
              <span className={styles.key}>{labelOf(part.key)}</span>{" "}
              {a.oldNew(shown(part.key, part.from), shown(part.key, part.to))}
            </div>
          );
        if (part.kind === "lines")
          return (
            <details key={part.key}>
              <summary>{a.changedText(part.key, part.lines.length)}</summary>
              <pre className={styles.diff}>
                {part.lines.map(({ sign, text }, place) => (
                  <span key={place} className={sign === "+" ? styles.added : styles.removed}>
                    {sign} {withTitles(text, titles)}
                    {"\n"}
                  </span>
                ))}
              </pre>
            </details>
          );
        return null;
      })}
    </>
  );
}
