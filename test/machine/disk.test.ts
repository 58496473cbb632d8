/** Faults F5 and F6: a disk that is full, and one that cannot sync. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { call, membersOf } from "../crash/api-calls.ts";
import { faultedRun } from "../crash/faulted-run.ts";
import { beginPeacefully, noteWhatWasSaid } from "../crash/one-life.ts";
import { assertNoFaults, OF_RUNS, seedOfTest } from "../crash/run-assertions.ts";
import { createMachine, NO_MACHINE } from "./machine.ts";
import { beginUnderLoad, createProbe, probe, probeUntil } from "./under-load.ts";

const OF_MACHINES = { ...OF_RUNS, skip: NO_MACHINE };

// With probes of this size a WAL grows at once, wherever in it the last commit stands.
const PROBE_BYTES = 200_000;
const PROBES_WHILE_FULL = 20;
const FULL_SAYS = /^SIGTERM: |"message":"(events|outcomes) could not be stored/;
const EXIT_STORE_FAILED = 70;
const FAILED_SYNCS = 4;

describe("a server whose disk is full", OF_MACHINES, () => {
  test("refuses events, serves on, and goes on by itself when there is room again", async (t) => {
    using machine = createMachine();
    const seed = seedOfTest();
    const refused: unknown[] = [];

    const result = await faultedRun({ seed, installation: installationOn(machine) }, async (run) => {
      const { life, url, untilReceived, goOn } = await beginUnderLoad(run);
      await createProbe(url);
      await untilReceived(40);

      machine.set("isFull", 1);
      await probeUntil(url, 503, PROBE_BYTES);
      for (let count = 0; count < PROBES_WHILE_FULL; count += 1) {
        const { status, json } = await probe(url, PROBE_BYTES);
        refused.push(`${status} ${membersOf(json)["code"]}`);
      }
      assert.equal((await call(url, "GET", { path: "/healthz" })).status, 200);
      machine.set("isFull", 0);
      await probeUntil(url, 202, PROBE_BYTES);
      goOn();
      await untilReceived(40);

      life.kill();
      assert.equal((await life.ended).signal, "SIGKILL");
      noteWhatWasSaid(run, life, FULL_SAYS);
    });

    assert.ok(machine.read("writesRefused") > PROBES_WHILE_FULL);
    assert.deepEqual(refused, Array(PROBES_WHILE_FULL).fill("503 store_unavailable"));
    assertNoFaults(result, `a full disk, seed ${seed}`, t);
  });

  test("does not start, says why, and starts when there is room again", async (t) => {
    using machine = createMachine();
    const seed = seedOfTest();

    const result = await faultedRun({ seed, installation: installationOn(machine) }, async (run) => {
      const { life, untilReceived } = await beginUnderLoad(run);
      await untilReceived(40);
      life.kill();
      await life.ended;

      machine.set("isFull", 1);
      const second = beginPeacefully(run);
      const { code } = await second.ended;
      assert.equal(code, 1);
      // It depends on which file cannot grow.
      assert.match(second.said(), /did not start: \w+: .*(database or disk is full|disk I\/O error)/);
      machine.set("isFull", 0);
    });

    assertNoFaults(result, `a full disk at the start, seed ${seed}`, t);
  });
});

describe("a server whose disk fails to sync", OF_MACHINES, () => {
  test("ends at once, has acknowledged nothing of it, and recovers", async (t) => {
    using machine = createMachine();
    const seed = seedOfTest();
    // What could not be synced is not on the disk.
    const launch = { env: machine.env, beforeEach: () => machine.losePower(() => false) };

    const result = await faultedRun(
      { seed, installation: { database: machine.database, launch } },
      async (run) => {
        for (let count = 0; count < FAILED_SYNCS; count += 1) {
          const { life, untilReceived, ended } = await beginUnderLoad(run);
          await untilReceived(10 + run.chance.below(40));
          machine.set("syncsToFail", 1);
          assert.equal((await ended()).code, EXIT_STORE_FAILED);
          assert.match(life.said(), /the store failed and its state is uncertain: this process ends/);
        }
      },
    );

    assert.equal(machine.read("syncsFailed"), FAILED_SYNCS);
    assertNoFaults(result, `${FAILED_SYNCS} failed syncs, seed ${seed}`, t);
  });
});

function installationOn({ database, env }: { database: string; env: Readonly<Record<string, string>> }) {
  return { database, launch: { env } };
}
