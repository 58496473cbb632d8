/**
 * The long campaign over PostgreSQL: `node test/postgres/campaign.ts --kills 300 [--seed N] [--nodes N]`.
 * Every run has every fault once, in an order of chance, and as many kills of nodes besides; the first that
 * loses, repeats or reorders anything ends the campaign.
 */
import { parseArgs } from "node:util";
import { describeReport } from "../crash/checker.ts";
import { freshSeed, seeded } from "../crash/seeded.ts";
import { FAULT_NAMES, type FaultName } from "./faults.ts";
import { nodesRun } from "./nodes-run.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "300" },
    nodes: { type: "string", default: "3" },
    seed: { type: "string" },
  },
});

// What ends a process, or a database, at once.
const KILLS: ReadonlySet<FaultName> = new Set(["killedNode", "crashedDatabase", "promotedStandby"]);

async function campaign(killsMin: number, firstSeed: number): Promise<boolean> {
  const befell = new Map<FaultName, number>();
  let kills = 0;
  let acknowledged = 0;
  let duplicates = 0;
  for (let seed = firstSeed; kills < killsMin; seed += 1) {
    const killed = FAULT_NAMES.map((): FaultName => "killedNode");
    const faults = seeded(seed).shuffled([...FAULT_NAMES, ...killed]);
    const { report, complaints } = await nodesRun({ seed, nodes: Number(values.nodes), faults });
    for (const fault of faults) {
      befell.set(fault, (befell.get(fault) ?? 0) + 1);
    }
    kills += faults.filter((fault) => KILLS.has(fault)).length;
    acknowledged += report.counts.acknowledged;
    duplicates += report.counts.duplicates;
    console.log(`${kills} kills, seed ${seed}: ${describeReport(report)}`);
    for (const complaint of complaints) {
      console.log(`  complaint: ${complaint}`);
    }
    if (report.faults.length > 0 || complaints.length > 0) {
      return false;
    }
  }
  const counts = [...befell].map(([fault, count]) => `${fault} ${count}`).join(", ");
  console.log(`${kills} kills, ${acknowledged} events acknowledged: lost 0, unexpected 0, inverted 0`);
  console.log(`duplicates ${duplicates}; ${counts}`);
  return true;
}

// Leaves nothing behind: what is made for a run goes when this process exits.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

const isFlawless = await campaign(
  Number(values.kills),
  values.seed === undefined ? freshSeed() : Number(values.seed),
);
process.exitCode = isFlawless ? 0 : 1;
