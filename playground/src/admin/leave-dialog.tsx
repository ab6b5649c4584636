/** Asks before what is designed and not saved is left. */

import { useBlocker } from "@tanstack/react-router";
import { useTexts } from "../texts";
import { Button } from "../ui/button";
import { Actions, Dialog } from "../ui/dialog";

export function LeaveDialog({ dirty, title }: { dirty: boolean; title: string }) {
  const t = useTexts();
  const blocker = useBlocker({ shouldBlockFn: () => dirty, enableBeforeUnload: () => dirty, withResolver: true });
  if (blocker.status !== "blocked") return null;
  return (
    <Dialog title={title} role="alertdialog" onClose={blocker.reset}>
      <Actions>
        <Button onPress={blocker.reset}>{t.keepEditing}</Button>
        <Button kind="danger" onPress={blocker.proceed}>
          {t.discard}
        </Button>
      </Actions>
    </Dialog>
  );
}
