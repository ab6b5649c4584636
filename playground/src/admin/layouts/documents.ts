/** What the layout designer asks of `/metadata`, and the shapes of the answers. */

import type { Fault, LayoutKind } from "./design";

export interface Written {
  object: string;
  kind: LayoutKind;
  role: string | null;
  state: string | null;
  version: number;
  standard: boolean;
  definition: string;
  diagnostics: Fault[];
}

const WRITTEN = `object kind role state version standard definition diagnostics { line column message hint }`;

export const ALL_LAYOUTS = `query AllLayouts {
  objects { name custom }
  layouts { object kind role state version standard diagnostics { line } }
}`;

export interface AllLayouts {
  objects: { name: string; custom: boolean }[];
  layouts: Pick<Written, "object" | "kind" | "role" | "state" | "version" | "standard" | "diagnostics">[];
}

export const DESIGN = `query LayoutDesign($object: String!, $kind: LayoutKind!, $state: String) {
  object(name: $object) { groups { name label fields } }
  layouts(object: $object) { ${WRITTEN} }
  shown: layout(object: $object, kind: $kind, state: $state) { role state generated definition }
}`;

export interface DesignAnswer {
  object: { groups: { name: string; label: string; fields: string[] }[] } | null;
  layouts: Written[];
  shown: { role: string | null; state: string | null; generated: boolean; definition: string | null } | null;
}

export const SET_LAYOUT = `mutation SetLayout(
  $object: String!, $kind: LayoutKind!, $role: String, $state: String, $layout: LayoutInput!,
  $expectedVersion: Int, $dryRun: Boolean!
) {
  setLayout(
    object: $object, kind: $kind, role: $role, state: $state, layout: $layout,
    expectedVersion: $expectedVersion, dryRun: $dryRun
  ) { version definition diagnostics { line column message hint } }
}`;

export interface SetAnswer {
  setLayout: { version: number; definition: string; diagnostics: Fault[] };
}

export const REMOVE_LAYOUT = `mutation RemoveLayout(
  $object: String!, $kind: LayoutKind!, $role: String, $state: String, $expectedVersion: Int
) {
  removeLayout(object: $object, kind: $kind, role: $role, state: $state, expectedVersion: $expectedVersion)
}`;

export const ROLE_CODES = `query RoleCodes { roles { code label labelEn } }`;

export interface RoleCodes {
  roles: { code: string; label: string; labelEn: string }[];
}

/** Whose layout it is: that of everyone, of a role, of a state, of both. */
export interface Whose {
  role: string | null;
  state: string | null;
}

/** The text from which a layout begins: its own, else the one that counts in its place. */
export function beginning(answer: DesignAnswer, kind: LayoutKind, { role, state }: Whose) {
  const of = (role: string | null, state: string | null) =>
    answer.layouts.find((one) => one.kind === kind && one.role === role && one.state === state);
  const own = of(role, state);
  const other = own ?? of(role, null) ?? of(null, state) ?? of(null, null);
  return {
    own: own ?? null,
    other: own === undefined ? (other ?? null) : null,
    definition: other?.definition ?? answer.shown?.definition ?? null,
  };
}

export const ACCEPT_LAYOUTS = `mutation AcceptLayouts($object: String!) { acceptLayouts(object: $object) { kind } }`;

export const SHARED_VIEWS = `query SharedViews($object: String!) {
  views(object: $object) { id name face share roles pinned owner { name } }
}`;

export interface SharedView {
  id: string;
  name: string;
  face: string;
  share: "PRIVATE" | "ROLES" | "ALL";
  roles: string[];
  pinned: boolean;
  owner: { name: string } | null;
}

export const SET_DEFAULT_VIEW = `mutation SetDefaultView($role: String!, $id: ID!, $isDefault: Boolean!) {
  setDefaultView(role: $role, id: $id, isDefault: $isDefault) { id }
}`;
