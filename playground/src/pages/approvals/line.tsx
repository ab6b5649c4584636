/** The steps of an approval as a line of stations, each with who decided it or for whom it waits. */

import { Check, X } from "lucide-react";
import type { Approval } from "../../api/approvals";
import * as texts from "../../texts/approvals";
import { useArea } from "../../texts/area";
import ui from "../../ui/ui.module.css";
import styles from "./approvals.module.css";
import { stationsOf, type Stop } from "./stations";

/** How many are named. */
const MOST = 3;

export function Stations({ approval }: { approval: Approval }) {
  const a = useArea(texts);
  const stations = stationsOf(approval);
  if (stations.length === 0) return null;
  const whoIn = ({ skipped, who }: Stop) => {
    if (skipped) return a.passedOver;
    const names = who.slice(0, MOST).map((name) => name ?? a.administrator);
    return [...names, ...(who.length > MOST ? [`+${who.length - MOST}`] : [])].join(", ");
  };
  return (
    <ol className={styles.line} aria-label={a.steps}>
      {stations.map((stops) => (
        <li key={stops[0]!.code} className={styles.station}>
          {stops.map((stop) => (
            <div key={stop.code} className={styles.stop} data-step={stop.code} data-state={stop.state}>
              <span className={styles.mark} aria-hidden="true">
                {stop.state === "DONE" && <Check size={14} />}
                {stop.state === "REFUSED" && <X size={14} />}
              </span>
              <span className={styles.stopName}>
                {stop.label}
                <span className={ui.hiddenVisually}>, {a.stops[stop.state]}</span>
              </span>
              <span className={`${styles.detail} ${styles.who}`}>{whoIn(stop)}</span>
            </div>
          ))}
        </li>
      ))}
    </ol>
  );
}
