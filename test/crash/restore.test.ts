/**
 * Fault F16: the machine is lost, and a backup is what is left. `CRASH_SEED` repeats the choices of a run;
 * its timing is the machine's.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ADMIN_KEY, call, membersOf, mustCall } from "./api-calls.ts";
import { describeReport } from "./checker.ts";
import { faultedRun } from "./faulted-run.ts";
import type { ProducerEntry } from "./logs.ts";
import { beginPeacefully, hasLived, mustListen, type Run } from "./one-life.ts";
import { OF_RUNS, seedOfTest } from "./run-assertions.ts";
import type { ServerLife } from "./server-life.ts";

const COMMAND_LINE = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));
const REQUESTS = 60;
const OVERDUE_MS = 60_000;
// Whatever would be sent at once, if it were not for the pause, is sent in less.
const CALLS_WHILE_PAUSED = 50;

async function backUp(run: Run, to: string): Promise<void> {
  await promisify(execFile)(process.execPath, [COMMAND_LINE, "backup", to], {
    env: {
      PATH: process.env["PATH"],
      POSTHORN_DATABASE_URL: `sqlite:${run.path}`,
      POSTHORN_ADMIN_KEY: ADMIN_KEY,
    },
  });
}

/** Puts a backup where the database was. */
function restore(run: Run, from: string): void {
  for (const suffix of ["", "-wal", "-shm"]) {
    rmSync(`${run.path}${suffix}`, { force: true });
  }
  renameSync(from, run.path);
}

function acknowledgedIn(log: readonly ProducerEntry[]): ReadonlySet<number> {
  const requests = new Set(log.filter(({ kind }) => kind === "acknowledged").map(({ request }) => request));
  const intents = log.filter((entry) => entry.kind === "intent");
  return new Set(
    intents
      .filter(({ request }) => requests.has(request))
      .flatMap(({ events }) => events.map(({ number }) => number)),
  );
}

async function live(run: Run): Promise<{ life: ServerLife; url: string }> {
  const life = beginPeacefully(run);
  const url = await mustListen(life);
  run.site.announce({ life: life.number, url });
  return { life, url };
}

describe("a server that was restored from a backup", OF_RUNS, () => {
  test("waits, sends when it is told to, has all from before the backup, in order", async (t) => {
    const seed = seedOfTest();
    let known: ReadonlySet<number> = new Set();

    const { report, complaints, integrity } = await faultedRun(
      { seed, isRepeating: false },
      async (run, producer) => {
        const { life } = await live(run);
        await hasLived(run, life, { requests: REQUESTS, overdueMs: OVERDUE_MS });
        known = acknowledgedIn([...producer.log]);
        const backup = `${run.path}.backup`;
        await backUp(run, backup);
        await hasLived(run, life, { requests: REQUESTS, overdueMs: OVERDUE_MS });
        life.kill();
        await life.ended;
        restore(run, backup);

        const second = beginPeacefully(run);
        const url = await mustListen(second);
        const received = run.receivers.receipts.length;
        for (let count = 0; count < CALLS_WHILE_PAUSED; count += 1) {
          const { json } = await call(url, "GET", { path: "/v1/sending" });
          assert.equal(membersOf(json)["state"], "paused");
        }
        assert.equal(run.receivers.receipts.length, received, "nothing is sent while it is paused");
        run.site.announce({ life: second.number, url });
        await mustCall(url, "POST", { path: "/v1/sending/resume" });
        await hasLived(run, second, { requests: REQUESTS, overdueMs: OVERDUE_MS });
        second.kill();
        await second.ended;
        assert.match(second.said(), /restored from a backup: nothing is sent until/);
      },
    );

    const summary = `backup under load, seed ${seed}: ${describeReport(report)}`;
    t.diagnostic(summary);
    const numbersOf = (detail: string) => Number(/^event (\d+)/.exec(detail)?.[1]);
    const lost = report.faults.filter(({ kind, detail }) => kind === "lost" && known.has(numbersOf(detail)));
    const others = report.faults.filter(({ kind }) =>
      ["unexpected", "inverted", "unverified"].includes(kind),
    );
    assert.ok(known.size > 0, "events were acknowledged before the backup");
    assert.deepEqual(lost, [], summary);
    assert.deepEqual(others, [], summary);
    assert.deepEqual([complaints, integrity], [[], "ok"]);
  });
});
