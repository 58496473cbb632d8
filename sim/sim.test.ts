import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { after, describe, test } from "node:test";
import type { AskedRun, LivedRun } from "./process.ts";
import { NODE_SABOTAGES, SABOTAGES } from "./sabotage.ts";

const SEEDS = 500;
// A test of its own for every few, so that none takes long on a busy machine.
const SEEDS_A_TEST = 25;
// A broken guard is usually noticed by the first seed or the second. The very first has a replay of a range
// that takes ten times as long as others where it never ends.
const SABOTAGED_SEEDS = { first: 2, last: 31 };
const TRACE_LINES = 40;
// Each costs what two lives cost: three processes look at one another all the time.
const NODES_SEEDS = 50;
const NODES = 3;

const child = fork(new URL("process.ts", import.meta.url));
const ended = once(child, "exit").then(() => assert.fail("the process that lives through seeds goes on"));
// Behind the last test it ends as it should.
ended.catch(() => undefined);
after(() => child.disconnect());

/** Lives through a seed in the other process, which answers in order. */
async function simulate(run: AskedRun): Promise<LivedRun> {
  const answered = once(child, "message");
  child.send(run);
  const [result]: LivedRun[] = await Promise.race([answered, ended]);
  assert.ok(result);
  return result;
}

function reportOf({ seed, violation, tail }: LivedRun, nodes = 1): string {
  const lines = tail.slice(-TRACE_LINES).join("\n");
  const repeat = `repeat it: node sim/run.ts --seed ${seed} --nodes ${nodes}`;
  return `${lines}\n\n${violation?.predicate}: ${violation?.detail}\n${repeat}`;
}

describe("simulate()", () => {
  for (let first = 1; first <= SEEDS; first += SEEDS_A_TEST) {
    const last = first + SEEDS_A_TEST - 1;
    test(`simulate() finds nothing wrong in seeds ${first} to ${last}`, async () => {
      for (let seed = first; seed <= last; seed += 1) {
        const result = await simulate({ seed });
        assert.equal(result.violation, undefined, reportOf(result));
      }
    });
  }

  test("simulate() gives the same trace for the same seed, and another for another", async () => {
    const hashes = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const first = await simulate({ seed });
      const second = await simulate({ seed });
      assert.equal(second.hash, first.hash, `seed ${seed}`);
      hashes.add(first.hash);
    }
    assert.equal(hashes.size, 6);
  });
});

describe("simulate() of several nodes", () => {
  for (let first = 1; first <= NODES_SEEDS; first += SEEDS_A_TEST) {
    const last = first + SEEDS_A_TEST - 1;
    test(`simulate() finds nothing wrong with ${NODES} nodes in seeds ${first} to ${last}`, async () => {
      for (let seed = first; seed <= last; seed += 1) {
        const result = await simulate({ seed, nodes: NODES });
        assert.equal(result.violation, undefined, reportOf(result, NODES));
      }
    });
  }

  test("simulate() gives the same trace for the same seed and nodes", async () => {
    const hashes = new Set<string>();
    for (const nodes of [1, 2, 3]) {
      const first = await simulate({ seed: 4, nodes });
      const second = await simulate({ seed: 4, nodes });
      assert.equal(second.hash, first.hash, `${nodes} nodes`);
      hashes.add(first.hash);
    }
    assert.equal(hashes.size, 3);
  });
});

async function assertNoticed(sabotage: string, nodes: number): Promise<void> {
  const { first, last } = SABOTAGED_SEEDS;
  for (let seed = first; seed <= last; seed += 1) {
    const { violation } = await simulate({ seed, sabotage, nodes });
    if (violation !== undefined) {
      return;
    }
  }
  assert.fail(`the seeds ${first} to ${last} found nothing wrong although ${sabotage}`);
}

describe("simulate() under sabotage", () => {
  for (const name of SABOTAGES.keys()) {
    test(`simulate() notices when ${name}`, () => assertNoticed(name, 1));
  }
  for (const name of NODE_SABOTAGES.keys()) {
    test(`simulate() notices among nodes when ${name}`, () => assertNoticed(name, NODES));
  }
});
