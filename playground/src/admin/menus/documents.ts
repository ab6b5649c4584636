/** What the menu designer asks of `/metadata`, and the shapes of the answers. */

import type { Fault } from "../layouts/design";

export const MENUS = `query MenuDesign {
  menus { system label version generated definition diagnostics { line column message hint }
    groups { entries { key notice } } }
  objects { name label labelPlural labelZh labelEn plural systems }
}`;

export interface MenuSystem {
  system: string;
  label: string;
  version: number;
  generated: boolean;
  definition: string;
  diagnostics: Fault[];
  groups: { entries: { key: string; notice: string | null }[] }[];
}

export interface MenuObject {
  name: string;
  label: string;
  labelPlural: string;
  labelZh: string | null;
  labelEn: string | null;
  plural: string | null;
  systems: string[];
}

export interface MenusAnswer {
  menus: MenuSystem[];
  objects: MenuObject[];
}

export const SET_MENUS = `mutation SetMenus($menus: [MenuInput!]!, $dryRun: Boolean!) {
  setMenus(menus: $menus, dryRun: $dryRun) {
    version diagnostics { line column message hint } menus { system version generated definition }
  }
}`;

export interface SetMenusAnswer {
  setMenus: {
    version: number | null;
    diagnostics: Fault[];
    menus: { system: string; version: number; generated: boolean; definition: string }[];
  };
}
