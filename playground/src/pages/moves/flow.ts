/** What a flow says of a move: which leads where, which leads back, what a refusal asks for. Pure. */

import type { FieldInfo, Flow, FlowMove, ObjectSummary } from "../../api/metadata";
import { valueAt, type Values } from "../../api/paths";
import { KINDS } from "../../fields/kinds";
import type { UserError } from "../../form/use-draft";

/** A move or a named action of a record, and whether it can be made now. */
export interface Action {
  code: string;
  allowed: boolean;
  /** What closes it. */
  because?: "STATE" | "CONDITION" | "RIGHT" | null;
}

/** The moves that can be made of a record, in the order of its flow. */
export const allowedMoves = ({ flow }: ObjectSummary, actions: readonly Action[] | undefined): FlowMove[] =>
  flow?.moves.filter(({ code }) => actions?.some((action) => action.allowed && action.code === code)) ?? [];

/** The move that leads back from a state to the one before, without asking for anything that it needs. */
export const moveBack = ({ moves }: Flow, from: string, to: string): FlowMove | undefined =>
  moves.find((move) => move.to === to && move.from.includes(from) && !move.input.some(({ required }) => required));

/** The moves that may be made of all of these records, as far as their states are known. */
export const movesOfAll = ({ flow }: ObjectSummary, records: readonly Values[]): FlowMove[] =>
  flow?.moves.filter(({ from }) =>
    records.every((record) => {
      const state = valueAt(record, flow.field);
      return typeof state !== "string" || from.includes(state);
    }),
  ) ?? [];

/** The fields of a move, as it needs them. */
export const inputsOf = ({ input }: FlowMove, fields: ReadonlyMap<string, FieldInfo>): FieldInfo[] =>
  input.flatMap(({ field, required }) => {
    const known = fields.get(field);
    return known === undefined ? [] : [{ ...known, required }];
  });

/** Faults without those of a field. */
export const without = (faults: ReadonlyMap<string, string>, name: string): ReadonlyMap<string, string> =>
  new Map([...faults].filter(([key]) => key !== name));

/** What a refused move comes to. */
export interface Lacking {
  /** The fields that have to be filled in, and can be. */
  fields: FieldInfo[];
  /** What is wrong with each. */
  faults: ReadonlyMap<string, string>;
  /** What is told of nothing that can be filled in. */
  general: string[];
}

/** These name fields without asking for them: what others have written, and what went with another refusal. */
const NO_QUESTION = ["RECORD_VERSION", "RECORD_STATE"];

export const said = ({ message, hint }: UserError) => (hint === null ? message : `${message} (${hint})`);

/** Which fields a refusal asks for. A record that is closed takes those alone for which the move itself asks. */
export function lacking(
  errors: readonly UserError[],
  move: FlowMove,
  fields: ReadonlyMap<string, FieldInfo>,
  state: string,
  open: boolean,
): Lacking {
  const asked = new Map<string, FieldInfo>();
  const faults = new Map<string, string>();
  const general: string[] = [];
  for (const error of errors) {
    if (error.code === "RECORD_UNDONE") continue;
    const name = error.path.join(".");
    const field = fields.get(name);
    const given = move.input.some((input) => input.field === name);
    const written =
      open && field?.writable === true && field.access === "READ_WRITE" && KINDS[field.type].entry !== "none";
    if (field === undefined || name === state || NO_QUESTION.includes(error.code) || !(given || written)) {
      general.push(said(error));
    } else {
      asked.set(name, field);
      faults.set(name, said(error));
    }
  }
  return { fields: [...asked.values()], faults, general: [...new Set(general)] };
}
