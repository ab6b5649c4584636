/** Picklists of one's own are written as they stand; of those of the program, what differs. */

import { expect, test } from "vitest";
import { given as begun, stepsOf } from "./field-steps";
import { membersOf } from "./sdl";
import { valuesOf, withDesign } from "./values";

const OWN = `enum Kind {
  A @label(zh: "甲", en: "First") @option(color: "#ff0000", under: [X])
  B
}
`;
const LIVE = [
  { name: "A", labelZh: "甲", labelEn: "A", color: null, active: true },
  { name: "B", labelZh: "乙", labelEn: "B", color: null, active: true },
];

test("a picklist of one's own: relabelled, turned, added to", () => {
  const values = valuesOf(OWN, "Kind", []);
  expect(values).toEqual([
    { name: "A", zh: "甲", en: "First", color: "#ff0000", active: true },
    { name: "B", zh: "", en: "", color: null, active: true },
  ]);
  const turned = [
    { ...values[1]!, zh: "乙", active: false },
    values[0]!,
    { name: "C", zh: "丙", en: "", color: null, active: true },
  ];
  expect(withDesign(OWN, "Kind", [], turned)).toBe(`enum Kind {
  B @label(zh: "乙") @option(inactive: true)
  A @label(zh: "甲", en: "First") @option(color: "#ff0000", under: [X])
  C @label(zh: "丙")
}
`);
});

test("a picklist of the program: only what differs is stated", () => {
  const values = valuesOf("", "Level", LIVE);
  expect(withDesign("", "Level", LIVE, values)).toBe("");
  const changed = withDesign("", "Level", LIVE, [values[0]!, { ...values[1]!, active: false }]);
  expect(changed).toBe(`extend enum Level {\n  B @label(zh: "乙", en: "B") @option(inactive: true)\n}\n`);
  expect(valuesOf(changed, "Level", LIVE)[1]!.active).toBe(false);
  const turned = withDesign("", "Level", LIVE, [values[1]!, values[0]!]);
  expect(turned).toContain(`B @label(zh: "乙", en: "B") @option(place: 1)`);
});

test("a field is changed by steps", () => {
  const text = `type Loan { size: String! @field(label: "规格") @index(x: 1) }`;
  const member = membersOf(text, "Loan")[0]!;
  const before = begun(member);
  expect(stepsOf("Loan", member, before)).toEqual([]);
  expect(stepsOf("Loan", member, { ...before, labelEn: 'The "size"', required: false, name: "extent" })).toEqual([
    {
      updateField: {
        object: "Loan",
        field: "size",
        sdl: 'size: String @field(label: "规格", labelEn: "The \\"size\\"") @index(x: 1)',
      },
    },
    { renameField: { object: "Loan", field: "size", to: "extent" } },
  ]);
  expect(stepsOf("Loan", member, { ...before, type: "MONEY" })).toEqual([
    {
      retypeField: {
        object: "Loan",
        field: "size",
        onFailure: "REFUSE",
        sdl: 'size: Decimal! @field(label: "规格", type: MONEY) @index(x: 1)',
      },
    },
  ]);
});
