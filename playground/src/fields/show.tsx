/** The value of a field as people read it. */

import { LockKeyhole } from "lucide-react";
import { useHeldShell } from "../api/cache";
import type { FieldInfo } from "../api/metadata";
import { useLang, useTexts } from "../texts";
import ui from "../ui/ui.module.css";
import { showDate, showInstant } from "../values/dates";
import { showDecimal } from "../values/decimal";
import { showMinutes } from "../values/duration";
import { CleanHtml } from "./clean-html";
import styles from "./fields.module.css";
import type { Reference } from "./kinds";
import { plainOf } from "./plain";
import { RecordLink } from "./record-link";

interface Props {
  field: FieldInfo;
  value: unknown;
  /** Within a narrow cell: no links out, one line. */
  cell?: boolean;
  /** Within a grid, which has one tab stop: links are for the pointer, the grid follows them by keys. */
  grid?: boolean;
}

/** A record that is referred to; one that the reader may not open has its title alone. */
function Related({ reference, object, grid }: { reference: Reference; object: string | null; grid?: boolean }) {
  const shell = useHeldShell();
  const t = useTexts();
  const plural = shell?.objects.find(({ name }) => name === (object ?? reference.__typename))?.plural;
  const title = reference._title ?? t.hidden;
  // One that is saved with the record that refers to it has no page yet.
  if (plural == null || reference.create !== undefined) return <>{title}</>;
  return (
    <RecordLink plural={plural} id={reference.id} tabIndex={grid ? -1 : undefined}>
      {title}
    </RecordLink>
  );
}

function Chip({ field, name }: { field: FieldInfo; name: string }) {
  const option = field.options?.find((known) => known.name === name);
  return (
    <span className={ui.chip}>
      {option?.color && (
        <svg width="8" height="8" aria-hidden="true">
          <circle cx="4" cy="4" r="4" fill={option.color} />
        </svg>
      )}
      {option?.label ?? name}
    </span>
  );
}

function Stars({ value, max }: { value: number; max: number }) {
  return (
    <span className={styles.stars} role="img" aria-label={`${value} / ${max}`}>
      {"★".repeat(value)}
      {"☆".repeat(Math.max(0, max - value))}
    </span>
  );
}

export function Show({ field, value, cell, grid }: Props) {
  const stop = grid ? -1 : undefined;
  const t = useTexts();
  const lang = useLang();
  const zone = useHeldShell()?.viewer.timeZone ?? "UTC";
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) {
    return <span className={styles.muted}>{cell ? "" : "–"}</span>;
  }
  if (field.access === "MASKED") {
    return (
      <span className={styles.masked} title={t.masked}>
        <LockKeyhole size={13} aria-label={t.masked} />
        {typeof value === "object" ? ((value as Reference)._title ?? "") : String(value)}
      </span>
    );
  }
  switch (field.type) {
    case "RELATION":
      return <Related reference={value as Reference} object={field.target} grid={grid} />;
    case "UNION":
      return <Related reference={value as Reference} object={null} grid={grid} />;
    case "MANY_TO_MANY":
      return (
        <span className={styles.chips}>
          {(value as Reference[]).map((reference) => (
            <span key={reference.id} className={ui.chip}>
              <Related reference={reference} object={field.target} grid={grid} />
            </span>
          ))}
        </span>
      );
    case "PICKLIST":
      return <Chip field={field} name={String(value)} />;
    case "MULTI_PICKLIST":
      return (
        <span className={styles.chips}>
          {(value as string[]).map((name) => (
            <Chip key={name} field={field} name={name} />
          ))}
        </span>
      );
    case "DECIMAL":
    case "MONEY":
    case "AMOUNT":
      return <>{showDecimal(String(value), field.scale ?? undefined)}</>;
    case "PERCENT":
      return <>{showDecimal(String(value))} %</>;
    case "INTEGER":
      return <>{showDecimal(String(value))}</>;
    case "DURATION":
      return <>{showMinutes(Number(value), lang)}</>;
    case "RATING":
      return <Stars value={Number(value)} max={field.max ?? 5} />;
    case "BOOLEAN":
      return <>{value === true ? t.yes : t.no}</>;
    case "DATE":
      return <time dateTime={String(value)}>{showDate(String(value), lang)}</time>;
    case "DATE_TIME":
      return <time dateTime={String(value)}>{showInstant(String(value), zone, lang)}</time>;
    case "EMAIL":
      return (
        <a href={`mailto:${String(value)}`} tabIndex={stop}>
          {String(value)}
        </a>
      );
    case "PHONE":
      return (
        <a href={`tel:${String(value).replace(/[^\d+*#]/g, "")}`} tabIndex={stop}>
          {String(value)}
        </a>
      );
    case "URL":
      return /^https?:\/\//i.test(String(value)) ? (
        <a href={String(value)} target="_blank" rel="noreferrer noopener" tabIndex={stop}>
          {String(value)}
        </a>
      ) : (
        <>{String(value)}</>
      );
    case "RICH_TEXT":
      return cell ? <>{plainOf(String(value))}</> : <CleanHtml html={String(value)} />;
    case "LONG_TEXT":
      return cell ? <>{String(value)}</> : <span className={styles.long}>{String(value)}</span>;
    case "JSON":
      return <>{JSON.stringify(value)}</>;
    default:
      return <>{String(value)}</>;
  }
}
