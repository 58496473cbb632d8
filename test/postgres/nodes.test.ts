/**
 * Faults F12, F20 and F25 over PostgreSQL: the database goes away and comes back, connections are ended, and
 * processes that wait for the lease take over from one that is killed or drained.
 */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { DEFAULT_LIMITS } from "../../server/src/engine/limits.ts";
import { type Cluster, startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { openDatabase } from "../../server/src/stores/postgres/database.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { type Course, faultedRun } from "../crash/faulted-run.ts";
import { beginPeacefully, endInPeace, hasLived, mustListen, type Run } from "../crash/one-life.ts";
import { assertNoFaults, OF_RUNS, seedOfTest } from "../crash/run-assertions.ts";
import type { ServerLife } from "../crash/server-life.ts";
import { findPostgres } from "./find-postgres.ts";

const isThere = (await findPostgres()) !== undefined;

/** Makes a run on a PostgreSQL of its own, and judges it. */
async function judge(what: string, course: (cluster: Cluster) => Course, t: TestContext): Promise<void> {
  const cluster = await startCluster();
  assert.ok(cluster);
  t.after(() => cluster.close());
  const installation = {
    database: cluster.urlOf("postgres"),
    launch: {},
    unsettledMax: DEFAULT_LIMITS.unflushedMax,
  };
  const seed = seedOfTest();
  const result = await faultedRun({ seed, installation }, course(cluster));
  assertNoFaults(result, `${what}, seed ${seed}`, t);
}

async function serve(run: Run, life: ServerLife): Promise<void> {
  run.site.announce({ life: life.number, url: await mustListen(life) });
}

/** What it said is what it must say: that the database was gone. */
async function drain(run: Run, life: ServerLife): Promise<void> {
  run.drained.add(life.number);
  life.terminate();
  assert.deepEqual(await life.ended, { code: 0, signal: null });
}

// Requests that receivers have between two faults.
const SOME = { requests: 40 };

describe("over a PostgreSQL that fails, nothing is lost, repeated or reordered", {
  ...OF_RUNS,
  skip: OF_RUNS.skip || (!isThere && NO_POSTGRES),
}, () => {
  test("while it is killed and comes back, and its connections are ended", async (t) => {
    const course =
      (cluster: Cluster): Course =>
      async (run) => {
        const life = beginPeacefully(run);
        await serve(run, life);
        for (let times = 0; times < 3; times += 1) {
          await hasLived(run, life, SOME);
          await cluster.kill();
          await cluster.start();
          await hasLived(run, life, SOME);
          await endConnections(cluster);
        }
        await hasLived(run, life, SOME);
        await drain(run, life);
      };
    await judge("3 crashes of the database", course, t);
  });

  test("while processes that wait take over from one that is killed, and one that drains", async (t) => {
    const course = (): Course => async (run) => {
      const first = beginPeacefully(run);
      await serve(run, first);
      const second = beginPeacefully(run);
      await hasLived(run, first, SOME);
      first.kill();
      await serve(run, second);
      const third = beginPeacefully(run);
      await hasLived(run, second, SOME);
      await endInPeace(run, second);
      await serve(run, third);
      await hasLived(run, third, SOME);
      await endInPeace(run, third);
    };
    await judge("2 processes that took over", course, t);
  });
});

async function endConnections(cluster: Cluster): Promise<void> {
  const database = openDatabase({ url: cluster.urlOf("postgres"), name: "test", connectionsMax: 1 });
  for (let times = 0; times < 5; times += 1) {
    await database.rows(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
    );
  }
  await database.close();
}
