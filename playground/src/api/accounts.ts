/** The accounts as whom an administrator may read. */

import { metadata } from "./metadata";

export interface AccountName {
  account: string;
  name: string;
}

const ACCOUNTS = `query AccountNames { accounts(first: 500) { nodes { account name } } }`;

/** What is kept of them: they change seldom. */
export const accountNames = {
  queryKey: ["meta", "account names"],
  queryFn: async () => (await metadata<{ accounts: { nodes: AccountName[] } }>(ACCOUNTS)).accounts.nodes,
  staleTime: 60_000,
};
