/** Tests of texts that are compared and abbreviated. */

import { describe, expect, test } from "vitest";
import { seeded } from "./seeded";
import { halfWidth, initial, matches, normalise } from "./text";

test.each([
  ["１２３．４５", "123.45"],
  ["－１，０００％", "-1,000%"],
  ["￥１", "¥1"],
  ["−1", "-1"],
  ["a　b", "a b"],
  ["５²½①", "5²½①"],
  ["客户。", "客户。"],
])("halfWidth(%j)", (text, expected) => expect(halfWidth(text)).toBe(expected));

test.each([
  ["  Acme  ", "acme"],
  ["ＡＣＭＥ　１", "acme 1"],
  ["ﬁn", "fin"],
  ["E\u0301COLE", "école"],
  ["ｶﾞ", "ガ"],
  ["客户", "客户"],
  ["", ""],
])("normalise(%j)", (text, expected) => expect(normalise(text)).toBe(expected));

describe("matches", () => {
  const keys = ["Sales order", "销售订单", "xsdd", "XiaoShou"];
  test.each([
    ["", true],
    ["   ", true],
    ["order", true],
    ["ORDER sales", true],
    ["ord　XS", true],
    ["订单", true],
    ["ｘｓ", true],
    ["order\tinvoice", false],
    ["salesorder", false],
    ["客户", false],
  ])("%j", (text, expected) => expect(matches(keys, text)).toBe(expected));

  test("no keys", () => {
    expect(matches([], "")).toBe(true);
    expect(matches([], "a")).toBe(false);
  });

  test("any parts of keys, in any order and width", () => {
    const random = seeded(1);
    for (let turn = 0; turn < 500; turn += 1) {
      const words = Array.from({ length: 1 + random.below(3) }, () => {
        const key = random.pick(keys.flatMap((all) => all.split(" ")));
        const from = random.below(key.length);
        const part = key.slice(from, from + 1 + random.below(4));
        const wide = part.replace(/[a-z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
        return random.pick([part, part.toUpperCase(), wide]);
      });
      expect(matches(keys, words.join(random.pick([" ", "  ", "　", "\t"])))).toBe(true);
      expect(matches(keys, [...words, "??"].join(" "))).toBe(false);
    }
  });
});

test.each([
  ["Alice", "A"],
  ["  bob", "b"],
  ["张三", "张"],
  ["𠮷田", "𠮷"],
  ["e\u0301cole", "e\u0301"],
  ["👨‍👩‍👧 family", "👨‍👩‍👧"],
  ["🇨🇳", "🇨🇳"],
  ["", ""],
  ["   ", ""],
])("initial(%j)", (text, expected) => expect(initial(text)).toBe(expected));
