/** A condition on a field of the record or of a related one: first what it is on, then what it says. */

import { useState } from "react";
import type { ObjectSummary } from "../../api/metadata";
import type { Condition } from "../../question/question";
import type { Related } from "../../question/related";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { Dialog } from "../../ui/dialog";
import { ConditionForm } from "./condition-dialog";
import { FieldPicker } from "./field-picker";

interface Props {
  object: ObjectSummary;
  titles: ReadonlyMap<string, string>;
  close: () => void;
  apply: (condition: Condition) => void;
}

export default function FieldDialog({ object, titles, close, apply }: Props) {
  const a = useArea(lists);
  const [picked, pick] = useState<Related | null>(null);
  return (
    <Dialog title={picked?.field.label ?? a.conditionOn} onClose={close}>
      {picked === null ? (
        <FieldPicker object={object.name} take={pick} />
      ) : (
        <ConditionForm
          of={picked}
          field={picked.field}
          condition={null}
          titles={titles}
          close={() => pick(null)}
          apply={(condition) => {
            if (condition !== null) apply(condition);
            close();
          }}
        />
      )}
    </Dialog>
  );
}
