/** Asks before something is given up or taken away. */

import { useTexts } from "../texts";
import { Button } from "./button";
import { Actions, Dialog } from "./dialog";

interface Props {
  /** The question. */
  title: string;
  /** What staying is called; "Cancel" unless told. */
  stay?: string;
  /** What is done. */
  go: string;
  onStay: () => void;
  onGo: () => void;
}

export function Confirm({ title, stay, go, onStay, onGo }: Props) {
  const t = useTexts();
  return (
    <Dialog title={title} role="alertdialog" onClose={onStay}>
      <Actions>
        <Button onPress={onStay}>{stay ?? t.cancel}</Button>
        <Button kind="danger" onPress={onGo}>
          {go}
        </Button>
      </Actions>
    </Dialog>
  );
}
