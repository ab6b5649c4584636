/** Texts of definitions are read as they are written, and each value knows its line. */

import { expect, test } from "vitest";
import { pathAt, readToml } from "./toml";

const TEXT = `# for everyone
object = "Customer"
kind = "detail"
header = ["level", "owner"]

[[tabs]]
label = "详情"
label_en = "Details \\"A\\""

[[tabs.sections]]
columns = 2
collapsed = true
items = [
  "code",
  { lines = "rows", width = 2, columns = ["a", { field = "b", width = 90 }] }, # the rows
  { field = "price", visible = 'status == "NEW"' },
]

[[tabs.sections]]
items = []

[[tabs]]
`;

test("a layout is read", () => {
  const { table } = readToml(TEXT);
  expect(table).toEqual({
    object: "Customer",
    kind: "detail",
    header: ["level", "owner"],
    tabs: [
      {
        label: "详情",
        label_en: 'Details "A"',
        sections: [
          {
            columns: 2,
            collapsed: true,
            items: [
              "code",
              { lines: "rows", width: 2, columns: ["a", { field: "b", width: 90 }] },
              { field: "price", visible: 'status == "NEW"' },
            ],
          },
          { items: [] },
        ],
      },
      {},
    ],
  });
});

test("a place of the text is a place of the layout", () => {
  const { spots } = readToml(TEXT);
  expect(pathAt(spots, 4, 20)).toBe("header.1");
  expect(pathAt(spots, 14, 3)).toBe("tabs.0.sections.0.items.0");
  expect(pathAt(spots, 16, 3)).toBe("tabs.0.sections.0.items.2");
  expect(pathAt(spots, 1, 1)).toBe(null);
});

test("texts of more lines, escapes, dotted keys", () => {
  expect(readToml(`a.b = """\none\\n\n  two"""\nc = '''x'y'''\nd = "\\u4E2D\\\\"\n[e]\nf = -1_000`).table).toEqual({
    a: { b: "one\n\n  two" },
    c: "x'y",
    d: "中\\",
    e: { f: -1000 },
  });
});

test("what is no definition is refused with its place", () => {
  expect(() => readToml("a = [1 2]")).toThrow("1:8");
  expect(() => readToml('a = "x')).toThrow();
});
