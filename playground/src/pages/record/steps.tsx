/** The way to the record before and after, by buttons, by `[` and `]`, by swipes. */

import { type TouchEvent, useRef } from "react";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/peek";
import { Button } from "../../ui/button";
import { tell } from "../../ui/toasts";
import { neighbour, neighboursOf } from "./neighbours";

interface Props {
  plural: string;
  id: string;
  go: (id: string) => void;
}

/** Goes to a neighbour; says so where there is none. */
export function useStep({ plural, id, go }: Props) {
  const a = useArea(texts);
  return (by: -1 | 1) => {
    if (neighboursOf(plural, id) === null) return;
    void neighbour(plural, id, by).then((next) => (next === null ? tell(a.noMore) : go(next)));
  };
}

const FAR = 80;

/** A swipe to the side goes to the neighbour there, unless what it begins on is scrolled or typed in. */
export function useSwipe(step: (by: -1 | 1) => void) {
  const start = useRef<{ x: number; y: number } | null>(null);
  return {
    onTouchStart: ({ touches, target, currentTarget }: TouchEvent) => {
      const touch = touches[0];
      const inner = (target as Element).closest("table, [role=tablist], input, textarea, select");
      // A dialog is over the page, not of it.
      const own = inner === null && currentTarget.contains(target as Node);
      start.current =
        touch !== undefined && touches.length === 1 && own ? { x: touch.clientX, y: touch.clientY } : null;
    },
    onTouchEnd: ({ changedTouches }: TouchEvent) => {
      const [from, to] = [start.current, changedTouches[0]];
      start.current = null;
      if (from === null || to === undefined || getSelection()?.isCollapsed === false) return;
      const [across, down] = [to.clientX - from.x, to.clientY - from.y];
      if (Math.abs(across) > FAR && Math.abs(down) < Math.abs(across) / 2) step(across < 0 ? 1 : -1);
    },
  };
}

/** Nothing where it is not known among which others the record was opened. */
export function Steps(props: Props) {
  const a = useArea(texts);
  const step = useStep(props);
  const place = neighboursOf(props.plural, props.id);
  if (place === null || (place.previous === null && place.next === null && !place.more)) return null;
  return (
    <>
      <Button
        icon
        aria-label={a.previousRecord}
        aria-keyshortcuts="["
        isDisabled={place.previous === null}
        onPress={() => step(-1)}
      >
        <ChevronLeft size={16} aria-hidden="true" />
      </Button>
      <Button
        icon
        aria-label={a.nextRecord}
        aria-keyshortcuts="]"
        isDisabled={place.next === null && !place.more}
        onPress={() => step(1)}
      >
        <ChevronRight size={16} aria-hidden="true" />
      </Button>
    </>
  );
}
