/**
 * Fault F2: a server that is killed at any moment loses nothing that it acknowledged. `CRASH_SEED` repeats
 * the choices of a run; its timing is the machine's.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DEFAULT_LIMITS } from "../../server/src/engine/limits.ts";
import { interleave, planOf } from "./crash-plans.ts";
import { assertFlawless, OF_RUNS, seedOfTest } from "./run-assertions.ts";

// A checkpoint of the WAL comes when it has grown to some 32 MB; it leaves about as much in the file.
const WAL_BYTES = 16e6;

describe("a server that is killed loses, repeats and reorders nothing", OF_RUNS, () => {
  test("at any moment, with events large enough for checkpoints of the WAL", async (t) => {
    const seed = seedOfTest();
    const { fileBytes } = await assertFlawless({ seed, plan: planOf("kill", 16), dataBytes: 120_000 }, t);
    assert.ok(fileBytes > WAL_BYTES, `the WAL was copied into the file: ${fileBytes}`);
  });

  test("at any moment, with lanes that fall behind", async (t) => {
    const seed = seedOfTest();
    const options = { seed, plan: planOf("kill", 8), dataBytes: 100, eventsMax: 200, backlogMax: 1_300 };
    const { backlogPeak } = await assertFlawless(options, t);
    assert.ok(backlogPeak > DEFAULT_LIMITS.laneReadyMax, `a lane fell behind: ${backlogPeak} waited`);
  });

  test("while a lane is held from the first kill to the last", async (t) => {
    const seed = seedOfTest();
    await assertFlawless({ seed, plan: planOf("kill", 10), down: "bubblehouse" }, t);
  });

  test("between processes that are asked to drain", async (t) => {
    const seed = seedOfTest();
    await assertFlawless({ seed, plan: interleave(planOf("kill", 6), "drain", 1) }, t);
  });
});
