/** What the pages of approvals ask: the inbox, the approvals of a record, how many tasks wait, what an object has. */

import { useQuery } from "@tanstack/react-query";
import { APPROVAL_STATE } from "./approval-state";
import { client, recordsChanged } from "./cache";
import { metadata, type ObjectSummary } from "./metadata";
import { ask } from "./transport";

/** A decision that falls to somebody, or that fell to them. */
export interface ApprovalTask {
  id: string;
  object: string;
  label: string;
  record: string;
  text: string | null;
  detail: string | null;
  codeLabel: string;
  step: string;
  stepLabel: string;
  round: number;
  state: string;
  /** An employee; none: any administrator. */
  assignee: string | null;
  assigneeName: string | null;
  /** Whether the viewer may decide on it now. */
  mine: boolean;
  decidedAt: string | null;
  decidedByName: string | null;
  comment: string | null;
  submittedByName: string | null;
  submittedAt: string;
}

export interface TaskList {
  totalCount: number;
  nodes: ApprovalTask[];
}

export interface ApprovalStep {
  code: string;
  label: string;
  /** Steps of one group run side by side. */
  group: string | null;
  state: string;
}

/** What somebody did in an approval. */
export interface ApprovalEntry {
  at: string;
  kind: string;
  stepLabel: string | null;
  byName: string | null;
  onBehalfOfName: string | null;
  toName: string | null;
  comment: string | null;
}

export interface Approval {
  id: string;
  codeLabel: string;
  state: string;
  /** How many times the record was submitted for it. */
  round: number;
  canWithdraw: boolean;
  steps: ApprovalStep[];
  tasks: ApprovalTask[];
  entries: ApprovalEntry[];
}

/** An approval as the texts of behaviour define it for an object. */
export interface ApprovalInfo {
  code: string;
  label: string;
  /** The moves that begin it; none: it is begun by itself. */
  moves: string[];
  when: string | null;
  steps: {
    code: string;
    label: string;
    when: string | null;
    by: string[];
    quorum: string;
    inTurn: boolean;
    group: string | null;
  }[];
  voids: string[];
}

export type ListOfTasks = "WAITING" | "DECIDED";

const TASK = `fragment T on ApprovalTask {
  id object label record text detail codeLabel step stepLabel round state assignee assigneeName mine
  decidedAt decidedByName comment submittedByName submittedAt
}`;

const INBOX = `query ApprovalInbox($list: ApprovalList, $first: Int) {
  inbox: approvalInbox(list: $list, first: $first) { totalCount nodes { ...T } }
}
${TASK}`;

/** The first tasks of a list. */
export async function inbox(list: ListOfTasks, first: number): Promise<TaskList> {
  const { data } = await ask<{ inbox: TaskList | null }>("/graphql", INBOX, { list, first });
  return data.inbox ?? { totalCount: 0, nodes: [] };
}

/** The states of approvals are in the schema of those who may see an object that has them. */
const WAITING = `query ApprovalsWaiting {
  inbox: approvalInbox(first: 1) { totalCount }
  states: __type(name: "ApprovalState") { name }
}`;

interface Waits {
  inbox: { totalCount: number } | null;
  states: { name: string } | null;
}

const waiting = {
  // Saves of records leave it as it is: it is asked for when the window gets the focus, and after decisions.
  queryKey: ["meta", "approvals", "waiting"],
  queryFn: async () => (await ask<Waits>("/graphql", WAITING)).data,
};

/** How many tasks wait for the viewer; null where it is not known, or no object that they may see has approvals. */
export function useWaiting(): number | null {
  const told = useQuery(waiting).data;
  return told == null || told.states === null ? null : (told.inbox?.totalCount ?? 0);
}

/** Tasks may have come or gone. */
export const waitingChanged = () => client.invalidateQueries({ queryKey: waiting.queryKey });

/** Something was decided: records and lists are read anew, and so is the number of tasks that wait. */
export const approvalsChanged = () => Promise.all([recordsChanged(), waitingChanged()]);

const lower = (name: string) => name[0]!.toLowerCase() + name.slice(1);

/** The state of a record and its approvals, the latest first. */
export interface ApprovalsOfRecord {
  record: { approvalState: string | null } | null;
  approvals: Approval[];
}

const recordApprovals = (object: string) => `query Approvals($id: ID!) {
  record: ${lower(object)}(id: $id) { id ${APPROVAL_STATE} }
  approvals(record: $id) {
    id codeLabel state round canWithdraw steps { code label group state } tasks { ...T }
    entries { at kind stepLabel byName onBehalfOfName toName comment }
  }
}
${TASK}`;

export const useApprovals = ({ name }: ObjectSummary, id: string) =>
  useQuery({
    queryKey: [name, "approvals", id],
    queryFn: async () => (await ask<ApprovalsOfRecord>("/graphql", recordApprovals(name), { id })).data,
    // Others may have decided meanwhile.
    refetchOnWindowFocus: true,
  });

const MUTATIONS = `query Mutations { __type(name: "Mutation") { fields { name args { name } } } }`;

interface Mutations {
  __type: { fields: { name: string; args: { name: string }[] }[] } | null;
}

const submissions = {
  queryKey: ["meta", "approvals", "submissions"],
  queryFn: async () => {
    const { data } = await ask<Mutations>("/graphql", MUTATIONS);
    const commented = data.__type?.fields.filter(({ args }) => args.some(({ name }) => name === "comment")) ?? [];
    return commented.flatMap(({ name }) => (name.startsWith("submit") ? [name] : []));
  },
  staleTime: Infinity,
};

/**
 * Whether the viewer may submit records of an object that no move submits. A mutation with a comment does it: that of a
 * move has none. What else is told of approvals is for those who define objects.
 */
export const useSubmits = ({ name }: ObjectSummary, enabled: boolean): boolean =>
  useQuery({ ...submissions, enabled }).data?.includes(`submit${name}`) === true && enabled;

const INFO = `query ApprovalsOf($object: String!) {
  object(name: $object) { approvals { code label moves when steps { code label when by quorum inTurn group } voids } }
}`;

/** The approvals that an object has by its texts of behaviour, for those who define objects; of none, where none is named. */
export const useApprovalInfo = (object: string | null) =>
  useQuery({
    queryKey: ["meta", "approvals", "of", object],
    queryFn: async () =>
      (await metadata<{ object: { approvals: ApprovalInfo[] } | null }>(INFO, { object })).object?.approvals ?? [],
    enabled: object !== null,
    staleTime: Infinity,
  });
