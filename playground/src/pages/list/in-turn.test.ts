/** One job after the other, whatever becomes of each. */

import { expect, test } from "vitest";
import { inTurn } from "./in-turn";

test("a job waits for the one before, and a fault ends only its own", async () => {
  const said: string[] = [];
  const queue = inTurn((error) => said.push(String(error)));
  const slow = queue(async () => {
    await new Promise((done) => setTimeout(done, 5));
    said.push("first");
  });
  const faulty = queue(async () => {
    throw new Error("second");
  });
  const later = queue(async () => void said.push("third"));
  await Promise.all([slow, faulty, later]);
  expect(said).toEqual(["first", "Error: second", "third"]);
});
