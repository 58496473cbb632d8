/** Fault F10: a clock on the wall that jumps or drifts. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HOUR_MS } from "../../server/src/model/duration.ts";
import { retryAll } from "../crash/api-calls.ts";
import { faultedRun, type RunResult } from "../crash/faulted-run.ts";
import { failNowAndThen } from "../crash/receivers.ts";
import { assertNoFaults, OF_RUNS, seedOfTest } from "../crash/run-assertions.ts";
import { createMachine, NO_MACHINE } from "./machine.ts";
import { beginUnderLoad } from "./under-load.ts";

const YEAR_MS = 365 * 24 * HOUR_MS;
const JUMPS_MS = [HOUR_MS, 0, 10 * YEAR_MS, 0, -Date.now(), 0];
const REQUESTS_BETWEEN = 40;
const DRIFT_PPM = 100_000;

// Receivers' clocks are right, so that a signature of an hour ago, or of the future, is none to them.
const IS_OF_TIME = /^\w+: (the token's end must be right|Message timestamp too (old|new))$/;

describe("a server whose clock is wrong", { ...OF_RUNS, skip: NO_MACHINE }, () => {
  test("delivers on to all, in order, whatever the clock jumps to, waits for no lost decade", async (t) => {
    using machine = createMachine();
    const seed = seedOfTest();
    const installation = { database: machine.database, launch: { env: machine.env } };

    const result = await faultedRun({ seed, installation, isRepeating: false }, async (run) => {
      run.receivers.behave(failNowAndThen(run.chance));
      const { life, url, untilReceived } = await beginUnderLoad(run);
      for (const aheadMs of JUMPS_MS) {
        await untilReceived(REQUESTS_BETWEEN);
        if (aheadMs > HOUR_MS) {
          // What failed an hour ahead is rightly due in an hour: who has set the clock right does not wait.
          for (const endpoint of run.endpoints) {
            await retryAll(url, endpoint);
          }
        }
        machine.set("clockAheadMs", aheadMs);
      }
      machine.set("clockDriftPpm", DRIFT_PPM);
      await untilReceived(REQUESTS_BETWEEN);
      machine.set("clockDriftPpm", 0);
      life.kill();
      await life.ended;
      assert.equal(life.said(), "");
    });

    assertNoFaults(withoutLateSignatures(result), `${JUMPS_MS.length} jumps, seed ${seed}`, t);
  });
});

function withoutLateSignatures(result: RunResult): RunResult {
  const faults = result.report.faults.filter(
    ({ kind, detail }) => !(kind === "unverified" && IS_OF_TIME.test(detail)),
  );
  return { ...result, report: { ...result.report, faults } };
}
