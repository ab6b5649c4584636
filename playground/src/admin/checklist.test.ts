/** The checklist counts what there is and says what is left; it asks only what may be asked. */

import { expect, test } from "vitest";
import { setupDocument, tallies } from "./checklist";

const counted = (plural: string, recordCount: number) => ({ labelPlural: plural, plural, recordCount });
const account = (more: object) => ({ account: "a", roles: ["sales"], hasPassword: true, standing: "ACTIVE", ...more });

test("an empty company has everything to do", () => {
  const found = tallies({
    departments: counted("departments", 0),
    employees: counted("employees", 0),
    objects: [],
    roles: [],
    accounts: { nodes: [account({})] },
    layouts: [],
    menus: [{ generated: true, groups: [] }],
    schemaDraft: null,
  });
  expect(found.map(({ key, standing }) => `${key} ${standing}`)).toEqual([
    "departments TODO",
    "employees TODO",
    "roles TODO",
    "accounts TODO",
    "objects DONE",
    "layouts DONE",
    "menus DONE",
  ]);
  expect(found[0]!.to).toBe("/o/departments");
});

test("what is left over is counted", () => {
  const found = tallies({
    departments: counted("departments", 3),
    employees: null,
    objects: [{ name: "Loan", label: "Loan", custom: true, plural: "loans" }],
    roles: [
      { code: "a", heldBy: [], warnings: [] },
      { code: "b", heldBy: ["x"], warnings: ["w"] },
    ],
    accounts: {
      nodes: [
        account({}),
        account({ roles: [] }),
        account({ hasPassword: false }),
        account({ standing: "LEFT", roles: [] }),
      ],
    },
    layouts: [{ standard: false, diagnostics: [1] }],
    menus: [
      {
        generated: false,
        groups: [
          {
            entries: [
              { label: "Loan", notice: "no pages" },
              { label: "Customer", notice: null },
            ],
          },
        ],
      },
      { generated: true, groups: [{ entries: [{ label: "Loan", notice: "no pages" }] }] },
    ],
    schemaDraft: { changes: [1, 2] },
  });
  const left = Object.fromEntries(
    found.map(({ key, left }) => [key, left.map(({ what, count }) => `${what} ${count}`)]),
  );
  expect(left).toEqual({
    departments: [],
    roles: ["unheld 1", "warned 1"],
    accounts: ["withoutRole 1", "withoutPassword 1"],
    objects: ["draft 2"],
    layouts: ["missing 1", "faulty 1"],
    menus: [],
  });
});

test("whoever may only define is asked for nothing else", () => {
  expect(setupDocument(["DEFINE"])).not.toMatch(/roles \{|accounts/);
  expect(setupDocument(["RIGHTS", "PEOPLE"])).not.toMatch(/layouts|menus|schemaDraft/);
});
