/**
 * What definition texts say about rights and `/metadata` does not describe otherwise: which dimensions an object has, where
 * they end, who owns a record, which relation of an object to itself is a tree.
 */

interface DefinedObject {
  /** Paths of fields by the name of the dimension. */
  dimensions: Map<string, string[]>;
  /** Fields with the name of their type. */
  fields: Map<string, string>;
  /** Relations through which the right on another record counts. */
  parents: Set<string>;
  tree: string | null;
  owner: string | null;
  required: Set<string>;
}

export type Defined = ReadonlyMap<string, DefinedObject>;

/** Where a dimension ends: at the records of an object, or at the values of a picklist. */
export type End = { object: string; field: null } | { object: string; field: string };

const DIRECTIVES = "((?:\\s*@\\w+(?:\\([^()]*\\))?)*)";
const TYPE = new RegExp(`\\btype\\s+(\\w+)${DIRECTIVES}\\s*(?:\\{((?:[^{}()]|\\([^()]*\\))*)\\})?`, "g");
const FIELD = new RegExp(`(\\w+)\\s*(?:\\([^()]*\\))?\\s*:\\s*\\[?\\s*(\\w+)([\\]!]*)${DIRECTIVES}`, "g");

/** The arguments of each use of a directive. */
const uses = (directives: string, name: string): string[] =>
  [...directives.matchAll(new RegExp(`@${name}\\b(?:\\(([^()]*)\\))?`, "g"))].map(([, given]) => given ?? "");

/** Reads definition texts in the order in which they apply: a later text extends what an earlier one says. */
export function readDefinitions(texts: readonly string[]): Defined {
  const objects = new Map<string, DefinedObject>();
  for (const text of texts) {
    // What stands in strings and comments must not pass for definitions.
    const strings: string[] = [];
    const bare = text.replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*/g, (found) => {
      if (found.startsWith("#")) return "";
      strings.push(found.replace(/^"+|"+$/g, ""));
      return `"${strings.length - 1}"`;
    });
    const argument = (given: string, name: string): string | null => {
      const found = new RegExp(`\\b${name}\\s*:\\s*(?:"(\\d+)"|(\\w+))`).exec(given);
      return found === null ? null : found[1] === undefined ? found[2]! : strings[Number(found[1])]!;
    };
    for (const [, name, directives, body] of bare.matchAll(TYPE)) {
      const object = objects.get(name!) ?? {
        dimensions: new Map(),
        fields: new Map(),
        parents: new Set(),
        tree: null,
        owner: null,
        required: new Set<string>(),
      };
      objects.set(name!, object);
      for (const given of uses(directives!, "dimension")) {
        const dimension = argument(given, "name");
        const path = argument(given, "path");
        if (dimension === null) continue;
        if (argument(given, "removed") === "true") object.dimensions.delete(dimension);
        else if (path !== null) object.dimensions.set(dimension, path.split("."));
      }
      for (const given of uses(directives!, "responsible")) object.owner = argument(given, "owner") ?? "owner";
      for (const [, field, type, marks, said] of (body ?? "").matchAll(FIELD)) {
        object.fields.set(field!, type!);
        if (marks!.endsWith("!")) object.required.add(field!);
        for (const given of uses(said!, "relation")) {
          if (argument(given, "parent") === "true") object.parents.add(field!);
          if (argument(given, "tree") === "true") object.tree = field!;
        }
      }
    }
  }
  return objects;
}

/** The names of all dimensions, with the objects that have them. */
export function dimensionsOf(defined: Defined): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [object, { dimensions }] of defined) {
    for (const name of dimensions.keys()) found.set(name, [...(found.get(name) ?? []), object]);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Where a dimension ends. One that is a parent itself goes by the right on that parent, and has no values. */
export function endsOf(defined: Defined, dimension: string): End[] {
  const found = new Map<string, End>();
  for (const [name, object] of defined) {
    const path = object.dimensions.get(dimension);
    if (path === undefined || (path.length === 1 && object.parents.has(path[0]!))) continue;
    let at = name;
    for (const [place, step] of path.entries()) {
      const type = defined.get(at)?.fields.get(step);
      if (type === undefined) break;
      const last = place === path.length - 1;
      if (last && !defined.has(type)) found.set(type, { object: at, field: step });
      else if (last) found.set(type, { object: type, field: null });
      at = type;
    }
  }
  return [...found.values()];
}
