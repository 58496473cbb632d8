/**
 * Faults F1 and F2 over PostgreSQL: a server that is killed loses nothing that it acknowledged, and the next
 * one takes over when its lease has ended.
 */
import { describe, type TestContext, test } from "node:test";
import { DEFAULT_LIMITS } from "../../server/src/engine/limits.ts";
import { makeDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { interleave, planOf, planPoints } from "../crash/crash-plans.ts";
import { ALL_CRASH_POINTS } from "../crash/crash-points.ts";
import type { KillRunOptions } from "../crash/kill-run.ts";
import { assertFlawless, OF_RUNS, seedOfTest } from "../crash/run-assertions.ts";
import { seeded } from "../crash/seeded.ts";
import { findPostgres } from "./find-postgres.ts";

const url = await findPostgres();

/** Makes a run on a database of its own. */
async function judge(options: Omit<KillRunOptions, "installation">, t: TestContext): Promise<void> {
  const databases = await makeDatabases(url ?? "", Date.now());
  const database = await databases.create();
  t.after(async () => {
    await database.drop();
    await databases.close();
  });
  // A commit takes its time, and answers come meanwhile: as many as the engine lets wait.
  const { unflushedPerLaneMax: unflushedMax } = DEFAULT_LIMITS;
  const installation = { database: database.url, launch: {}, unflushedMax };
  await assertFlawless({ ...options, installation }, t);
}

describe("a server over PostgreSQL that is killed loses, repeats and reorders nothing", {
  ...OF_RUNS,
  skip: OF_RUNS.skip || (url === undefined && NO_POSTGRES),
}, () => {
  test("at any moment, and between processes that are asked to drain", async (t) => {
    await judge({ seed: seedOfTest(), plan: interleave(planOf("kill", 8), "drain", 4) }, t);
  });

  test("at every named point", async (t) => {
    const seed = seedOfTest();
    await judge({ seed, plan: planPoints(ALL_CRASH_POINTS, 1, seeded(seed)) }, t);
  });
});
