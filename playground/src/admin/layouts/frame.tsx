/** A window of another width within the page: its styles are ours, so that a page looks in it as on such a screen. */

import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import styles from "./layouts.module.css";

interface Props {
  label: string;
  width: number;
  height: number;
  children: ReactNode;
}

const PRESSABLE = "react-aria-pressable-style";

/** Copies what the head of the page loads, and how the page is themed. */
function dress(inner: Document) {
  const root = document.documentElement;
  inner.documentElement.lang = root.lang;
  if (root.dataset.theme === undefined) delete inner.documentElement.dataset.theme;
  else inner.documentElement.dataset.theme = root.dataset.theme;
  inner.title = document.title;
  // React Aria writes a style element into documents that lack one of this id; the policy refuses it.
  if (inner.getElementById(PRESSABLE) === null) {
    const own = inner.createElement("template");
    own.id = PRESSABLE;
    inner.head.append(own);
  }
  const held = new Set([...inner.head.querySelectorAll<HTMLLinkElement>("link")].map(({ href }) => href));
  for (const link of document.head.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")) {
    if (held.has(link.href)) continue;
    const copy = inner.createElement("link");
    copy.rel = "stylesheet";
    copy.href = link.href;
    inner.head.append(copy);
  }
}

export function Frame({ label, width, height, children }: Props) {
  const outer = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const [body, setBody] = useState<HTMLElement | null>(null);
  const [scale, setScale] = useState(1);
  const enter = useCallback(() => {
    const inner = frame.current?.contentDocument;
    if (inner == null) return;
    dress(inner);
    setBody(inner.body);
  }, []);
  useEffect(() => {
    enter();
    // Styles of pages are loaded with them, and the theme changes.
    const watcher = new MutationObserver(() => {
      const inner = frame.current?.contentDocument;
      if (inner != null) dress(inner);
    });
    watcher.observe(document.head, { childList: true });
    watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "lang"] });
    return () => watcher.disconnect();
  }, [enter]);
  useEffect(() => {
    if (outer.current === null) return;
    const watcher = new ResizeObserver(([entry]) => setScale(Math.min(1, entry!.contentRect.width / width)));
    watcher.observe(outer.current);
    return () => watcher.disconnect();
  }, [width]);
  return (
    <div ref={outer} className={styles.frameRoom} style={{ height: height * scale }}>
      <iframe
        ref={frame}
        title={label}
        className={styles.frame}
        style={{ width, height, transform: `scale(${scale})` }}
        onLoad={enter}
      />
      {body !== null && createPortal(children, body)}
    </div>
  );
}
