/**
 * The long campaign: `node test/machine/power-campaign.ts --cuts 500 [--seed N]`. Runs follow one another,
 * each on a database of its own, whose machine loses power after every process; the first fault ends the
 * campaign. Before it, servers that do not sync must be seen to lose something.
 */
import { parseArgs } from "node:util";
import { describeReport } from "../crash/checker.ts";
import { interleave, planOf } from "../crash/crash-plans.ts";
import { freshSeed } from "../crash/seeded.ts";
import { NO_MACHINE } from "./machine.ts";
import { type PowerRunOptions, powerRun } from "./power-run.ts";

const { values } = parseArgs({
  options: { cuts: { type: "string", default: "500" }, seed: { type: "string" } },
});

/** Kinds of runs, in turn. */
const KINDS: readonly Omit<PowerRunOptions, "seed">[] = [
  { plan: planOf("kill", 18), kept: "nothing" },
  { plan: planOf("kill", 18), kept: "some" },
  { plan: planOf("kill", 18), kept: "some", dataBytes: 120_000 },
  { plan: planOf("kill", 12), kept: "some", dataBytes: 100, eventsMax: 200, backlogMax: 1_500 },
  { plan: interleave(planOf("kill", 9), "drain", 1), kept: "nothing" },
];

const SABOTAGED_RUNS = 3;

async function sabotaged(firstSeed: number): Promise<number> {
  let lost = 0;
  for (let seed = firstSeed; seed < firstSeed + SABOTAGED_RUNS; seed += 1) {
    const { report } = await powerRun({ seed, plan: planOf("kill", 4), kept: "nothing", isSabotaged: true });
    lost += report.faults.filter(({ kind }) => kind === "lost").length;
  }
  console.log(`without a sync, ${SABOTAGED_RUNS} runs from seed ${firstSeed}: lost ${lost}`);
  return lost;
}

async function campaign(cutsMin: number, firstSeed: number): Promise<boolean> {
  let cuts = 0;
  let acknowledged = 0;
  for (let round = 0; cuts < cutsMin; round += 1) {
    const seed = firstSeed + round;
    const kind = KINDS[round % KINDS.length];
    if (kind === undefined) {
      break;
    }
    const result = await powerRun({ ...kind, seed });
    cuts += result.cuts;
    acknowledged += result.report.counts.acknowledged;
    console.log(`${cuts} cuts, seed ${seed}: ${describeReport(result.report)}`);
    const complaints = [...result.complaints, ...(result.integrity === "ok" ? [] : [result.integrity])];
    for (const complaint of complaints) {
      console.log(`  complaint: ${complaint}`);
    }
    if (result.report.faults.length > 0 || complaints.length > 0) {
      return false;
    }
  }
  console.log(
    `${cuts} power cuts, ${acknowledged} events acknowledged, seeds from ` +
      `${firstSeed}: lost 0, unexpected 0, inverted 0`,
  );
  return true;
}

async function main(): Promise<number> {
  if (NO_MACHINE !== false) {
    console.log(`skipped: ${NO_MACHINE}`);
    return 0;
  }
  const seed = values.seed === undefined ? freshSeed() : Number(values.seed);
  return (await sabotaged(seed)) > 0 && (await campaign(Number(values.cuts), seed)) ? 0 : 1;
}

// Leaves nothing behind: what is made for a run goes when this process exits.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
process.exitCode = await main();
