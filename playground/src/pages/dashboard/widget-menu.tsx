/** What can be done to a widget while its dashboard is edited: by a menu, as by dragging. */

import { useState } from "react";
import { EllipsisVertical } from "lucide-react";
import { useObjectPage } from "../../api/cache";
import type { Dashboard, Widget } from "../../api/dashboards";
import { conditionsOf } from "../../fields/kinds";
import { useTexts } from "../../texts";
import { useArea } from "../../texts/area";
import * as texts from "../../texts/dashboards";
import { FormDialog } from "../../ui/form-dialog";
import { Menu } from "../../ui/menu";
import { answers, changed, HEIGHTS, moved, sized, WIDTHS } from "./edits";

interface Props {
  dashboard: Dashboard;
  widget: Widget;
  edit: (next: Dashboard) => void;
}

export function WidgetMenu({ dashboard, widget, edit }: Props) {
  const t = useTexts();
  const a = useArea(texts);
  const [asking, ask] = useState(false);
  const { key } = widget;
  const place = dashboard.widgets.findIndex((one) => one.key === key);
  const title = widget.title || (widget.text ?? "");
  const size = (change: Partial<Widget>) => edit(changed(dashboard, key, change));
  return (
    <>
      <Menu
        label={`${t.more}: ${title}`}
        icon
        kind="quiet"
        choices={[
          { key: "settings", label: `${a.settings}…`, run: () => ask(true) },
          ...(place > 0
            ? [{ key: "earlier", label: a.earlier, run: () => edit(moved(dashboard, key, place - 1)) }]
            : []),
          ...(place < dashboard.widgets.length - 1
            ? [{ key: "later", label: a.later, run: () => edit(moved(dashboard, key, place + 1)) }]
            : []),
          { key: "wider", label: a.wider, run: () => size({ width: sized(WIDTHS, widget.width, 1) }) },
          { key: "narrower", label: a.narrower, run: () => size({ width: sized(WIDTHS, widget.width, -1) }) },
          { key: "taller", label: a.taller, run: () => size({ height: sized(HEIGHTS, widget.height, 1) }) },
          { key: "shorter", label: a.shorter, run: () => size({ height: sized(HEIGHTS, widget.height, -1) }) },
          {
            key: "remove",
            label: a.removeWidget,
            run: () => edit({ ...dashboard, widgets: dashboard.widgets.filter((one) => one.key !== key) }),
          },
        ]}
      >
        <EllipsisVertical size={16} aria-hidden="true" />
      </Menu>
      {asking && <Settings dashboard={dashboard} widget={widget} close={() => ask(false)} save={size} />}
    </>
  );
}

interface SettingsProps {
  dashboard: Dashboard;
  widget: Widget;
  close: () => void;
  save: (change: Partial<Widget>) => void;
}

/** Its title or text, and the fields that the dashboard's parameters narrow. */
function Settings({ dashboard, widget, close, save }: SettingsProps) {
  const t = useTexts();
  const a = useArea(texts);
  const page = useObjectPage(widget.object ?? undefined);
  const fields = (page.data?.object?.fields ?? []).filter((field) => conditionsOf(field).length > 0);
  const answered = (name: string) => widget.parameters.find(({ parameter }) => parameter === name)?.path ?? "";
  const submit = (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const parameters = dashboard.parameters.flatMap(({ name: parameter }) => {
      const path = text(`p.${parameter}`);
      return path === "" ? [] : [{ parameter, path }];
    });
    save(
      widget.face === "TEXT"
        ? { title: text("title"), text: text("text") }
        : { title: text("title"), ...(page.isSuccess ? { parameters } : {}) },
    );
    close();
  };
  return (
    <FormDialog title={a.settings} ok={t.apply} onClose={close} onSubmit={submit}>
      <label>
        {a.title}
        <input name="title" autoFocus maxLength={120} required={widget.face !== "TEXT"} defaultValue={widget.title} />
      </label>
      {widget.face === "TEXT" && (
        <label>
          {a.text}
          <textarea name="text" rows={6} maxLength={4000} required defaultValue={widget.text ?? ""} />
        </label>
      )}
      {widget.object !== null &&
        page.isSuccess &&
        dashboard.parameters.map((parameter) => (
          <label key={parameter.name}>
            {a.answersTo(parameter.label)}
            <select name={`p.${parameter.name}`} defaultValue={answered(parameter.name)}>
              <option value="">{t.none}</option>
              {fields
                .filter((field) => answers(parameter, field))
                .map((field) => (
                  <option key={field.name} value={field.name}>
                    {field.label}
                  </option>
                ))}
            </select>
          </label>
        ))}
    </FormDialog>
  );
}
