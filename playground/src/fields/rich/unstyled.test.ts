/** What is pasted is text, not the look of the program it comes from. */

import { expect, test } from "vitest";
import { unstyled } from "./unstyled";

test("styles, scripts and comments go, marks stay", () => {
  for (const [given, left] of [
    ['<p style="color:red" class="MsoNormal">a <b style=\'x\'>b</b></p>', "<p>a <b>b</b></p>"],
    ["<p onclick=x() class=c id=d>a</p>", "<p id=d>a</p>"],
    ["<style>p { color: red }</style><p>a</p><!-- c -->", "<p>a</p>"],
    ["<script>alert(1)</script>a<o:p>&nbsp;</o:p>", "a"],
    ['<meta charset="utf-8"><a href="https://a.cn" style="x">a</a>', '<a href="https://a.cn">a</a>'],
    ["<table><tr><td style='width:1px'>1 < 2</td></tr></table>", "<table><tr><td>1 < 2</td></tr></table>"],
    ['no style="x" here', 'no style="x" here'],
  ]) {
    expect(unstyled(given!), given).toBe(left);
  }
});
