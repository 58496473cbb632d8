/**
 * A server under load is killed, its file is moved by a command that is killed again and again, and a server
 * over PostgreSQL goes on. `CRASH_SEED` repeats the choices of a run; its timing is the machine's.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { DEFAULT_LIMITS } from "../../server/src/engine/limits.ts";
import { makeDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { faultedRun, type RunOptions } from "../crash/faulted-run.ts";
import { beginPeacefully, hasLived, liveAndEnd, mustListen, type Run } from "../crash/one-life.ts";
import { assertNoFaults, OF_RUNS, seedOfTest } from "../crash/run-assertions.ts";
import { temporaryFolder } from "../crash/temporary-folder.ts";
import { findPostgres } from "../postgres/find-postgres.ts";

const MOVING = fileURLToPath(new URL("moving-process.ts", import.meta.url));

const postgres = await findPostgres();

const REQUESTS = 150;
const OVERDUE_MS = 60_000;
const KILLS = 12;
// A move of little makes about a hundred and fifty statements and commits, a third of them before it copies.
const POINTS_MAX = 150;

/** Moves until it is killed at a point, or to its end: then with true. */
async function moveUntil(path: string, url: string, point: number): Promise<boolean> {
  const ended = Promise.withResolvers<string>();
  const child = execFile(process.execPath, [MOVING, path, url, `${point}`], (error, _, said) =>
    ended.resolve(error === null || child.signalCode === "SIGKILL" ? "" : said),
  );
  assert.equal(await ended.promise, "");
  return child.exitCode === 0;
}

/** Moves what a server has left, killed at points of chance; returns how often it was. */
async function moveUnderKills({ chance, path }: Run, url: string): Promise<number> {
  for (let kills = 0; kills < KILLS; kills += 1) {
    if (await moveUntil(path, url, 1 + chance.below(POINTS_MAX))) {
      return kills;
    }
  }
  assert.ok(await moveUntil(path, url, 0), "nothing kills the last one");
  return KILLS;
}

async function judge(options: Omit<RunOptions, "installation" | "seed">, t: TestContext): Promise<void> {
  const databases = await makeDatabases(postgres ?? "", Date.now());
  const database = await databases.createEmpty();
  const folder = temporaryFolder("move");
  t.after(async () => {
    folder[Symbol.dispose]();
    await database.drop();
    await databases.close();
  });
  const seed = seedOfTest();
  const { unflushedPerLaneMax: unflushedMax } = DEFAULT_LIMITS;
  const installation = { database: join(folder.path, "posthorn.db"), launch: {}, unflushedMax };
  let kills = 0;

  const result = await faultedRun({ ...options, seed, installation }, async (run) => {
    const life = beginPeacefully(run);
    run.site.announce({ life: life.number, url: await mustListen(life) });
    await hasLived(run, life, { requests: REQUESTS, overdueMs: OVERDUE_MS });
    life.kill();
    await life.ended;
    kills = await moveUnderKills(run, database.url);
    run.path = database.url;
    await liveAndEnd(run, "kill");
    await liveAndEnd(run, "kill");
  });

  assertNoFaults(result, `a move that was killed ${kills} times, seed ${seed}`, t);
  assert.ok(kills > 0, "it was killed on the way");
}

describe("a move loses, repeats and reorders nothing", {
  ...OF_RUNS,
  skip: OF_RUNS.skip || (postgres === undefined && NO_POSTGRES),
}, () => {
  test("of what waits when receivers fail now and then", async (t) => {
    await judge({}, t);
  });

  test("of a lane that was held all along", async (t) => {
    await judge({ down: "bubblehouse" }, t);
  });
});
