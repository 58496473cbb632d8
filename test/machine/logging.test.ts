/** Fault F72: nobody reads what the server logs. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { faultedRun } from "../crash/faulted-run.ts";
import { assertNoFaults, OF_RUNS, seedOfTest } from "../crash/run-assertions.ts";
import { createMachine, NO_MACHINE } from "./machine.ts";
import { beginUnderLoad, createProbe, probe } from "./under-load.ts";

const REQUESTS = 40;
const PROBE_BYTES = 200_000;
// Each of them is a line: more than any pipe holds.
const REFUSALS = 400;

describe("a server whose log nobody reads", { ...OF_RUNS, skip: NO_MACHINE }, () => {
  for (const stderr of ["unread", "closed"] as const) {
    test(`delivers on although it is ${stderr}, and drains`, async (t) => {
      using machine = createMachine();
      const seed = seedOfTest();
      const launch = { env: machine.env, stderr };

      const result = await faultedRun(
        { seed, installation: { database: machine.database, launch } },
        async (run) => {
          const { life, url, untilReceived, goOn, ended } = await beginUnderLoad(run);
          await createProbe(url);
          await untilReceived(REQUESTS);
          machine.set("isFull", 1);
          for (let refused = 0; refused < REFUSALS; ) {
            refused += (await probe(url, PROBE_BYTES)).status === 503 ? 1 : 0;
          }
          machine.set("isFull", 0);
          goOn();
          await untilReceived(REQUESTS);
          run.drained.add(life.number);
          life.terminate();
          assert.equal((await ended()).code, 0);
        },
      );

      assertNoFaults(result, `${REFUSALS} lines that nobody reads, seed ${seed}`, t);
    });
  }
});
