import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SABOTAGES } from "./sabotage.ts";
import { type RunResult, simulate } from "./simulation.ts";

const SEEDS = 500;
// A test of its own for every few, so that none takes long on a busy machine.
const SEEDS_A_TEST = 50;
// A broken guard is usually noticed by the first seed or the second.
const SABOTAGED_SEEDS = 30;
const TRACE_LINES = 40;

function reportOf({ seed, violation, tail }: RunResult): string {
  const lines = tail.slice(-TRACE_LINES).join("\n");
  const repeat = `repeat it: node sim/run.ts --seed ${seed}`;
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

describe("simulate() under sabotage", () => {
  for (const [name, sabotage] of SABOTAGES) {
    test(`simulate() notices when ${name}`, async () => {
      for (let seed = 1; seed <= SABOTAGED_SEEDS; seed += 1) {
        const { violation } = await simulate({ seed, sabotage });
        if (violation !== undefined) {
          return;
        }
      }
      assert.fail(`${SABOTAGED_SEEDS} seeds found nothing wrong although ${name}`);
    });
  }
});
