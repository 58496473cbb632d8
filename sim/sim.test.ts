import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SABOTAGES } from "./sabotage.ts";
import { type RunResult, simulate } from "./simulation.ts";

const SEEDS = 500;
// A broken guard is usually noticed by the first seed or the second.
const SABOTAGED_SEEDS = 30;
const TRACE_LINES = 40;

function reportOf({ seed, violation, tail }: RunResult): string {
  const lines = tail.slice(-TRACE_LINES).join("\n");
  return `${lines}\n\n${violation?.predicate}: ${violation?.detail}\nrepeat it: node sim/run.ts --seed ${seed}`;
}

describe("simulate()", () => {
  test(`finds nothing wrong in ${SEEDS} runs with crashes, takeovers and failing stores`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const result = await simulate({ seed });
      assert.equal(result.violation, undefined, reportOf(result));
    }
  });

  test("gives the same trace for the same seed, and another for another", async () => {
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

describe("simulate() notices a broken guard:", () => {
  for (const [name, sabotage] of SABOTAGES) {
    test(`${name}`, async () => {
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
