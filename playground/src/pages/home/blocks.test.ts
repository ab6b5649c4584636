/** The order of blocks. */

import { expect, test } from "vitest";
import { arrangementOf, BLOCKS, shifted, toggled } from "./blocks";

test("what was kept is understood as far as it can be", () => {
  const usual = { shown: [...BLOCKS], hidden: [] };
  for (const nothing of [null, undefined, 7, "x", {}, { shown: "day", hidden: 3 }]) {
    expect(arrangementOf(nothing)).toEqual(usual);
  }
  expect(arrangementOf({ shown: ["recents", "gone", "day"], hidden: ["drafts", "day"] })).toEqual({
    shown: ["recents", "day", "dashboards"],
    hidden: ["drafts"],
  });
});

test("a block moves, hides, and comes back at the end", () => {
  const usual = arrangementOf(null);
  expect(shifted(usual, "day", 1).shown).toEqual(["drafts", "day", "recents", "dashboards"]);
  expect(shifted(usual, "day", -1)).toEqual(usual);
  expect(shifted(usual, "dashboards", 1)).toEqual(usual);
  const without = toggled(usual, "day");
  expect(without).toEqual({ shown: ["drafts", "recents", "dashboards"], hidden: ["day"] });
  expect(toggled(without, "day")).toEqual({ shown: ["drafts", "recents", "dashboards", "day"], hidden: [] });
});
