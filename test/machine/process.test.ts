/** Faults F7, F8, F9 and F12: a process that has little, stands still, does not get its turn, or must end. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, test } from "node:test";
// house-rules allow test-sleep: that time passes is the fault.
import { setTimeout as passed } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Course, faultedRun, type RunResult } from "../crash/faulted-run.ts";
import { assertNoFaults, OF_RUNS, seedOfTest } from "../crash/run-assertions.ts";
import type { LaunchOptions } from "../crash/server-life.ts";
import { temporaryFolder } from "../crash/temporary-folder.ts";
import { beginUnderLoad } from "./under-load.ts";

const DESCRIPTORS_MAX = 256;
const CONNECTIONS = 400;
const HEAP_MEGABYTES = 64;
const REQUESTS = 40;
// The fault is that time passes.
const SUSPENDED_MS = 3000;
const SUSPENSIONS = 2;
const EXIT_SIGTERM = 143;
const AGAIN_MS = 100;

async function run(seed: number, launch: LaunchOptions, course: Course): Promise<RunResult> {
  using folder = temporaryFolder("process");
  return await faultedRun({ seed, installation: { database: `${folder.path}/posthorn.db`, launch } }, course);
}

async function connectTo(url: string): Promise<Socket> {
  const { port, hostname } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname });
  // A server without a descriptor for it may cut it.
  socket.on("error", () => undefined);
  await Promise.race([once(socket, "connect"), once(socket, "close")]);
  return socket;
}

describe("a server", OF_RUNS, () => {
  test("without descriptors and with a small heap goes on when callers let go", async (t) => {
    const seed = seedOfTest();
    const launch = { descriptorsMax: DESCRIPTORS_MAX, heapMegabytes: HEAP_MEGABYTES };

    const result = await run(seed, launch, async (faulted) => {
      const { life, url, untilReceived, goOn } = await beginUnderLoad(faulted);
      await untilReceived(REQUESTS);
      const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => connectTo(url)));
      for (const socket of sockets) {
        socket.destroy();
      }
      goOn();
      await untilReceived(REQUESTS);
      life.kill();
      assert.equal((await life.ended).signal, "SIGKILL");
    });

    assertNoFaults(result, `${DESCRIPTORS_MAX} descriptors, ${CONNECTIONS} callers, seed ${seed}`, t);
  });

  test("that stood still repeats and reorders nothing when it goes on", async (t) => {
    const seed = seedOfTest();

    const result = await run(seed, {}, async (faulted) => {
      const { life, untilReceived } = await beginUnderLoad(faulted);
      for (let count = 0; count < SUSPENSIONS; count += 1) {
        await untilReceived(REQUESTS);
        life.suspend();
        await passed(SUSPENDED_MS);
        life.wake();
      }
      await untilReceived(REQUESTS);
      life.kill();
      await life.ended;
      assert.equal(life.said(), "");
    });

    assertNoFaults(result, `${SUSPENSIONS} suspensions of ${SUSPENDED_MS} ms, seed ${seed}`, t);
  });

  test("whose event loop is blocked repeats and reorders nothing", async (t) => {
    const seed = seedOfTest();
    const preload = fileURLToPath(new URL("blocked-loop.ts", import.meta.url));

    const result = await run(seed, { preload }, async (faulted) => {
      const { life, untilReceived } = await beginUnderLoad(faulted);
      await untilReceived(REQUESTS);
      life.kill();
      await life.ended;
      assert.equal(life.said(), "");
    });

    assertNoFaults(result, `a blocked event loop, seed ${seed}`, t);
  });

  test("that is asked again to end does so, whatever is in flight, and recovers", async (t) => {
    const seed = seedOfTest();

    const result = await run(seed, {}, async (faulted) => {
      const { life, untilReceived, ended } = await beginUnderLoad(faulted);
      await untilReceived(REQUESTS);
      faulted.receivers.behave(() => ({ kind: "cut", afterMs: 100_000 }));
      await untilReceived(1);
      life.terminate();
      // A second signal that comes with the first is the same.
      const again = setInterval(() => life.terminate(), AGAIN_MS);
      const { code } = await ended();
      clearInterval(again);
      assert.equal(code, EXIT_SIGTERM);
    });

    assertNoFaults(result, `forced to end, seed ${seed}`, t);
  });
});
