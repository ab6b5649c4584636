/** What is set up and what is not, from what `/metadata` tells. Pure. */

export interface Known {
  may: readonly string[];
  departments: Counted | null;
  employees: Counted | null;
  objects: { name: string; label: string; custom: boolean; plural: string | null }[];
  roles?: { code: string; heldBy: string[]; warnings: string[] }[];
  accounts?: { nodes: { account: string; roles: string[]; hasPassword: boolean; standing: string }[] };
  layouts?: { standard: boolean; diagnostics: unknown[] }[];
  menus?: { generated: boolean; groups: { entries: { label: string; notice: string | null }[] }[] }[];
  schemaDraft?: { changes: unknown[] } | null;
}

export interface Counted {
  labelPlural: string;
  plural: string | null;
  recordCount: number;
}

export interface Tally {
  key: "departments" | "employees" | "roles" | "accounts" | "objects" | "layouts" | "menus";
  /** Where it is done. */
  to: string;
  count: number;
  /** What the records are called, where they are records. */
  label?: string;
  /** TODO: nothing is there yet; LOOK: something is left over; DONE: nothing is. */
  standing: "TODO" | "LOOK" | "DONE";
  /** What is left over, and how much of it. */
  left: {
    what: "unheld" | "warned" | "withoutRole" | "withoutPassword" | "draft" | "missing" | "faulty";
    count: number;
    names?: string[];
  }[];
}

/**
 * The departments and employees of the checklist are named: they are the organisation, on which rights and reach rest,
 * and with which the server itself begins.
 */
export const DEPARTMENTS = "Department";
export const EMPLOYEES = "Employee";

/** The question, with those parts alone that the caller may ask. */
export function setupDocument(may: readonly string[]): string {
  const counted = (alias: string, name: string) =>
    `${alias}: object(name: "${name}") { labelPlural plural recordCount }`;
  return `query SetUp {
  ${counted("departments", DEPARTMENTS)} ${counted("employees", EMPLOYEES)}
  objects { name label custom plural }
  ${may.includes("RIGHTS") ? "roles { code heldBy warnings }" : ""}
  ${may.includes("PEOPLE") ? "accounts(first: 500) { nodes { account roles hasPassword standing } }" : ""}
  ${
    may.includes("DEFINE")
      ? "layouts { standard diagnostics { line } } schemaDraft { changes { kind } } menus { generated groups { entries { label notice } } }"
      : ""
  }
}`;
}

export function tallies(known: Omit<Known, "may">): Tally[] {
  const found: Tally[] = [];
  const records = (key: "departments" | "employees", counted: Counted | null) => {
    if (counted?.plural == null) return;
    const { recordCount: count, labelPlural: label, plural } = counted;
    found.push({ key, to: `/o/${plural}`, count, label, standing: count > 0 ? "DONE" : "TODO", left: [] });
  };
  const add = (key: Tally["key"], to: string, count: number, needed: boolean, left: Tally["left"]) => {
    const over = left.filter((one) => one.count > 0);
    found.push({
      key,
      to,
      count,
      standing: needed && count === 0 ? "TODO" : over.length > 0 ? "LOOK" : "DONE",
      left: over,
    });
  };
  records("departments", known.departments);
  records("employees", known.employees);
  if (known.roles !== undefined)
    add("roles", "/admin/roles", known.roles.length, true, [
      { what: "unheld", count: known.roles.filter(({ heldBy }) => heldBy.length === 0).length },
      { what: "warned", count: known.roles.filter(({ warnings }) => warnings.length > 0).length },
    ]);
  if (known.accounts !== undefined) {
    const active = known.accounts.nodes.filter(({ standing }) => standing === "ACTIVE");
    const able = active.filter(({ hasPassword }) => hasPassword);
    // Whoever does all this is one of them: alone, nobody works here yet.
    found.push({
      key: "accounts",
      to: "/admin/people",
      count: able.length,
      standing:
        active.length < 2
          ? "TODO"
          : active.some(({ roles, hasPassword }) => roles.length === 0 || !hasPassword)
            ? "LOOK"
            : "DONE",
      left: [
        { what: "withoutRole" as const, count: active.filter(({ roles }) => roles.length === 0).length },
        { what: "withoutPassword" as const, count: active.length - able.length },
      ].filter(({ count }) => count > 0),
    });
  }
  if (known.layouts === undefined || known.menus === undefined) return found;
  const own = known.objects.filter(({ custom, plural }) => custom && plural !== null);
  add("objects", "/admin/objects", own.length, false, [
    { what: "draft", count: known.schemaDraft?.changes.length ?? 0 },
  ]);
  const waiting = new Set(
    known.menus.flatMap(({ groups }) =>
      groups.flatMap(({ entries }) => entries.filter(({ notice }) => notice !== null).map(({ label }) => label)),
    ),
  );
  add("layouts", "/admin/layouts", known.layouts.filter(({ standard }) => !standard).length, false, [
    { what: "missing", count: waiting.size, names: [...waiting] },
    { what: "faulty", count: known.layouts.filter(({ diagnostics }) => diagnostics.length > 0).length },
  ]);
  add("menus", "/admin/menus", known.menus.filter(({ generated }) => !generated).length, false, []);
  return found;
}
