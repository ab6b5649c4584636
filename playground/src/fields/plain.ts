/** The text of HTML, for a line. */

export const plainOf = (html: string): string =>
  new DOMParser().parseFromString(html, "text/html").body.textContent ?? "";
