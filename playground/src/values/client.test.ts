/** Programs by what they call themselves. */

import { expect, test } from "vitest";
import { clientOf } from "./client";

test("browsers and systems are named, other programs as they call themselves", () => {
  const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0";
  expect(clientOf(`${chrome} Safari/537.36`)).toBe("Chrome 156, Windows");
  expect(clientOf(`${chrome} Safari/537.36 Edg/156.0.0.0`)).toBe("Edge 156, Windows");
  expect(
    clientOf(
      "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
    ),
  ).toBe("Safari 19, iOS");
  expect(clientOf("node")).toBe("node");
});
