/** What administration asks of `/metadata`, and the shapes of the answers. */

export interface Diagnostic {
  code: string;
  path: string;
  line: number;
  column: number;
  message: string;
  hint: string | null;
}

export interface Change {
  kind: string;
  object: string;
  field: string | null;
  risk: string;
  reason: string | null;
}

export interface Impact {
  object: string;
  field: string | null;
  risk: string;
  records: number;
  failing: number | null;
  examples: string[];
  uses: { kind: string; name: string }[];
}

export interface SchemaDraft {
  base: number;
  sdl: string;
  outdated: boolean;
  changedAt: string;
  diagnostics: Diagnostic[];
  changes: Change[];
  impact: Impact[];
}

const DRAFT = `fragment D on SchemaDraft {
  base sdl outdated changedAt
  diagnostics { code path line column message hint }
  changes { kind object field risk reason }
  impact { object field risk records failing examples uses { kind name } }
}`;

export const READ_DRAFT = `query SchemaDraft { version schemaText schemaDraft { ...D } } ${DRAFT}`;

export const SAVE_DRAFT = `mutation SaveSchemaDraft($sdl: String!, $base: Int!) {
  saveSchemaDraft(sdl: $sdl, base: $base) { ...D }
} ${DRAFT}`;

export const EDIT_DRAFT = `mutation EditSchemaDraft($steps: [SchemaStep!]!) {
  editSchemaDraft(steps: $steps) { ...D }
} ${DRAFT}`;

export const DROP_DRAFT = `mutation DropSchemaDraft { dropSchemaDraft }`;

export const PUBLISH = `mutation PublishSchemaDraft($note: String, $acceptLayouts: Boolean!) {
  publishSchemaDraft(note: $note, acceptLayouts: $acceptLayouts) {
    version diagnostics { code path line column message hint } lacking { object roles } job { id }
  }
}`;

export interface Published {
  publishSchemaDraft: {
    version: number;
    diagnostics: Diagnostic[];
    lacking: { object: string; roles: string[] }[];
    job: { id: string } | null;
  };
}

export const ALL_OBJECTS = `query AllObjects {
  objects { name label labelPlural plural kind custom fields { name } }
}`;

export const DEFINED_OBJECT = `query DefinedObject($object: String!) {
  object(name: $object) { name label labelZh labelEn plural kind custom fields { name label type required custom target help hidden } }
}`;

export const ROLES = `query Roles { roles { code label labelEn standard version heldBy warnings } }`;

export interface RoleSummary {
  code: string;
  label: string;
  labelEn: string;
  standard: boolean;
  version: number;
  heldBy: string[];
  warnings: string[];
}

export const MATRIX = `query RightsMatrix($roles: [String!]) {
  rightsMatrix(roles: $roles) { role object walled cells { action level } }
}`;

export interface MatrixRow {
  role: string;
  object: string;
  walled: boolean;
  cells: { action: string; level: string }[];
}

export const SET_RIGHTS = `mutation SetRights($changes: [RightChange!]!, $dryRun: Boolean!) {
  setRights(changes: $changes, dryRun: $dryRun) {
    version roles { code version warnings } differences { account object action gained lost }
  }
}`;

export interface Difference {
  account: string;
  object: string;
  action: string;
  gained: number;
  lost: number;
}

export const ACCOUNTS = `query Accounts { accounts(first: 500) { nodes { account name roles } } }`;

export const EXPLAIN = `query Explain($account: String, $object: String!, $id: ID!, $action: RecordAction!) {
  explainAccess(account: $account, object: $object, id: $id, action: $action) {
    allowed branches { role name holds because } wouldAllow { grant }
  }
  whoCanSee(object: $object, id: $id) { totalCount nodes { account name roles } }
}`;
