/** Links lead outside, by what the server keeps. */

import { expect, test } from "vitest";
import { addressOf } from "./addresses";

test("what the server keeps stays, what has no scheme gets one", () => {
  for (const [typed, address] of [
    ["https://a.cn/?b&c", "https://a.cn/?b&c"],
    [" http://a.cn ", "http://a.cn"],
    ["mailto:li@a.cn", "mailto:li@a.cn"],
    ["tel:+86-22-1", "tel:+86-22-1"],
    ["a.cn/b", "https://a.cn/b"],
    ["例子.中国", "https://例子.中国"],
    ["li@a.cn", "mailto:li@a.cn"],
  ]) {
    expect(addressOf(typed!), typed).toBe(address);
  }
});

test("what runs, what leads within the page and what is no address is none", () => {
  for (const typed of ["javascript:alert(1)", "data:text/html,x", "/logout", "#x", "words", "a b.cn", ""]) {
    expect(addressOf(typed), typed).toBeNull();
  }
});
