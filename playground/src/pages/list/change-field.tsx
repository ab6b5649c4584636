/** One field of several records: tried first, all of them or none. */

import { type FormEvent, useState } from "react";
import { recordsChanged } from "../../api/cache";
import type { ObjectSummary } from "../../api/metadata";
import { nested } from "../../api/paths";
import { ask } from "../../api/transport";
import { updateManyDocument } from "../../fields/documents";
import { Edit } from "../../fields/edit";
import { KINDS } from "../../fields/kinds";
import { movedOnly } from "../../form/start-states";
import { inputOf } from "../../form/values";
import { useTexts } from "../../texts";
import { Button } from "../../ui/button";
import { Actions, Dialog } from "../../ui/dialog";
import { Notice } from "../../ui/notices";
import { Failed } from "../../ui/states";
import { tell } from "../../ui/toasts";
import styles from "./list.module.css";
import { type Many, type Meant, reasons } from "./many";
import type { ListPage } from "./use-list";

interface Props {
  object: ObjectSummary;
  list: ListPage;
  meant: Meant;
  count: number;
  close: () => void;
  done: () => void;
}

export function ChangeField({ object, list, meant, count, close, done }: Props) {
  const t = useTexts();
  const offered = [...list.fields.values()].filter(
    (field) =>
      field.writable &&
      field.access === "READ_WRITE" &&
      KINDS[field.type].entry !== "none" &&
      field.type !== "MANY_TO_MANY" &&
      !movedOnly(object, field),
  );
  const [name, choose] = useState(offered[0]?.name ?? "");
  const [value, write] = useState<unknown>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [refused, setRefused] = useState<string[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const field = list.fields.get(name);
  if (field === undefined) return null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fault !== null) return;
    setBusy(true);
    setError(null);
    try {
      const { data } = await ask<Many>("/graphql", updateManyDocument(object), {
        ...meant,
        patch: nested({ [name]: inputOf(field, value, undefined) }),
        idempotencyKey: crypto.randomUUID(),
      });
      const errors = reasons(data.done?.userErrors ?? []);
      setRefused(errors);
      if (errors.length > 0) return;
      tell(t.changedMany(data.done?.count ?? 0));
      done();
      await recordsChanged();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.changeManyTitle(count)} onClose={close}>
      {error !== null && <Failed error={error} />}
      {refused.slice(0, 5).map((text) => (
        <Notice key={text} tone="bad" role="alert">
          {text}
        </Notice>
      ))}
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <select
          aria-label={t.fields}
          value={name}
          onChange={(event) => {
            choose(event.target.value);
            write(null);
            setFault(null);
            setRefused([]);
          }}
        >
          {offered.map((one) => (
            <option key={one.name} value={one.name}>
              {one.label}
            </option>
          ))}
        </select>
        <Edit
          key={name}
          id="change-many"
          label={field.label}
          field={field}
          value={value}
          around={{ object: object.name, id: null, draft: () => ({}) }}
          invalid={fault !== null}
          onChange={(next, told) => {
            setFault(told);
            if (told === null) write(next);
          }}
        />
        {fault !== null && (
          <Notice tone="bad" role="alert">
            {fault}
          </Notice>
        )}
        <Actions>
          <Button onPress={close}>{t.cancel}</Button>
          <Button type="submit" kind="main" isDisabled={busy}>
            {t.changeManyTitle(count)}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
