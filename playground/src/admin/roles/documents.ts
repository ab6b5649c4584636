/** What the pages of roles ask of `/metadata`, and the shapes of the answers. */

import type { Difference } from "../documents";
import type { Caps, RoleField } from "./pending";

export interface Value {
  value: string;
  title: string | null;
}

export interface Role {
  code: string;
  label: string;
  labelEn: string;
  origin: "STANDARD" | "CHANGED" | "OWN";
  version: number;
  customize: boolean;
  may: string[];
  lines: string[];
  caps: Caps;
  dimensions: { dimension: string; level: string; ticked: Value[] }[];
  fields: RoleField[];
  definition: string;
  heldBy: string[];
  warnings: string[];
}

export const ROLES = `query RolesWhole { roles {
  code label labelEn origin version customize may lines caps { print export read }
  dimensions { dimension level ticked { value title } } fields { object field right mask }
  definition heldBy warnings
} }`;

const DIFFERENCE = "account object action gained lost";

/** Rights by text or switch, tried for what people do most. */
export const SIMULATE = `query Simulate($draft: PolicyDraft!) {
  read: simulatePolicy(draft: $draft, action: READ) { ${DIFFERENCE} }
  edit: simulatePolicy(draft: $draft, action: EDIT) { ${DIFFERENCE} }
  delete: simulatePolicy(draft: $draft, action: DELETE) { ${DIFFERENCE} }
  print: simulatePolicy(draft: $draft, action: PRINT) { ${DIFFERENCE} }
  export: simulatePolicy(draft: $draft, action: EXPORT) { ${DIFFERENCE} }
}`;

export type Simulated = Record<string, Difference[]>;

export const SAVE_ROLE = `mutation SaveRole($definition: String!, $expectedVersion: Int) {
  saveRole(definition: $definition, expectedVersion: $expectedVersion) { code warnings }
}`;

export const COPY_ROLE = `mutation CopyRole($from: String!, $code: String!, $label: String!, $labelEn: String!) {
  copyRole(from: $from, code: $code, label: $label, labelEn: $labelEn) { code }
}`;

export const RESET_ROLE = `mutation ResetRole($code: String!, $version: Int) {
  resetRole(code: $code, expectedVersion: $version) { code }
}`;

export const DELETE_ROLE = `mutation DeleteRole($code: String!, $version: Int) {
  deleteRole(code: $code, expectedVersion: $version)
}`;

export const COMPARE = `query CompareRoles($a: String!, $b: String) {
  compareRoles(a: $a, b: $b) {
    grants { object action a b }
    fields { object field a b maskA maskB }
    dimensions { dimension a b tickedA { value title } tickedB { value title } }
    others { name a b }
  }
}`;

export interface Comparison {
  grants: { object: string; action: string; a: string; b: string }[];
  fields: { object: string; field: string; a: string; b: string; maskA: string | null; maskB: string | null }[];
  dimensions: { dimension: string; a: string; b: string; tickedA: Value[]; tickedB: Value[] }[];
  others: { name: string; a: unknown; b: unknown }[];
}

export const DEFINITIONS = `query Definitions { definitions(standard: true) { text } }`;

export const CONTROLS = `query Controls { controls { object dimension actions } }`;

export interface Control {
  object: string;
  dimension: string | null;
  actions: string[];
}

export const SET_DIMENSION = `mutation SetDimensionControl($object: String!, $dimension: String!, $actions: [RecordAction!]) {
  setDimensionControl(object: $object, dimension: $dimension, actions: $actions) { object }
}`;

export const SET_CONTROLLED = `mutation SetControlled($object: String!, $controlled: Boolean!) {
  setControlled(object: $object, controlled: $controlled) { object }
}`;

/** What a role can open beside records. */
export const CAPABILITIES = `query Capabilities { __type(name: "RoleCapability") { enumValues { name } } }`;

export interface Capabilities {
  __type: { enumValues: { name: string }[] } | null;
}
