/**
 * Fault F3: a server whose machine loses power loses nothing that it acknowledged. `CRASH_SEED` repeats the
 * choices of a run; its timing is the machine's.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeReport } from "../crash/checker.ts";
import { interleave, planOf } from "../crash/crash-plans.ts";
import { assertNoFaults, OF_RUNS, seedOfTest } from "../crash/run-assertions.ts";
import { NO_MACHINE } from "./machine.ts";
import { powerRun } from "./power-run.ts";

const OF_MACHINES = { ...OF_RUNS, skip: NO_MACHINE };

// What was in flight at a cut is up to chance: one run may lose nothing.
const RUNS_MAX = 3;

describe("a server whose machine loses power loses, repeats and reorders nothing", OF_MACHINES, () => {
  test("when everything is lost that was not synced", async (t) => {
    const seed = seedOfTest();
    const result = await powerRun({ seed, plan: planOf("kill", 4), kept: "nothing" });
    assertNoFaults(result, `${result.cuts} cuts that keep nothing, seed ${seed}`, t);
  });

  test("when sectors are lost here and there, during checkpoints of the WAL as well", async (t) => {
    const seed = seedOfTest();
    const result = await powerRun({ seed, plan: planOf("kill", 6), kept: "some", dataBytes: 120_000 });
    assertNoFaults(result, `${result.cuts} cuts that keep some, seed ${seed}`, t);
  });

  test("after it was asked to drain", async (t) => {
    const seed = seedOfTest();
    const plan = interleave(planOf("kill", 2), "drain", 1);
    const result = await powerRun({ seed, plan, kept: "nothing" });
    assertNoFaults(result, `${result.cuts} cuts that keep nothing, seed ${seed}`, t);
  });
});

describe("powerRun()", OF_MACHINES, () => {
  test("powerRun() finds what a server loses that commits without a sync", async (t) => {
    let summary = "";
    let lost = 0;
    for (let run = 0; run < RUNS_MAX && lost === 0; run += 1) {
      const seed = seedOfTest();
      const plan = planOf("kill", 3);
      const { report, cuts } = await powerRun({ seed, plan, kept: "nothing", isSabotaged: true });
      summary = `${cuts} cuts, without a sync, seed ${seed}: ${describeReport(report, 3)}`;
      t.diagnostic(summary);
      lost = report.faults.filter(({ kind }) => kind === "lost").length;
    }
    assert.ok(lost > 0, `a loss must be found; ${summary}`);
  });
});
