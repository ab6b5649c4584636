/** One record in a calendar: a link to it that is dragged or moved by keys. */

import type { KeyboardEvent, ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import { useArea } from "../../../texts/area";
import * as texts from "../../../texts/calendar";
import { composing } from "../../../ui/keys";
import styles from "../calendar.module.css";
import type { CalendarEvent } from "./events";

/** What of an event was taken hold of, and where on it. */
export interface Held {
  event: CalendarEvent;
  day: string;
  /** The minute of its day at which it begins, and how far below that it is held. */
  minute: number;
  below: number;
}

export interface Moving {
  plural: string;
  movable: (event: CalendarEvent) => boolean;
  held: Held | null;
  hold: (held: Held | null) => void;
  /** Moves an event by days and minutes. */
  move: (event: CalendarEvent, by: { days: number; minutes: number }) => void;
}

interface Props extends Moving {
  event: CalendarEvent;
  day: string;
  minute: number;
  /** What the keys up and down come to: a week in a month, a quarter of an hour in hours. */
  step: { days: number; minutes: number };
  /** How tall a minute is drawn; nothing in what has no hours. */
  scale?: number;
  /** When it is, for people. */
  when: string;
  className?: string;
  children: ReactNode;
}

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

export function EventLink(props: Props) {
  const { event, day, minute, step, scale, when, plural, movable, held, hold, move, className, children } = props;
  const a = useArea(texts);
  const { row } = event;
  const free = movable(event);
  const pressed = (key: KeyboardEvent) => {
    if (!free || composing(key) || !key.shiftKey || !ARROWS.includes(key.key)) return;
    key.preventDefault();
    const sign = key.key === "ArrowLeft" || key.key === "ArrowUp" ? -1 : 1;
    const across = key.key === "ArrowLeft" || key.key === "ArrowRight";
    move(event, across ? { days: sign, minutes: 0 } : { days: sign * step.days, minutes: sign * step.minutes });
  };
  const title = row._title ?? "–";
  return (
    <Link
      to="/o/$plural/$id"
      params={{ plural, id: row.id }}
      data-event={row.id}
      className={`${styles.event} ${className ?? ""} ${held?.event.row.id === row.id ? styles.held : ""}`}
      aria-label={a.eventAt(when, title)}
      title={free ? `${title}\n${a.moveHint}` : title}
      aria-keyshortcuts={free ? "Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown" : undefined}
      draggable={free}
      onDragStart={(drag) => {
        const top = drag.currentTarget.getBoundingClientRect().top;
        hold({ event, day, minute, below: scale === undefined ? 0 : (drag.clientY - top) / scale });
      }}
      onDragEnd={() => hold(null)}
      onKeyDown={pressed}
    >
      {children}
    </Link>
  );
}
