/** Whether the records of an object can be approved. Apart from what is asked of approvals, which few pages load. */

import type { ObjectInfo } from "./metadata";

/** The field that says how far the approval of a record is. */
export const APPROVAL_STATE = "approvalState";

export const hasApprovals = ({ fields }: Pick<ObjectInfo, "fields">) =>
  fields.some(({ name }) => name === APPROVAL_STATE);
