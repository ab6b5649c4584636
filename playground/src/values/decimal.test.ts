/** Tests of exact decimals. */

import { describe, expect, test } from "vitest";
import { readDecimal, showDecimal } from "./decimal";
import { seeded, type Seeded } from "./seeded";

/** A decimal as a whole number of its tenth decimal, so that two can be compared. */
function units(value: string): bigint {
  const [whole = "", decimals = ""] = value.split(".");
  return BigInt(whole + decimals.padEnd(10, "0"));
}

/** A decimal without superfluous zeros in front and without a negative zero. */
function any(random: Seeded): string {
  const whole = (random.text("0123456789", 20) || "0").replace(/^0+(?=\d)/, "");
  const decimals = random.below(3) ? random.text("0123456789", 8) : "";
  const text = decimals ? `${whole}.${decimals}` : whole;
  return random.below(2) && /[1-9]/.test(text) ? `-${text}` : text;
}

test.each<[string, number | undefined, string]>([
  ["0", undefined, "0"],
  ["999", undefined, "999"],
  ["1000", undefined, "1,000"],
  ["1234567", undefined, "1,234,567"],
  ["1234567.891234", undefined, "1,234,567.891234"],
  ["-100", undefined, "-100"],
  ["-1234.5", undefined, "-1,234.5"],
  ["1234.5", 2, "1,234.50"],
  ["1234", 2, "1,234.00"],
  ["1234.567", 2, "1,234.567"],
  ["-0.5", 2, "-0.50"],
  ["1234", 0, "1,234"],
  ["99999999999999999999.99", 2, "99,999,999,999,999,999,999.99"],
  ["", 2, ""],
  ["n/a", 2, "n/a"],
])("showDecimal(%j, %j)", (value, scale, expected) => expect(showDecimal(value, scale)).toBe(expected));

describe("readDecimal", () => {
  test.each<[string, string]>([
    ["0", "0"],
    ["1234.5", "1234.5"],
    [" 1234.5\t", "1234.5"],
    ["1,234.5", "1234.5"],
    ["1，234．5", "1234.5"],
    ["１２３４．５０", "1234.50"],
    ["1,234,567", "1234567"],
    ["007", "7"],
    ["000", "0"],
    ["00.10", "0.10"],
    [".5", "0.5"],
    ["5.", "5"],
    ["+5", "5"],
    ["-5", "-5"],
    ["－５", "-5"],
    ["−5", "-5"],
    ["- 5", "-5"],
    ["-0", "0"],
    ["-0.00", "0.00"],
    ["¥5", "5"],
    ["￥ 1,234.50", "1234.50"],
    ["$5", "5"],
    ["＄５", "5"],
    ["-¥5", "-5"],
    ["¥-5", "-5"],
    ["$ + 5", "5"],
    ["12%", "12"],
    ["12.5 ％", "12.5"],
    ["1.5万", "15000"],
    ["１．５ 万", "15000"],
    ["1,234.5万", "12345000"],
    ["2亿", "200000000"],
    ["-2亿", "-200000000"],
    ["1.2万亿", "1200000000000"],
    [".5万", "5000"],
    ["0.00001万", "0.1"],
    ["1.23456万", "12345.6"],
    ["1.234560万", "12345.6"],
    ["1.50000000万", "15000"],
    ["0万", "0"],
    ["¥1.5万", "15000"],
    ["123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"],
  ])("%j", (text, value) => expect(readDecimal(text)).toEqual({ value }));

  test.each([
    "",
    " ",
    ".",
    "-",
    "+",
    "¥",
    "%",
    "万",
    "--5",
    "+-5",
    "-¥-5",
    "¥¥5",
    "5-",
    "(5)",
    "1,5",
    "1,23",
    "12,34",
    "1,2345",
    "1234,567",
    ",123",
    "1,,234",
    "1 234",
    "1.2.3",
    "1.234,5",
    "1e5",
    "0x10",
    "5k",
    "1.2k",
    "5万万",
    "5%%",
    "5万%",
    "５²",
    "①",
    "½",
    "五",
    "abc",
    "NaN",
    "Infinity",
    "1_000",
    "5元",
    "5\n6",
  ])("%j has no form", (text) => {
    expect(readDecimal(text)).toEqual({ fault: "form" });
    expect(readDecimal(text, 2)).toEqual({ fault: "form" });
  });

  test.each<[string, number, ReturnType<typeof readDecimal>]>([
    ["1.23", 2, { value: "1.23" }],
    ["1.2", 2, { value: "1.2" }],
    ["1.234", 2, { fault: "digits" }],
    ["0.001", 2, { fault: "digits" }],
    ["1.5", 0, { fault: "digits" }],
    ["12.345%", 2, { fault: "digits" }],
    // The server drops zeros, too.
    ["1.2300", 2, { value: "1.23" }],
    ["1,234.00", 0, { value: "1234" }],
    ["-0.000", 2, { value: "0.00" }],
    // Counted after the unit.
    ["1.23456万", 0, { fault: "digits" }],
    ["1.23456万", 1, { value: "12345.6" }],
    ["1.2345万", 0, { value: "12345" }],
    ["1.23450万", 0, { value: "12345" }],
  ])("%j with scale %d", (text, scale, expected) => expect(readDecimal(text, scale)).toEqual(expected));

  test("what is shown is read", () => {
    const random = seeded(4);
    for (let turn = 0; turn < 2000; turn += 1) {
      const value = any(random);
      const shown = showDecimal(value);
      expect(readDecimal(shown)).toEqual({ value });
      const wide = shown.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
      expect(readDecimal(wide)).toEqual({ value });
      const padded = readDecimal(showDecimal(value, 8), 8);
      expect("value" in padded && units(padded.value) === units(value)).toBe(true);
    }
  });

  test("units multiply", () => {
    const random = seeded(5);
    for (let turn = 0; turn < 200; turn += 1) {
      const value = any(random);
      const read = readDecimal(`${value}万`);
      const again = readDecimal(`${value}亿`);
      if ("fault" in read || "fault" in again) throw new Error(value);
      expect(units(read.value)).toBe(units(value) * 10_000n);
      expect(readDecimal(`${read.value}万`)).toEqual(again);
      expect(read.value).not.toMatch(/\.\d*0$/);
    }
  });
});
