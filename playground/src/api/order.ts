/** Groups of records in the order of the menus: what a company puts first there is what it looks for first. */

import type { SearchGroup } from "./finding";
import type { Shell } from "./metadata";

export function byMenus(shell: Shell, groups: readonly SearchGroup[]): SearchGroup[] {
  const order = shell.menus.flatMap((menu) =>
    menu.groups.flatMap(({ entries }) => entries.map(({ object }) => object)),
  );
  const place = ({ object }: SearchGroup) => (order.includes(object) ? order.indexOf(object) : order.length);
  return [...groups].sort((a, b) => place(a) - place(b));
}
