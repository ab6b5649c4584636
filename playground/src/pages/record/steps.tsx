/** The way to the record before and after, by buttons and by `[` and `]`. */

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTexts } from "../../texts";
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
  const t = useTexts();
  return (by: -1 | 1) => {
    if (neighboursOf(plural, id) === null) return;
    void neighbour(plural, id, by).then((next) => (next === null ? tell(t.nothingHere) : go(next)));
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
