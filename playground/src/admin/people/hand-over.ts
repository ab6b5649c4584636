/** What a person is responsible for, by object, and the documents that count it and hand it to somebody else. */

import type { ObjectSummary } from "../../api/metadata";
import type { Defined } from "../defined";

export interface Owned {
  object: ObjectSummary;
  /** The field with whoever is responsible. */
  owner: string;
  /** Whether it stays with the person unless somebody says otherwise: documents, and what always names who did it. */
  stays: boolean;
}

/** The objects whose records have somebody responsible that the reader may change. */
export const ownedObjects = (objects: readonly ObjectSummary[], defined: Defined): Owned[] =>
  objects.flatMap((object) => {
    const known = defined.get(object.name);
    // Where the field is not there, whoever is responsible comes from elsewhere, as from a customer to its contacts.
    const owner = known?.owner != null && known.fields.has(known.owner) ? known.owner : null;
    return owner === null || !object.owned || object.plural === null || !object.may.includes("EDIT")
      ? []
      : [{ object, owner, stays: object.kind === "DOCUMENT" || known!.required.has(owner) }];
  });

/** The objects of one question: an answer has limited parts. */
export function batches<One>(all: readonly One[], size: number): One[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, place) =>
    all.slice(place * size, (place + 1) * size),
  );
}

const lower = (name: string) => name[0]!.toLowerCase() + name.slice(1);

/** Counts the records of each object that are a person's: `n0`, `n1` and so on, in their order. */
export const countsDocument = (owned: readonly Owned[]) =>
  `query Owned($id: ID!) {
  ${owned.map(({ object, owner }, at) => `n${at}: ${lower(object.name)}Aggregate(filter: {${owner}: {id: {eq: $id}}}) { count }`).join("\n  ")}
}`;

/** What the update of all of them is given: `most` is how many there were when they were counted. */
export const handing = ({ owner }: Owned, from: string, to: string, most: number) => ({
  filter: { [owner]: { id: { eq: from } } },
  patch: { [owner]: { id: to } },
  atMost: most,
  all: false,
});

/** The address of the list of what is handed over. */
export const listOf = ({ object, owner }: Owned, person: string) => ({
  to: `/o/${object.plural}`,
  search: { [`f.${owner}`]: `in:${person}` },
});
