/** A field that the object lacks: put into the draft from where it is to stand. */

import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import * as objects from "../../texts/objects";
import { useArea } from "../../texts/area";
import { Button } from "../../ui/button";
import { Notice } from "../../ui/notices";
import { AddField } from "../add-field";
import { useSchemaDraft } from "../use-draft";

export function NewField({ object }: { object: string }) {
  const a = useArea(objects);
  const [adding, add] = useState(false);
  const [waits, wait] = useState(false);
  return (
    <>
      <Button onPress={() => add(true)}>
        <Plus size={14} aria-hidden="true" /> {a.newField}…
      </Button>
      {waits && (
        <Notice tone="good" role="status">
          <span>{a.fieldWaits}</span>
          <Link to="/admin/objects/$name" params={{ name: object }}>
            {a.toDraft}
          </Link>
        </Notice>
      )}
      {adding && <Adding object={object} done={() => wait(true)} close={() => add(false)} />}
    </>
  );
}

/** The draft is read once somebody adds to it. */
function Adding({ object, done, close }: { object: string; done: () => void; close: () => void }) {
  const editor = useSchemaDraft();
  const edit: typeof editor.edit = async (steps) => {
    await editor.edit(steps);
    done();
  };
  return <AddField editor={{ ...editor, edit }} object={object} close={close} />;
}
