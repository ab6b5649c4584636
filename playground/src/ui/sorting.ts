/**
 * Dragging things among lists, by the browser's own means. Whoever uses it gives every drag a menu and keys as well:
 * neither a keyboard nor a finger drags.
 */

import { type DragEvent, useRef, useState } from "react";

/** What is dragged: its kind, which lists take, and what it is there. */
export interface Dragged {
  kind: string;
  id: string | number;
}

/** The place before which it would be put. */
export interface Place {
  list: string | number;
  index: number;
}

interface Options {
  drop: (what: Dragged, at: Place) => void;
  /** Whether members stand beside one another rather than below. */
  across?: (list: Place["list"]) => boolean;
}

export function useSorting({ drop, across }: Options) {
  const held = useRef<Dragged | null>(null);
  const [dragged, show] = useState<Dragged | null>(null);
  const [over, setOver] = useState<Place | null>(null);
  const stop = () => {
    held.current = null;
    show(null);
    setOver(null);
  };
  const taken = (event: DragEvent, kind: string, at: Place) => {
    if (held.current?.kind !== kind) return false;
    event.preventDefault();
    event.stopPropagation();
    if (over?.list !== at.list || over.index !== at.index) setOver(at);
    return true;
  };
  const dropped = (event: DragEvent, kind: string, at: Place | null) => {
    const what = held.current;
    if (what?.kind !== kind) return;
    event.preventDefault();
    event.stopPropagation();
    if (at !== null) drop(what, at);
    stop();
  };
  return {
    dragged,
    /** For what is dragged. */
    source: (kind: string, id: Dragged["id"]) => ({
      draggable: true,
      "data-dragged": dragged?.kind === kind && dragged.id === id ? true : undefined,
      onDragStart: (event: DragEvent) => {
        event.stopPropagation();
        // Firefox drags only what carries something.
        event.dataTransfer.setData("text/plain", String(id));
        event.dataTransfer.effectAllowed = "move";
        held.current = { kind, id };
        // A change of the element within its own dragstart would end the drag.
        setTimeout(() => show(held.current));
      },
      onDragEnd: stop,
    }),
    /** For a member of a list: what is dropped on it stands before or behind it. */
    member: (kind: string, list: Place["list"], index: number) => ({
      "data-before": (over?.list === list && over.index === index) || undefined,
      "data-behind": (over?.list === list && over.index === index + 1) || undefined,
      onDragOver: (event: DragEvent) => {
        const box = event.currentTarget.getBoundingClientRect();
        const half = across?.(list)
          ? event.clientX > box.left + box.width / 2
          : event.clientY > box.top + box.height / 2;
        taken(event, kind, { list, index: half ? index + 1 : index });
      },
      onDrop: (event: DragEvent) => dropped(event, kind, over),
    }),
    /** For a list as a whole: its end. */
    list: (kind: string, list: Place["list"], count: number) => ({
      "data-over": (over?.list === list && dragged?.kind === kind) || undefined,
      onDragOver: (event: DragEvent) => {
        taken(event, kind, { list, index: count });
      },
      onDrop: (event: DragEvent) => dropped(event, kind, { list, index: count }),
    }),
  };
}

export type Sorting = ReturnType<typeof useSorting>;
