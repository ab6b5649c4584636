/** Shows records at the side for every page: by the space bar on a link to one, or by what asks for it. */

import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useRouterState } from "@tanstack/react-router";
import { recall, remember, remembered } from "../pages/record/neighbours";
import { recordIn } from "../pages/record/places";
import { composing } from "../ui/keys";
import { answerPeeks } from "../ui/peek";

const Peek = lazy(() => import("../pages/record/peek"));

const linkOf = (event: Event) => {
  const link = (event.target as Element | null)?.closest?.("a[href]") ?? null;
  const record = recordIn(link?.getAttribute("href") ?? null);
  return link === null || record === null ? null : { link, ...record };
};

export function PeekHost() {
  const [shown, show] = useState<{ plural: string; id: string } | null>(null);
  /** The neighbours of the page below, which it has again when the look is over. */
  const below = useRef<ReturnType<typeof remembered>>(null);
  const open = useRef(false);
  open.current = shown !== null;
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => show(null), [path]);
  useEffect(() => {
    const answer = ({ plural, id, from }: { plural: string; id: string; from: Element }) => {
      if (!open.current) below.current = remembered();
      remember(plural, id, from);
      show({ plural, id });
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== " " || event.defaultPrevented || composing(event)) return;
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const found = linkOf(event);
      if (found === null) return;
      event.preventDefault();
      answer({ ...found, from: found.link });
    };
    // Whoever opens a record goes on to its neighbours from there.
    const clicked = (event: MouseEvent) => {
      const found = linkOf(event);
      if (found !== null) remember(found.plural, found.id, found.link);
    };
    document.addEventListener("keydown", pressed);
    document.addEventListener("click", clicked, true);
    const rest = answerPeeks(answer);
    return () => {
      rest();
      document.removeEventListener("keydown", pressed);
      document.removeEventListener("click", clicked, true);
    };
  }, []);
  if (shown === null) return null;
  return (
    <Suspense fallback={null}>
      <Peek
        {...shown}
        go={(id) => show({ plural: shown.plural, id })}
        close={() => {
          recall(below.current);
          show(null);
        }}
      />
    </Suspense>
  );
}
