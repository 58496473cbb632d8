/**
 * Runs seeds of the simulation: `node sim/run.ts --seed 7`, or `--seeds 1..500`. A failure prints the line
 * that repeats it; `--trace` prints everything that led there, and with `--facts 3` also what was stored
 * about endpoint 3. `--first` ends with the first failure. With `--nodes 3` three processes share the store.
 */
import { parseArgs } from "node:util";
import { type RunResult, simulate } from "./simulation.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string" },
    trace: { type: "boolean", default: false },
    facts: { type: "string" },
    nodes: { type: "string", default: "1" },
    first: { type: "boolean", default: false },
  },
});

function seedsOf(): { from: number; to: number } {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(values.seeds ?? `${values.seed}..${values.seed}`) ?? [];
  if (from === undefined || to === undefined) {
    throw new Error(
      `--seed must be a whole number, --seeds two of them as in 1..500, got ${process.argv.slice(2)}`,
    );
  }
  return { from: Number(from), to: Number(to) };
}

function print({ seed, hash, violation, tail, events, arrivals, engines, simulatedMs }: RunResult): void {
  if (violation !== undefined) {
    const lines = values.trace ? tail : tail.slice(-12);
    console.log(lines.map((line) => `    ${line}`).join("\n"));
    const shared = values.nodes === "1" ? "" : ` --nodes ${values.nodes}`;
    console.log(
      `node sim/run.ts --seed ${seed}${shared} --trace  # ${violation.predicate}: ${violation.detail}`,
    );
  }
  if (violation === undefined && values.trace) {
    console.log(tail.join("\n"));
  }
  if (violation === undefined && values.seed !== undefined) {
    const hours = (simulatedMs / 3_600_000).toFixed(1);
    console.log(
      `seed ${seed} ${hash}: ${events} events, ${arrivals} requests, ${engines} engines, ${hours} h`,
    );
  }
}

const { from, to } = seedsOf();
const startedAt = performance.now();
let failed = 0;
for (let seed = from; seed <= to; seed += 1) {
  const tellOf = values.facts === undefined ? undefined : Number(values.facts);
  const result = await simulate({ seed, tellOf, nodes: Number(values.nodes) });
  print(result);
  failed += result.violation === undefined ? 0 : 1;
  if (failed > 0 && values.first) {
    break;
  }
}
const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
console.log(`${to - from + 1} seeds, ${failed} failed, ${seconds} s`);
process.exitCode = failed === 0 ? 0 : 1;
