/** Tests of the text of spreadsheets. */

import { describe, expect, test } from "vitest";
import { readTable, writeTable } from "./paste";
import { seeded } from "./seeded";

describe("readTable", () => {
  test.each<[string, string[][]]>([
    ["", []],
    ["a", [["a"]]],
    ["a\n", [["a"]]],
    ["a\r\n", [["a"]]],
    ["a\n\n", [["a"], [""]]],
    ["\n", [[""]]],
    ["\t", [["", ""]]],
    ["a\t", [["a", ""]]],
    ["\ta\n", [["", "a"]]],
    [
      "a\tb\nc\td",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "a\tb\r\nc\td\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["a\rb\r", [["a"], ["b"]]],
    ["a\n\nb", [["a"], [""], ["b"]]],
    ["a\tb\nc", [["a", "b"], ["c"]]],
    ['"a\tb"\tc', [["a\tb", "c"]]],
    ['"a\nb"\tc\n', [["a\nb", "c"]]],
    ['"a\r\nb"\r\nc', [["a\r\nb"], ["c"]]],
    ['"say ""hi""\nnow"\n', [['say "hi"\nnow']]],
    ['""', [[""]]],
    ['""\n', [[""]]],
    ['""""', [['"']]],
    ['""\t""\n""', [["", ""], [""]]],
    ["  a \t b", [["  a ", " b"]]],
    // Not quoted, although there are quotes.
    ['5" pipe\tb', [['5" pipe', "b"]]],
    ['"A" series\tb', [['"A" series', "b"]]],
    ['"open\tb\nc', [['"open', "b"], ["c"]]],
    ['a"b\nc"\td', [['a"b'], ['c"', "d"]]],
    ['"', [['"']]],
    ['"""', [['"""']]],
  ])("%j", (text, rows) => expect(readTable(text)).toEqual(rows));
});

describe("writeTable", () => {
  test.each<[string[][], string]>([
    [[], ""],
    [[["a"]], "a"],
    [
      [
        ["a", "b"],
        ["c", "d"],
      ],
      "a\tb\nc\td",
    ],
    [[["a\tb", 'c"d']], '"a\tb"\tc"d'],
    [[["a\nb"], ['"c"']], '"a\nb"\n"""c"""'],
    [[[""]], "\n"],
    [[["a"], [""]], "a\n\n"],
    [[[""], ["a"]], "\na"],
    [[["", ""]], "\t"],
  ])("%j", (rows, text) => expect(writeTable(rows)).toBe(text));
});

test("what is written is read, with each kind of line end", () => {
  const random = seeded(2);
  for (let turn = 0; turn < 3000; turn += 1) {
    const rows = Array.from({ length: random.below(4) }, () =>
      Array.from({ length: 1 + random.below(3) }, () => random.text('ab"\t\n\r 客', 5)),
    );
    const text = writeTable(rows);
    expect(readTable(text)).toEqual(rows);
    if (text && !text.endsWith("\n")) expect(readTable(`${text}\r\n`)).toEqual(rows);
  }
});

test("any text is read, and what was read is kept", () => {
  const random = seeded(3);
  for (let turn = 0; turn < 3000; turn += 1) {
    const rows = readTable(random.text('a"\t\n\r', 12));
    expect(rows.every((row) => row.length > 0)).toBe(true);
    expect(readTable(writeTable(rows))).toEqual(rows);
  }
});

test("a large table takes no time", () => {
  const rows = Array.from({ length: 20_000 }, (_, row) => [`"${row}`, `${row}\n"x`, "", "plain"]);
  expect(readTable(writeTable(rows))).toEqual(rows);
  expect(readTable('"a\t'.repeat(50_000))[0]).toHaveLength(50_001);
});
