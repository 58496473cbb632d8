/**
 * Fault F1 and F2: a server that is killed at every named point, and at any time, loses nothing that it acknowledged.
 * `CRASH_SEED` repeats the choices of a run.
 */
import { describe, test } from "node:test";
import { interleaveRandom, planPoints, planRandom } from "./crash-plans.ts";
import { ALL_CRASH_POINTS, RECOVERY_POINTS } from "./crash-points.ts";
import { assertFlawless, seedOfTest } from "./run-assertions.ts";
import { seeded } from "./seeded.ts";

// A watchdog for a machine that has much else to do; a run takes a small part of it.
const TIMEOUT_MS = 600_000;

describe("a server that is killed", { timeout: TIMEOUT_MS }, () => {
  test("loses and repeats nothing at the points of accepting and flushing", async (t) => {
    const seed = seedOfTest();
    const points = ALL_CRASH_POINTS.filter((point) => /^(append|flush)\./.test(point));
    await assertFlawless({ seed, plan: planPoints(points, 4, seeded(seed)) }, t);
  });

  test("loses and repeats nothing at the points of sending and reading", async (t) => {
    const seed = seedOfTest();
    const points = ALL_CRASH_POINTS.filter((point) =>
      /^(send|readEvents|readRoutes|readChanged)\./.test(point),
    );
    await assertFlawless({ seed, plan: planPoints(points, 3, seeded(seed)) }, t);
  });

  test("loses and repeats nothing at the points of recovery, killed while it recovers from a kill", async (t) => {
    const seed = seedOfTest();
    const points = ALL_CRASH_POINTS.filter(
      (point) => RECOVERY_POINTS.has(point) || /^(readLog|readSettled)\./.test(point),
    );
    await assertFlawless({ seed, plan: interleaveRandom(planPoints(points, 2, seeded(seed)), 2) }, t);
  });

  test("loses and repeats nothing at any time, with backlogs of large events", async (t) => {
    const seed = seedOfTest();
    await assertFlawless({ seed, plan: planRandom(20), dataBytes: 8_000, backlogMax: 1_500 }, t);
  });

  test("loses and repeats nothing while a lane is held from the first kill to the last", async (t) => {
    const seed = seedOfTest();
    await assertFlawless({ seed, plan: planRandom(12), down: "bubblehouse" }, t);
  });
});
