/** What the page of the audit trail asks, and the shape of the answer. */

export interface AuditEntry {
  id: string;
  at: string;
  kind: string | null;
  account: string | null;
  object: string | null;
  record: string | null;
  detail: Record<string, unknown>;
}

export const TRAIL = `query Trail($kind: AuditKind, $account: String, $first: Int, $after: String) {
  auditTrail(kind: $kind, account: $account, first: $first, after: $after) {
    nodes { id at kind account object record detail }
    pageInfo { hasNextPage endCursor }
  }
}`;

export interface Trail {
  auditTrail: { nodes: AuditEntry[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
}
