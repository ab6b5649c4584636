/** Short messages at the edge of the page, for ten seconds, with something to do about them. */

import { useSyncExternalStore } from "react";
import styles from "./ui.module.css";

interface Toast {
  key: number;
  text: string;
  action?: { label: string; run: () => void };
}

let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function change(to: Toast[]) {
  toasts = to;
  for (const listener of listeners) listener();
}

/** Shows a message; the returned function takes it away before its time. */
export function tell(text: string, action?: Toast["action"]): () => void {
  const key = next++;
  change([...toasts.slice(-2), { key, text, action }]);
  setTimeout(() => close(key), 10_000);
  return () => close(key);
}

const close = (key: number) => change(toasts.filter((toast) => toast.key !== key));

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={styles.toasts} role="status" aria-live="polite">
      {shown.map(({ key, text, action }) => (
        <div key={key} className={styles.toast}>
          <span>{text}</span>
          {action !== undefined && (
            <button
              onClick={() => {
                close(key);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
