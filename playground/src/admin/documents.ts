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
  object(name: $object) { name label labelZh labelEn plural kind custom fields {
    name label type required custom target help hidden options { name labelZh labelEn color active }
  } }
}`;

export const RETIRED = `query Retired { retired { object field stoodIn } }`;

export interface Retired {
  object: string;
  field: string | null;
  stoodIn: number;
}

export const PURGE = `mutation PurgeRetired($object: String!, $field: String, $confirm: String!) {
  purgeRetired(object: $object, field: $field, confirm: $confirm)
}`;

export const ALL_DEFINITIONS = `query AllDefinitions { definitions(standard: true) { text } }`;

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
  whoCanSee(object: $object, id: $id, first: 200) { totalCount nodes { operator account name roles } }
}`;

export interface Account {
  operator: string;
  account: string;
  name: string;
  roles: string[];
  hasPassword: boolean;
  standing: "ACTIVE" | "DISABLED" | "LEFT";
  reach: { dimension: string; level: string; values: string[]; ticked: { title: string | null }[] }[];
}

export const PEOPLE = `query People($after: String) {
  accounts(first: 200, after: $after) {
    totalCount nodes { operator account name roles hasPassword standing reach { dimension level values ticked { title } } }
    pageInfo { hasNextPage endCursor }
  }
  roles { code label labelEn }
}`;

export const ASSIGN_ROLES = `mutation AssignRoles($account: String!, $roles: [String!]!) {
  assignRoles(account: $account, roles: $roles) { account roles }
}`;

export const SIGN_IN_LINK = `mutation SignInLink($account: String!) { createSignInLink(account: $account) { path expiresAt } }`;

export const UNLOCK = `mutation Unlock($account: String!) { unlockAccount(account: $account) }`;

export const CONFIRM = `mutation Confirm($employee: ID!, $account: String!, $systems: [CrmSystem!]!) {
  confirmEmployee(employee: $employee, account: $account, systems: $systems) { account }
}`;

export const VERSIONS = `query Versions($after: String) {
  versions(first: 20, after: $after) {
    nodes { version publishedAt publishedByAccount note changeCount changes { kind object field risk } }
    pageInfo { hasNextPage endCursor }
  }
}`;

export interface Version {
  version: number;
  publishedAt: string;
  publishedByAccount: string | null;
  note: string | null;
  changeCount: number;
  changes: { kind: string | null; object: string; field: string | null; risk: string | null }[];
}

export const ROLL_BACK = `mutation RollBack($to: Int!, $dryRun: Boolean!, $note: String) {
  rollBack(to: $to, dryRun: $dryRun, note: $note) {
    version changes { kind object field risk reason } diagnostics { code path line column message hint }
  }
}`;
