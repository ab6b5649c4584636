/** Who decides, and how many of them, is told in words where it can be. */

import { expect, test } from "vitest";
import { quorumIn, sourceIn } from "./approval";

test("roles are told from paths", () => {
  expect(sourceIn("role:director")).toEqual({ role: "director", reach: false });
  expect(sourceIn("role:department_manager (reach)")).toEqual({ role: "department_manager", reach: true });
  expect(sourceIn("owner.manager")).toEqual({ path: "owner.manager" });
  expect(sourceIn("role:x (else)")).toEqual({ path: "role:x (else)" });
});

test("a quorum is one, all, a number or a share", () => {
  expect(["any", "all", "2", "60%", "x"].map(quorumIn)).toEqual(["any", "all", { of: "2" }, { of: "60%" }, "any"]);
});
