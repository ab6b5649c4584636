/** The way to the inbox of approvals, with how many tasks wait; where nothing can be approved, there is none. */

import { useEffect } from "react";
import { Link } from "@tanstack/react-router";
import { Stamp } from "lucide-react";
import { useWaiting, waitingChanged } from "../api/approvals";
import * as texts from "../texts/approvals";
import { useArea } from "../texts/area";
import ui from "../ui/ui.module.css";
import styles from "./frame.module.css";

export function ApprovalsEntry({ path }: { path: string }) {
  const a = useArea(texts);
  const waiting = useWaiting();
  useEffect(() => {
    const again = () => void waitingChanged();
    addEventListener("focus", again);
    return () => removeEventListener("focus", again);
  }, []);
  if (waiting === null) return null;
  return (
    <li>
      <Link to="/approvals" className={styles.entry} aria-current={path === "/approvals" ? "page" : undefined}>
        <Stamp size={18} aria-hidden="true" />
        {a.title}
        {waiting > 0 && (
          <>
            <span className={ui.chip} aria-hidden="true">
              {waiting}
            </span>
            <span className={ui.hiddenVisually}>{a.waitingCount(waiting)}</span>
          </>
        )}
      </Link>
    </li>
  );
}
