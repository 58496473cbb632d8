import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createManualClock } from "./engine-fixture.ts";
import { patiently } from "./patiently.ts";

/** Waits a hundred milliseconds at most, on a clock that moves so far between two looks. */
async function looksOf(isSo: (looks: number) => boolean, stepMs: number): Promise<number> {
  const clock = createManualClock();
  let looks = 0;
  let isOver = false;
  const waiting = patiently(clock, () => isSo(looks), 100).then(() => {
    isOver = true;
  });
  await new Promise(setImmediate);
  while (!isOver) {
    looks += 1;
    clock.pass(stepMs);
    await new Promise(setImmediate);
  }
  await waiting;
  return looks;
}

describe("patiently()", () => {
  test("patiently() waits until it is so, and no longer", async () => {
    assert.equal(await looksOf(() => true, 10), 0);
    assert.equal(await looksOf((looks) => looks === 3, 10), 3);
  });

  test("patiently() gives up after its time", async () => {
    assert.equal(await looksOf(() => false, 10), 10);
  });

  test("patiently() looks as often when its process gets a turn once in an hour", async () => {
    assert.equal(await looksOf((looks) => looks === 7, 3_600_000), 7);
  });
});
