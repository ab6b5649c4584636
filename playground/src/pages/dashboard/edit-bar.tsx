/** The head of a dashboard that is edited: its name, who sees it, what can be added, undo, saving. */

import { useState } from "react";
import { Redo2, Undo2 } from "lucide-react";
import { useShell } from "../../api/cache";
import type { Dashboard, Parameter } from "../../api/dashboards";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/dashboards";
import { Button } from "../../ui/button";
import { FormDialog } from "../../ui/form-dialog";
import styles from "./dashboard.module.css";
import { freshName } from "./edits";
import { freshKey } from "./use-dashboards";

interface Props {
  dashboard: Dashboard;
  edit: (next: Dashboard) => void;
  undo: (() => void) | null;
  redo: (() => void) | null;
  busy: boolean;
  save: () => void;
  cancel: () => void;
}

export function EditBar({ dashboard, edit, undo, redo, busy, save, cancel }: Props) {
  const t = useTexts();
  const a = useArea(texts);
  const shell = useShell().data;
  const may = shell?.viewer.may.includes("DASHBOARDS") ?? false;
  const objects = (shell?.objects ?? []).filter(({ plural }) => plural !== null);
  const [type, choose] = useState<Parameter["type"]>("PERIOD");
  const [object, of] = useState<string | null>(null);
  const [asking, ask] = useState(false);
  const add = (data: FormData) => {
    const label = String(data.get("label")).trim();
    const name = freshName(dashboard.parameters);
    const parameter = {
      name,
      label,
      type,
      object: type === "RECORD" ? (object ?? objects[0]!.name) : null,
      default: null,
    };
    edit({ ...dashboard, parameters: [...dashboard.parameters, parameter] });
    ask(false);
  };
  const addText = () =>
    edit({
      ...dashboard,
      widgets: [
        ...dashboard.widgets,
        {
          key: freshKey(dashboard.widgets),
          title: "",
          face: "TEXT",
          object: null,
          question: {},
          chart: null,
          parameters: [],
          text: a.text,
          width: 12,
          height: 2,
        },
      ],
    });
  return (
    <>
      <input
        aria-label={a.dashboardName}
        value={dashboard.name}
        maxLength={80}
        onChange={(event) => edit({ ...dashboard, name: event.target.value })}
      />
      {may && dashboard.share !== "ROLES" && (
        <label className={styles.muted}>
          {a.sharedWith}{" "}
          <select
            value={dashboard.share}
            onChange={(event) => edit({ ...dashboard, share: event.target.value as Dashboard["share"] })}
          >
            {(dashboard.mine || dashboard.share === "PRIVATE") && <option value="PRIVATE">{a.onlyMe}</option>}
            <option value="ALL">{a.everyone}</option>
          </select>
        </label>
      )}
      <Button onPress={() => ask(true)}>{a.addParameter}</Button>
      <Button onPress={addText}>{a.addText}</Button>
      <Button icon kind="quiet" aria-label={t.undo} isDisabled={undo === null} onPress={() => undo?.()}>
        <Undo2 size={16} aria-hidden="true" />
      </Button>
      <Button icon kind="quiet" aria-label={a.redo} isDisabled={redo === null} onPress={() => redo?.()}>
        <Redo2 size={16} aria-hidden="true" />
      </Button>
      <Button onPress={cancel}>{t.cancel}</Button>
      <Button kind="main" isDisabled={busy || dashboard.name.trim() === ""} onPress={save}>
        {t.save}
      </Button>
      {asking && (
        <FormDialog title={a.addParameter} ok={a.addParameter} onClose={() => ask(false)} onSubmit={add}>
          <p className={styles.muted}>{a.parameterHint}</p>
          <label>
            {a.parameterName}
            <input name="label" required autoFocus maxLength={40} />
          </label>
          <label>
            {a.parameterKind}
            <select value={type} onChange={(event) => choose(event.target.value as Parameter["type"])}>
              {Object.entries(a.parameterKinds).map(([kind, said]) => (
                <option key={kind} value={kind}>
                  {said}
                </option>
              ))}
            </select>
          </label>
          {type === "RECORD" && (
            <label>
              {a.parameterObject}
              <select value={object ?? objects[0]?.name} onChange={(event) => of(event.target.value)}>
                {objects.map(({ name, label }) => (
                  <option key={name} value={name}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
          )}
        </FormDialog>
      )}
    </>
  );
}
