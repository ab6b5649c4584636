/** Asks for the comment of a decision, and to whom a task goes that is delegated; tells what it was refused with. */

import { type KeyboardEvent, useState } from "react";
import { EmployeePicker, type Person } from "../../admin/people/employee-picker";
import * as texts from "../../texts/approvals";
import { useArea } from "../../texts/area";
import { FormDialog } from "../../ui/form-dialog";
import { composing } from "../../ui/keys";
import ui from "../../ui/ui.module.css";
import type { Asking } from "./use-deeds";

interface Props extends Asking {
  close: () => void;
}

/** The longest comment that the server takes. */
const COMMENT = 1_000;

export function DeedDialog({ deed, subject, except, send, close }: Props) {
  const a = useArea(texts);
  const [to, choose] = useState<Person | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const needed = deed === "REJECT" || deed === "RETURN";

  const submit = async (data: FormData) => {
    const comment = String(data.get("comment")).trim();
    if (needed && comment === "") return setProblem(a.commentNeeded);
    if (deed === "DELEGATE" && to === null) return setProblem(a.chooseSomebody);
    setBusy(true);
    setProblem(null);
    const refused = await send(comment === "" ? null : comment, to?.id ?? null);
    setBusy(false);
    if (refused === null) close();
    else setProblem(refused);
  };
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || composing(event)) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };

  return (
    <FormDialog
      title={a.did(subject, a.deeds[deed])}
      ok={a.deeds[deed]}
      problem={problem}
      busy={busy}
      onClose={close}
      onSubmit={(data) => void submit(data)}
    >
      {deed === "DELEGATE" && <EmployeePicker label={a.delegateTo} chosen={to} choose={choose} except={except} />}
      <label>
        {a.comment}
        {needed ? (
          <textarea name="comment" autoFocus required maxLength={COMMENT} onKeyDown={pressed} />
        ) : (
          <input name="comment" autoFocus={deed !== "DELEGATE"} maxLength={COMMENT} autoComplete="off" />
        )}
      </label>
      {needed && <p className={ui.hint}>{a.commentKey}</p>}
    </FormDialog>
  );
}
