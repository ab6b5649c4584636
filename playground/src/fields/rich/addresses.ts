/** Where links of rich texts may lead: what the server keeps of them. Pure. */

const KEPT = /^(https?:\/\/|mailto:|tel:)\S+$/i;

/** What was typed, as an address; null for what is none. Without a scheme it is one of the web. */
export function addressOf(typed: string): string | null {
  const text = typed.trim();
  if (KEPT.test(text)) return text;
  if (/^[^\s@:/]+@[^\s@:/]+\.[a-z]+$/i.test(text)) return `mailto:${text}`;
  return /^[\p{L}\d-]+(\.[\p{L}\d-]+)+(:\d+)?([/?#]\S*)?$/u.test(text) ? `https://${text}` : null;
}
