/**
 * Fault F1: a server that ends itself at each named point, in the middle of its work, loses nothing that it
 * acknowledged. `CRASH_SEED` repeats the choices of a run.
 */
import { describe, test } from "node:test";
import { interleave, planPoints } from "./crash-plans.ts";
import { ALL_CRASH_POINTS, RECOVERY_POINTS } from "./crash-points.ts";
import { assertFlawless, OF_RUNS, seedOfTest } from "./run-assertions.ts";
import { seeded } from "./seeded.ts";

describe("a server that is killed loses, repeats and reorders nothing", OF_RUNS, () => {
  test("at the points of accepting and flushing", async (t) => {
    const seed = seedOfTest();
    const points = ALL_CRASH_POINTS.filter((point) => /^(append|flush)\./.test(point));
    await assertFlawless({ seed, plan: planPoints(points, 4, seeded(seed)) }, t);
  });

  test("at the points of sending and of reading under load", async (t) => {
    const seed = seedOfTest();
    const points = ALL_CRASH_POINTS.filter((point) =>
      /^(send|readEvents|readRoutes|readChanged)/.test(point),
    );
    await assertFlawless({ seed, plan: planPoints(points, 3, seeded(seed)) }, t);
  });

  test("at the points of recovery, recovering from other kills", async (t) => {
    const seed = seedOfTest();
    const points = ALL_CRASH_POINTS.filter(
      (point) => RECOVERY_POINTS.has(point) || /^(readLog|readSettled)/.test(point),
    );
    const plan = interleave(planPoints(points, 2, seeded(seed)), "kill", 3);
    await assertFlawless({ seed, plan }, t);
  });
});
