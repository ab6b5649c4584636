/** The red bar above every page while an administrator reads as someone else, and how that ends. */

import { useEffect } from "react";
import { useShell } from "../api/cache";
import { viewAs, viewedAs } from "../signin/viewing";
import { useArea } from "../texts/area";
import * as texts from "../texts/viewing";
import { tell } from "../ui/toasts";
import styles from "./frame.module.css";

export function ViewAsBar() {
  const a = useArea(texts);
  const viewer = useShell().data?.viewer;
  const account = viewedAs();
  useEffect(() => {
    if (account === null) return;
    // What is kept without asking, such as the order of a page, is refused: that is said once, and no fault.
    const refused = (event: PromiseRejectionEvent) => {
      event.preventDefault();
      tell(event.reason instanceof Error ? event.reason.message : String(event.reason));
    };
    addEventListener("unhandledrejection", refused);
    return () => removeEventListener("unhandledrejection", refused);
  }, [account]);
  if (account === null) return null;
  return (
    <div className={styles.viewAs} role="status">
      <span>{a.as(viewer?.name ?? account)}</span>
      <button onClick={() => viewAs(null)}>{a.end}</button>
    </div>
  );
}
