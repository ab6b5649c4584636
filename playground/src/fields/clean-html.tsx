/**
 * Rich text as elements. The server has cleaned it; here it is read once more, and only what is on the list is
 * made: no HTML text is ever handed to the page.
 */

import { createElement, Fragment, type ReactNode } from "react";
import styles from "./fields.module.css";

const ALLOWED = new Set([
  "P",
  "BR",
  "STRONG",
  "B",
  "EM",
  "I",
  "U",
  "S",
  "UL",
  "OL",
  "LI",
  "BLOCKQUOTE",
  "H1",
  "H2",
  "H3",
  "H4",
  "CODE",
  "PRE",
  "A",
  "TABLE",
  "THEAD",
  "TBODY",
  "TR",
  "TH",
  "TD",
  "HR",
  "SPAN",
  "DIV",
]);
const VOID = new Set(["BR", "HR"]);
/** Their content is no text for people. */
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "NOSCRIPT"]);

function made(node: Node, key: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element) || DROPPED.has(node.tagName)) return null;
  const within = [...node.childNodes].map(made);
  if (!ALLOWED.has(node.tagName)) return <Fragment key={key}>{within}</Fragment>;
  const tag = node.tagName.toLowerCase();
  if (VOID.has(node.tagName)) return createElement(tag, { key });
  const link = node.tagName === "A" ? node.getAttribute("href") : null;
  const props =
    link !== null && /^(https?:|mailto:|tel:)/i.test(link)
      ? { href: link, target: "_blank", rel: "noreferrer noopener" }
      : {};
  return createElement(tag, { key, ...props }, ...within);
}

export function CleanHtml({ html }: { html: string }) {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  return <div className={styles.rich}>{[...body.childNodes].map(made)}</div>;
}
