/** Which named actions a record offers, and what a refused one comes to. Pure. */

import type { NamedAction } from "../../api/actions";
import { KINDS } from "../../fields/kinds";
import type { UserError } from "../../form/use-draft";
import { type Action, said } from "../moves/flow";

/** An action on a record, and what closes it: the state in which it is, or the condition of the action. */
export interface Offered {
  action: NamedAction;
  closed: "STATE" | "CONDITION" | null;
}

/** The actions on a record: those that can be done, then those that cannot now. What is for others is not there. */
export function offered(actions: readonly NamedAction[], told: readonly Action[] | undefined): Offered[] {
  const known = actions.flatMap((action): Offered[] => {
    const found = told?.find(({ code }) => code === action.code);
    if (found === undefined || (!found.allowed && found.because === "RIGHT")) return [];
    return [{ action, closed: found.allowed ? null : found.because === "STATE" ? "STATE" : "CONDITION" }];
  });
  return [...known.filter(({ closed }) => closed === null), ...known.filter(({ closed }) => closed !== null)];
}

/** Whether something is asked before it is done: what it takes, or whether it shall make records. */
export const asksFirst = ({ input, creates }: NamedAction) => input.length + creates.length > 0;

/** The actions that are offered for several records at once: those that ask for nothing, or for what one word is. */
export const onMany = (actions: readonly NamedAction[]): NamedAction[] =>
  actions.filter(({ input }) =>
    input.every(({ type }) => !["none", "rich", "records", "union"].includes(KINDS[type].entry)),
  );

/** What a refused action comes to. */
export interface Refusal {
  /** What is wrong with each thing that it asks for. */
  faults: ReadonlyMap<string, string>;
  /** What is wrong with the record, and with those that are made of it. */
  general: string[];
  /** The object of the record that would look like another, where that alone is wrong. */
  alike: string | null;
}

/** Whether a fault is of what was given: a record may be made under the same name, and its faults are below that. */
const isGiven = ({ input, creates }: NamedAction, [name, next]: readonly string[]) =>
  input.some((field) => field.name === name) &&
  (next === undefined || next === "create" || !creates.some((made) => made.name === name));

/** What is wrong; what a program would send to make one that looks like another is no advice to a person. */
const told = (error: UserError) => (error.code === "RECORD_DUPLICATE" ? error.message : said(error));

/** Tells complaints at their places; those of a record that is made go `under` its object. */
export function refusal(
  all: readonly UserError[],
  action: NamedAction,
  under: (object: string, text: string) => string,
): Refusal {
  const errors = all.filter(({ code }) => code !== "RECORD_UNDONE");
  const madeOf = ({ path }: UserError) => action.creates.find(({ name }) => name === path[0]);
  const faults = new Map<string, string>();
  const general: string[] = [];
  for (const error of errors) {
    if (isGiven(action, error.path)) {
      faults.set(error.path[0]!, told(error));
      continue;
    }
    const made = madeOf(error);
    general.push(made === undefined ? told(error) : under(made.object, told(error)));
  }
  const alike = errors.length > 0 && errors.every(({ code }) => code === "RECORD_DUPLICATE");
  return {
    faults,
    general: [...new Set(general)],
    alike: alike ? (madeOf(errors[0]!)?.object ?? null) : null,
  };
}
