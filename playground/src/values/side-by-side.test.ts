/** Steps of one group stand side by side only where they follow each other. */

import { expect, test } from "vitest";
import { sideBySide } from "./side-by-side";

test("steps that follow each other in one group are a row", () => {
  const groups = [null, "g", "g", "h", null, null, "g"];
  const rows = sideBySide(groups.map((group, place) => ({ place, group })));
  expect(rows.map((row) => row.map(({ place }) => place).join())).toEqual(["0", "1,2", "3", "4", "5", "6"]);
});
