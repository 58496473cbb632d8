/** The harness tested: a server that breaks a promise is found out within a few kills. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeReport } from "./checker.ts";
import { planOf } from "./crash-plans.ts";
import type { FaultKind } from "./fault.ts";
import { type KillRunOptions, killRun } from "./kill-run.ts";
import { OF_RUNS, seedOfTest } from "./run-assertions.ts";
import type { SabotageName } from "./sabotage.ts";

interface Broken {
  readonly sabotage: SabotageName;
  readonly finds: FaultKind;
  readonly options?: Partial<KillRunOptions>;
}

const KILLS = 3;
// What was in flight at a kill is up to chance: one run may find nothing.
const RUNS_MAX = 3;
// A process has much in flight, waiting and settled when it dies.
const IN_THE_MIDDLE = planOf({ point: "send.after", passing: 60 }, KILLS);

const BROKEN: readonly Broken[] = [
  {
    sabotage: "acknowledgesBeforeCommit",
    finds: "lost",
    options: { plan: planOf({ point: "append.answered", passing: 15 }, KILLS) },
  },
  { sabotage: "forgetsOutcomes", finds: "repeated" },
  { sabotage: "neverFlushes", finds: "repeated" },
  { sabotage: "movesCheckpointToHead", finds: "lost" },
  { sabotage: "forgetsRetries", finds: "lost", options: { down: "bspk" } },
  { sabotage: "findsNothingSettled", finds: "repeated" },
  { sabotage: "losesLanes", finds: "lost", options: { down: "bubblehouse" } },
  {
    sabotage: "ignoresKeys",
    finds: "stored_twice",
    // What was stored and not answered is submitted again under its key.
    options: { plan: planOf({ point: "append.after", passing: 15 }, KILLS) },
  },
];

describe("checkLogs() on a real run", OF_RUNS, () => {
  for (const { sabotage, finds, options } of BROKEN) {
    test(`finds what is ${finds} by a server that ${inWords(sabotage)}`, async (t) => {
      let summary = "";
      let isFound = false;
      for (let run = 0; run < RUNS_MAX && !isFound; run += 1) {
        const seed = seedOfTest();
        const { report } = await killRun({ seed, plan: IN_THE_MIDDLE, sabotage, ...options });
        summary = `${sabotage}, ${KILLS} kills, seed ${seed}: ${describeReport(report, 3)}`;
        t.diagnostic(summary);
        isFound = report.faults.some(({ kind }) => kind === finds);
      }
      assert.ok(isFound, `${finds} must be among the faults; ${summary}`);
    });
  }
});

function inWords(name: SabotageName): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
