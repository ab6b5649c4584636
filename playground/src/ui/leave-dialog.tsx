/** Asks before what is changed and not saved is left. */

import { type ShouldBlockFn, useBlocker } from "@tanstack/react-router";
import { useTexts } from "../texts";
import { Confirm } from "./confirm";

interface Props {
  dirty: boolean;
  title: string;
  /** Which ways keep what is changed; none unless told. */
  keeps?: (...way: Parameters<ShouldBlockFn>) => boolean;
}

export function LeaveDialog({ dirty, title, keeps }: Props) {
  const t = useTexts();
  const blocker = useBlocker({
    shouldBlockFn: (way) => dirty && keeps?.(way) !== true,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return <Confirm title={title} stay={t.keepEditing} go={t.discard} onStay={blocker.reset} onGo={blocker.proceed} />;
}
