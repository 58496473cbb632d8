/**
 * Fault F2: a server that is killed at any moment loses nothing that it acknowledged. `CRASH_SEED` repeats
 * the choices of a run; its timing is the machine's.
 */
import { describe, test } from "node:test";
import { interleave, planOf } from "./crash-plans.ts";
import { assertFlawless, RUN_MS_MAX, seedOfTest } from "./run-assertions.ts";

describe("a server that is killed loses, repeats and reorders nothing", { timeout: RUN_MS_MAX }, () => {
  test("at any moment, with events large enough for checkpoints of the WAL", async (t) => {
    const seed = seedOfTest();
    await assertFlawless({ seed, plan: planOf("kill", 16), dataBytes: 50_000 }, t);
  });

  test("at any moment, with lanes that fall behind", async (t) => {
    const seed = seedOfTest();
    await assertFlawless({ seed, plan: planOf("kill", 8), backlogMax: 2_000 }, t);
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
