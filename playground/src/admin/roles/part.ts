/** What each part of the page of a role is given: the role as it is stored, and what is changed of it. */

import type { Role } from "./documents";
import type { Pending } from "./pending";

export interface PartProps {
  role: Role;
  pending: Pending;
  change: (pending: Pending) => void;
}
