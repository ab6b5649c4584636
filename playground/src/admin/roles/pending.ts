/** Changes of a role that are not saved yet, and what `setRights` is sent for them. */

export interface RoleField {
  object: string;
  field: string;
  right: string;
  mask: string | null;
}

export interface Ticked {
  level: string;
  values: string[];
}

export interface Caps {
  print: number | null;
  export: number | null;
  read: number | null;
}

export interface Pending {
  /** `Customer READ` to the level that shall be. */
  grants: ReadonlyMap<string, string>;
  /** `Customer phone` to what shall be said of the field. */
  fields: ReadonlyMap<string, { right: string; mask: string | null }>;
  dimensions: ReadonlyMap<string, Ticked>;
  lines: string[] | null;
  may: string[] | null;
  caps: Partial<Caps>;
}

export const NOTHING: Pending = {
  grants: new Map(),
  fields: new Map(),
  dimensions: new Map(),
  lines: null,
  may: null,
  caps: {},
};

/** A map with another value, or without it where it is as stored. */
export function put<Value>(map: ReadonlyMap<string, Value>, key: string, value: Value, stored: Value) {
  const next = new Map(map);
  if (JSON.stringify(value) === JSON.stringify(stored)) next.delete(key);
  else next.set(key, value);
  return next;
}

export const countOf = ({ grants, fields, dimensions, lines, may, caps }: Pending): number =>
  grants.size +
  fields.size +
  dimensions.size +
  (lines === null ? 0 : 1) +
  (may === null ? 0 : 1) +
  Object.keys(caps).length;

/** One change for all objects that get the same level for the same action: a call takes 200 changes. */
function grantsOf(grants: Pending["grants"]) {
  const found = new Map<string, { objects: string[]; actions: string[]; level: string }>();
  for (const [key, level] of grants) {
    const [object, action] = key.split(" ") as [string, string];
    const grant = found.get(`${action} ${level}`) ?? { objects: [], actions: [action], level };
    grant.objects.push(object);
    found.set(`${action} ${level}`, grant);
  }
  return [...found.values()];
}

/** What `setRights` is sent. */
export function changesOf(role: { code: string; version: number }, pending: Pending): Record<string, unknown>[] {
  const of = (change: object) => ({ role: role.code, expectedVersion: role.version, ...change });
  const { lines, may, caps } = pending;
  return [
    ...grantsOf(pending.grants).map((grant) => of({ grant })),
    ...[...pending.fields].map(([key, { right, mask }]) => {
      const [object, field] = key.split(" ");
      return of({ field: { object, field, right, ...(mask === null ? {} : { mask }) } });
    }),
    ...[...pending.dimensions].map(([dimension, { level, values }]) => of({ dimension: { dimension, level, values } })),
    ...(lines === null ? [] : [of({ lines })]),
    ...(may === null ? [] : [of({ may })]),
    ...(Object.keys(caps).length === 0 ? [] : [of({ caps })]),
  ];
}
