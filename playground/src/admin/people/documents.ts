/** What the pages about accounts ask, and the shapes of the answers. Operators and employees are the platform's own. */

export interface Session {
  id: string;
  createdAt: string;
  lastUsedAt: string;
  current: boolean;
  userAgent: string | null;
  address: string | null;
}

const SESSION = "nodes { id createdAt lastUsedAt current userAgent address }";

export const OWN_SESSIONS = `query OwnSessions { sessions(first: 100) { ${SESSION} } }`;

export const ACCOUNT_SESSIONS = `query AccountSessions($account: String!) {
  sessions: accountSessions(account: $account, first: 100) { ${SESSION} }
}`;

export const END_SESSION = `mutation EndSession($id: ID!) { revokeSession(id: $id) }`;

export const END_SESSIONS = `mutation EndSessions($account: String!) { revokeSessions(account: $account) }`;

export interface ApiKey {
  id: string;
  name: string;
  roles: string[];
  expiresAt: string;
  createdAt: string;
  lastUsedAt: string | null;
  prefix: string;
}

export const KEYS = `query Keys($account: String) {
  apiKeys(account: $account, first: 100) { nodes { id name roles expiresAt createdAt lastUsedAt prefix } }
}`;

export const CREATE_KEY = `mutation CreateKey($name: String!, $roles: [String!]!, $expiresAt: DateTime!, $account: String) {
  createApiKey(name: $name, roles: $roles, expiresAt: $expiresAt, account: $account) { secret apiKey { id } }
}`;

export const REVOKE_KEY = `mutation RevokeKey($id: ID!) { revokeApiKey(id: $id) }`;

export interface Delegation {
  id: string;
  from: string;
  to: string;
  since: string;
  until: string;
  reason: string;
}

export const DELEGATIONS = `query Delegations { delegations(first: 500) { nodes { id from to since until reason } } }`;

export const DELEGATE = `mutation Delegate($from: ID, $to: ID!, $since: DateTime, $until: DateTime!, $reason: String!) {
  delegate(from: $from, to: $to, since: $since, until: $until, reason: $reason) { id }
}`;

export const END_DELEGATION = `mutation EndDelegation($id: ID!) { endDelegation(id: $id) }`;

export const NAMES = `query Names($ids: [ID!]!) { employees(filter: {id: {in: $ids}}, first: 500) { nodes { id _title } } }`;

export const BEHIND = `query Behind($id: ID!) {
  operator(id: $id) { id version status employee { id version status _title } }
}`;

export interface Behind {
  id: string;
  version: number;
  status: "ENABLED" | "DISABLED";
  employee: { id: string; version: number; status: string; _title: string | null } | null;
}

export const SET_OPERATOR = `mutation SetOperator($id: ID!, $status: OperatorStatus!, $version: Int) {
  saved: updateOperator(id: $id, patch: {status: $status}, expectedVersion: $version) { userErrors { message hint } }
}`;

export const SET_EMPLOYEE = `mutation SetEmployee($id: ID!, $status: EmployeeStatus!, $version: Int) {
  saved: updateEmployee(id: $id, patch: {status: $status}, expectedVersion: $version) { userErrors { message hint } }
}`;

export const SET_REACH = `mutation SetReach($account: String!, $dimension: String!, $level: ReachLevel!, $values: [String!]!) {
  setReach(account: $account, dimension: $dimension, level: $level, values: $values)
}`;

export const CLEAR_REACH = `mutation ClearReach($account: String!, $dimension: String!) {
  clearReach(account: $account, dimension: $dimension)
}`;
