/** Places a list under the field that opened it, over everything that would cut it off; above it where there is no room. */

import { type RefObject, useLayoutEffect, useState } from "react";

export interface Place {
  left: number;
  width: number;
  top?: number;
  bottom?: number;
  maxHeight: number;
}

const GAP = 2;
const LARGEST = 300;

export function useBelow(anchor: RefObject<HTMLElement | null>, open: boolean): Place | null {
  const [place, set] = useState<Place | null>(null);
  useLayoutEffect(() => {
    if (!open) return set(null);
    const measure = () => {
      const box = anchor.current?.getBoundingClientRect();
      if (box === undefined) return;
      const below = innerHeight - box.bottom - 8;
      const above = box.top - 8;
      const up = below < 180 && above > below;
      const width = Math.min(Math.max(box.width, 220), innerWidth - 16);
      set({
        left: Math.max(8, Math.min(box.left, innerWidth - width - 8)),
        width,
        maxHeight: Math.min(LARGEST, up ? above : below),
        ...(up ? { bottom: innerHeight - box.top + GAP } : { top: box.bottom + GAP }),
      });
    };
    measure();
    addEventListener("scroll", measure, true);
    addEventListener("resize", measure);
    return () => {
      removeEventListener("scroll", measure, true);
      removeEventListener("resize", measure);
    };
  }, [anchor, open]);
  return place;
}
