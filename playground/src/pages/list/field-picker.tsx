/** Chooses what a condition is on: a field, or one of a related record, as far as relations lead. */

import { useState } from "react";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useObjectPage } from "../../api/cache";
import type { FieldInfo } from "../../api/metadata";
import { conditionsOf } from "../../fields/kinds";
import type { Related } from "../../question/related";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as lists from "../../texts/lists";
import { Button } from "../../ui/button";
import { Failed, Skeleton } from "../../ui/states";
import { matches } from "../../values/text";
import styles from "./filter.module.css";

interface Step {
  object: string;
  /** What stands before the names and labels of its fields. */
  path: string;
  label: string;
}

/** The deepest a condition goes. */
const DEEPEST = 3;

export function FieldPicker({ object, take }: { object: string; take: (field: Related) => void }) {
  const t = useTexts();
  const a = useArea(lists);
  const [steps, go] = useState<Step[]>([{ object, path: "", label: "" }]);
  const [search, find] = useState("");
  const at = steps.at(-1)!;
  const page = useObjectPage(at.object);
  const fields = page.data?.object?.fields ?? [];
  const leads = (field: FieldInfo) =>
    field.type === "RELATION" && field.target !== null && field.access !== "MASKED" && steps.length <= DEEPEST;
  const offered = fields
    .filter((field) => conditionsOf(field).length > 0 || leads(field))
    .filter(({ label, name }) => matches([label, name], search))
    // What people fill in before what the server notes.
    .sort((one, other) => Number(other.writable) - Number(one.writable));
  const move = (next: Step[]) => {
    find("");
    go(next);
  };

  return (
    <div className={styles.picker}>
      {steps.length > 1 && (
        <div className={styles.trail}>
          <Button kind="quiet" onPress={() => move(steps.slice(0, -1))}>
            <ChevronLeft size={15} aria-hidden="true" />
            {a.back}
          </Button>
          <strong>{at.label}</strong>
        </div>
      )}
      <input
        type="search"
        key={at.path}
        autoFocus
        aria-label={a.findField}
        placeholder={a.findField}
        value={search}
        onChange={(event) => find(event.target.value)}
      />
      {page.isError && <Failed error={page.error} retry={() => void page.refetch()} />}
      {page.isPending ? (
        <Skeleton />
      ) : (
        <ul className={styles.fields}>
          {offered.map((field) => {
            const path = `${at.path}${field.name}`;
            const label = at.label === "" ? field.label : `${at.label} › ${field.label}`;
            return (
              <li key={field.name}>
                {conditionsOf(field).length > 0 ? (
                  <button
                    type="button"
                    onClick={() =>
                      take({ field: { ...field, name: path, label }, object: at.object, name: field.name })
                    }
                  >
                    {field.label}
                  </button>
                ) : (
                  <span>{field.label}</span>
                )}
                {leads(field) && (
                  <Button
                    kind="quiet"
                    icon
                    aria-label={a.fieldsOf(field.label)}
                    onPress={() => move([...steps, { object: field.target!, path: `${path}.`, label }])}
                  >
                    <ChevronRight size={16} aria-hidden="true" />
                  </Button>
                )}
              </li>
            );
          })}
          {offered.length === 0 && <li>{t.noMatches}</li>}
        </ul>
      )}
    </div>
  );
}
