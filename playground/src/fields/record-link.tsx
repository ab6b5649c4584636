/**
 * A link to a record that costs nothing until it is used: lists have hundreds, and the router's own link watches the
 * address in each of them.
 */

import { type AnchorHTMLAttributes, type MouseEvent } from "react";
import { useRouter } from "@tanstack/react-router";

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  plural: string;
  id: string;
}

export function RecordLink({ plural, id, onClick, ...rest }: Props) {
  const router = useRouter();
  const followed = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || elsewhere) return;
    event.preventDefault();
    void router.navigate({ to: "/o/$plural/$id", params: { plural, id } });
  };
  return <a href={`/o/${encodeURIComponent(plural)}/${encodeURIComponent(id)}`} onClick={followed} {...rest} />;
}
