/** Behaviour: which texts there are, what each holds, and the way to a new one. */

import { useEffect, useState } from "react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useShell } from "../api/cache";
import * as behaviour from "../texts/behaviour";
import { useArea } from "../texts/area";
import { useTexts } from "../texts";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/form-dialog";
import { NotThere } from "../ui/notices";
import { Failed, Skeleton } from "../ui/states";
import admin from "./admin.module.css";
import { BEGINNINGS, isTextName } from "./behaviour/beginning";
import { useStoredTexts } from "./behaviour/documents";
import { Holds } from "./behaviour/holds";
import { fileOf, type StoredText } from "./behaviour/read";

export function BehaviourPage() {
  const may = useShell().data?.viewer.may ?? [];
  return may.includes("DEFINE") ? <Texts /> : <NotThere />;
}

function Texts() {
  const t = useTexts();
  const a = useArea(behaviour);
  const told = useStoredTexts();
  const [adding, add] = useState(false);
  useEffect(() => {
    document.title = `${a.title} · Tradewind`;
  }, [a]);
  if (told.isError && told.data === undefined) return <Failed error={told.error} retry={() => void told.refetch()} />;
  if (told.data === undefined) return <Skeleton />;
  const texts = told.data.toSorted((one, other) => Number(other.custom) - Number(one.custom));
  return (
    <div className={admin.page}>
      <div className={admin.head}>
        <h1>{a.title}</h1>
        <Button kind="main" onPress={() => add(true)}>
          {a.newText}…
        </Button>
      </div>
      <p className={admin.muted}>{a.intro}</p>
      <div className={admin.table} role="region" aria-label={a.title} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {[a.text, a.flows, a.approvals, a.rules, a.others, t.origin].map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {texts.map((text) => (
              <tr key={`${text.custom} ${text.path}`}>
                <td>
                  <Link to="/admin/behaviour/$name" params={{ name: fileOf(text) }}>
                    {fileOf(text)}
                  </Link>
                </td>
                <Holds text={text.text} />
                <td>{text.custom ? t.ownObject : t.standardObject}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {adding && <NewText known={texts} close={() => add(false)} />}
    </div>
  );
}

function NewText({ known, close }: { known: readonly StoredText[]; close: () => void }) {
  const a = useArea(behaviour);
  const navigate = useNavigate();
  const objects = useShell().data?.objects ?? [];
  const [begin, choose] = useState<string>("flow");
  const [problem, setProblem] = useState<string | null>(null);
  // A flow is of an object whose records have a state.
  const fitting = objects.filter(
    ({ stateField, kind }) => begin !== "flow" || (stateField !== null && kind !== "LINE"),
  );
  const go = (data: FormData) => {
    const name = String(data.get("name")).trim();
    if (!isTextName(name)) return setProblem(a.nameHint);
    if (known.some((text) => text.custom && text.path === name)) return setProblem(a.nameTaken);
    const object = data.get("object");
    const search = { begin, ...(object === null ? {} : { object: String(object) }) };
    void navigate({ to: "/admin/behaviour/$name", params: { name }, search });
  };
  return (
    <FormDialog title={a.newText} ok={a.begin} problem={problem} onClose={close} onSubmit={go}>
      <label>
        {a.name}
        <input name="name" required autoFocus maxLength={60} aria-describedby="text-name" autoComplete="off" />
      </label>
      <p id="text-name" className={admin.muted}>
        {a.nameHint}
      </p>
      <label>
        {a.beginWith}
        <select value={begin} onChange={(event) => choose(event.target.value)}>
          {BEGINNINGS.map((one) => (
            <option key={one} value={one}>
              {a.beginnings[one]}
            </option>
          ))}
        </select>
      </label>
      {begin !== "nothing" && (
        <label>
          {a.object}
          <select name="object" required>
            {fitting.map(({ name, label }) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
    </FormDialog>
  );
}
