/** What every run must end with. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { describeReport } from "./checker.ts";
import type { CrashPoint } from "./crash-points.ts";
import type { RunResult } from "./faulted-run.ts";
import { type KillRunOptions, type KillRunResult, killRun } from "./kill-run.ts";
import { freshSeed } from "./seeded.ts";

/**
 * For suites of runs. The watchdog is for a machine that has much else to do: a run takes a small part of it.
 */
export const OF_RUNS = {
  timeout: 600_000,
  skip: process.platform === "win32" ? "Windows has no signal that asks a process to drain" : false,
};

/** A seed from the environment repeats the choices of a run; its timing is the machine's. */
export function seedOfTest(): number {
  const given = process.env["CRASH_SEED"];
  return given === undefined ? freshSeed() : Number(given);
}

// Events are read one by one only where a retry outlives the process that had them in memory.
const BY_CHANCE: ReadonlySet<CrashPoint> = new Set(["readEvents.before", "readEvents.after"]);

/**
 * Makes a run and asserts that nothing was lost, repeated, altered or out of order, and every point was
 * reached.
 */
export async function assertFlawless(options: KillRunOptions, t: TestContext): Promise<KillRunResult> {
  const result = await killRun(options);
  const { kills, reached } = result;
  const campaign = `${kills} kills, ${reached.length} at named points, seed ${options.seed}`;
  const summary = assertNoFaults(result, campaign, t);
  const planned = options.plan.flatMap((end) => (typeof end === "object" ? [end.point] : []));
  const missed = [...new Set(planned)].filter((point) => !reached.includes(point) && !BY_CHANCE.has(point));
  assert.deepEqual(missed, [], `every planned point ended a process at least once; ${summary}`);
  return result;
}

/**
 * Asserts that nothing was lost, repeated, altered or out of order; returns what can be said of the run,
 * which `what` begins.
 */
export function assertNoFaults(result: RunResult, what: string, t: TestContext): string {
  const { report, complaints, integrity } = result;
  const summary = `${what}: ${describeReport(report)}`;
  t.diagnostic(summary);
  assert.deepEqual(report.faults, [], summary);
  assert.deepEqual(complaints, [], summary);
  assert.equal(integrity, "ok", summary);
  assert.ok(report.counts.acknowledged > 0, "events were acknowledged between the faults");
  return summary;
}
