/** What `/metadata` tells of the named actions of an object. */

import type { FieldInfo } from "./metadata";

/** What can be done with a record by name, such as converting a lead. */
export interface NamedAction {
  code: string;
  /** The mutation that does it. */
  name: string;
  label: string;
  /** What is said where a record does not meet its condition. */
  message: string | null;
  /** What it asks for. */
  input: FieldInfo[];
  /** The records that it makes: what its answer calls each, and its object. */
  creates: { name: string; object: string }[];
}

/** Those of an object, with fields as the fragment `F` has them. */
export const NAMED_ACTIONS = "actions { code name label message input { ...F } creates { name object } }";
