/** The widgets of a dashboard in a flow of twelve columns; while it is edited, each can be dragged to another place. */

import { useState } from "react";
import { GripVertical } from "lucide-react";
import type { Dashboard } from "../../api/dashboards";
import { conditionsFor, moved } from "./edits";
import styles from "./dashboard.module.css";
import { Widget } from "./widget";
import { WidgetMenu } from "./widget-menu";

interface Props {
  dashboard: Dashboard;
  values: Readonly<Record<string, string | null>>;
  /** None while it is only looked at. */
  edit: ((next: Dashboard) => void) | null;
}

const KIND = "application/x-tradewind-widget";

export function Board({ dashboard, values, edit }: Props) {
  const [dragged, drag] = useState<string | null>(null);
  const [over, hover] = useState<string | null>(null);
  return (
    <div className={styles.grid}>
      {dashboard.widgets.map((widget, place) => (
        <Widget
          key={widget.key}
          widget={widget}
          conditions={conditionsFor(widget, values)}
          className={`${dragged === widget.key ? styles.dragged : ""} ${over === widget.key ? styles.over : ""}`}
          drop={
            edit === null
              ? undefined
              : {
                  onDragOver: (event) => {
                    if (!event.dataTransfer.types.includes(KIND)) return;
                    event.preventDefault();
                    hover(widget.key);
                  },
                  onDrop: (event) => {
                    event.preventDefault();
                    hover(null);
                    drag(null);
                    edit(moved(dashboard, event.dataTransfer.getData(KIND), place));
                  },
                }
          }
        >
          {edit !== null && (
            <>
              <span
                className={styles.handle}
                draggable
                aria-hidden="true"
                onDragStart={(event) => {
                  event.dataTransfer.setData(KIND, widget.key);
                  event.dataTransfer.effectAllowed = "move";
                  drag(widget.key);
                }}
                onDragEnd={() => {
                  drag(null);
                  hover(null);
                }}
              >
                <GripVertical size={16} />
              </span>
              <WidgetMenu dashboard={dashboard} widget={widget} edit={edit} />
            </>
          )}
        </Widget>
      ))}
    </div>
  );
}
