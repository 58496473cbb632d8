/**
 * Faults F4, F8, F12, F20 to F25 and F27 over PostgreSQL: nodes that all take events are killed, drained and
 * suspended; their database goes away, comes back, is replaced by its standby, takes no writes or no
 * connections; the line between is silent, slow, cut, or loses answers.
 */
import { describe, type TestContext, test } from "node:test";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { assertNoFaults, OF_RUNS, seedOfTest } from "../crash/run-assertions.ts";
import { seeded } from "../crash/seeded.ts";
import { FAULT_NAMES, type FaultName } from "./faults.ts";
import { findPostgres } from "./find-postgres.ts";
import { nodesRun } from "./nodes-run.ts";

const isThere = (await findPostgres()) !== undefined;

async function judge(names: readonly FaultName[], nodes: number, t: TestContext): Promise<void> {
  const seed = seedOfTest();
  const faults = seeded(seed).shuffled(names);
  const result = await nodesRun({ seed, nodes, faults });
  assertNoFaults(result, `${nodes} nodes, ${faults.join(", ")}, seed ${seed}`, t);
}

describe("nodes over a PostgreSQL lose, repeat and reorder nothing", {
  ...OF_RUNS,
  skip: OF_RUNS.skip || (!isThere && NO_POSTGRES),
}, () => {
  test("whatever befalls three of them", async (t) => {
    await judge(FAULT_NAMES, 3, t);
  });

  test("while two of them end again and again", async (t) => {
    await judge(
      ["killedNode", "drainedNode", "suspendedNode", "crashedDatabase", "killedNode", "cutLine"],
      2,
      t,
    );
  });
});
