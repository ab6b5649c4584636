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
  "H5",
  "H6",
  "SUB",
  "SUP",
  "SMALL",
  "MARK",
  "INS",
  "DEL",
  "KBD",
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

/** What of an element says more than its name: where a link leads, what a cell spans, where a list begins. */
function propsOf(node: Element): Record<string, unknown> {
  const whole = (name: string) => {
    const number = Number(node.getAttribute(name));
    return Number.isInteger(number) && number > 0 && number < 1000 ? number : undefined;
  };
  switch (node.tagName) {
    case "A": {
      const link = node.getAttribute("href") ?? "";
      return /^(https?:|mailto:|tel:)/i.test(link) ? { href: link, target: "_blank", rel: "noreferrer noopener" } : {};
    }
    case "TD":
    case "TH":
      return { colSpan: whole("colspan"), rowSpan: whole("rowspan") };
    case "OL":
      return { start: whole("start") };
    default:
      return {};
  }
}

function made(node: Node, key: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element) || DROPPED.has(node.tagName)) return null;
  const within = [...node.childNodes].map(made);
  if (!ALLOWED.has(node.tagName)) return <Fragment key={key}>{within}</Fragment>;
  const tag = node.tagName.toLowerCase();
  if (VOID.has(node.tagName)) return createElement(tag, { key });
  return createElement(tag, { key, ...propsOf(node) }, ...within);
}

export function CleanHtml({ html }: { html: string }) {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  return <div className={styles.rich}>{[...body.childNodes].map(made)}</div>;
}
