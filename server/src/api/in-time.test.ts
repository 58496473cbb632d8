import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createManualClock } from "../engine/engine-fixture.ts";
import { Problem } from "../problem.ts";
import { inTime } from "./in-time.ts";

describe("inTime()", () => {
  test("gives what was found, and what went wrong, as they are", async () => {
    const clock = createManualClock();
    assert.equal(await inTime(clock, Promise.resolve(7)), 7);
    await assert.rejects(inTime(clock, Promise.reject(new Error("gone"))), /gone/);
  });

  test("says store_unavailable where nothing was found for five seconds", async () => {
    const clock = createManualClock();
    const looking = Promise.withResolvers<number>();
    const found = inTime(clock, looking.promise);
    const refused = assert.rejects(
      found,
      (error) => error instanceof Problem && error.code === "store_unavailable",
    );
    clock.pass(5000);
    looking.resolve(7);
    await refused;
  });
});
