/**
 * The long campaign: `node test/crash/campaign.ts --kills 2000 [--seed N]`. Runs of some thirty kills follow
 * one another, each on a database of its own, each of another kind; the first fault ends the campaign. With
 * `--backlog N`, held endpoints of two contracts take N events and drain all of them instead.
 */
import { parseArgs } from "node:util";
import { type BacklogReceiver, backlogRun, describeBacklog, isInOrder } from "./backlog-run.ts";
import { describeReport } from "./checker.ts";
import { interleave, planOf, planPoints } from "./crash-plans.ts";
import { ALL_CRASH_POINTS } from "./crash-points.ts";
import { type KillRunOptions, killRun } from "./kill-run.ts";
import { type Chance, freshSeed, seeded } from "./seeded.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "2000" },
    seed: { type: "string" },
    backlog: { type: "string" },
  },
});

/** Kinds of runs, in turn. */
const KINDS: readonly ((seed: number, chance: Chance) => KillRunOptions)[] = [
  (seed, chance) => ({ seed, plan: planPoints(ALL_CRASH_POINTS, 1, chance) }),
  (seed) => ({ seed, plan: planOf("kill", 30) }),
  (seed) => ({ seed, plan: planOf("kill", 30), dataBytes: 120_000 }),
  (seed, chance) => ({ seed, plan: interleave(planPoints(ALL_CRASH_POINTS, 1, chance), "kill", 4) }),
  (seed) => ({ seed, plan: planOf("kill", 30), dataBytes: 100, eventsMax: 200, backlogMax: 1_500 }),
  (seed) => ({ seed, plan: interleave(planOf("kill", 24), "drain", 4) }),
  (seed) => ({ seed, plan: planOf("kill", 20), down: "bubblehouse" }),
];

async function campaign(killsMin: number, firstSeed: number): Promise<boolean> {
  const reached = new Map<string, number>();
  let kills = 0;
  let acknowledged = 0;
  for (let round = 0; kills < killsMin; round += 1) {
    const seed = firstSeed + round;
    const kind = KINDS[round % KINDS.length];
    if (kind === undefined) {
      break;
    }
    const result = await killRun(kind(seed, seeded(seed)));
    kills += result.kills;
    acknowledged += result.report.counts.acknowledged;
    for (const point of result.reached) {
      reached.set(point, (reached.get(point) ?? 0) + 1);
    }
    const megabytes = Math.round(result.fileBytes / 1e6);
    console.log(`${kills} kills, seed ${seed}, file ${megabytes} MB: ${describeReport(result.report)}`);
    const complaints = [...result.complaints, ...(result.integrity === "ok" ? [] : [result.integrity])];
    for (const complaint of complaints) {
      console.log(`  complaint: ${complaint}`);
    }
    if (result.report.faults.length > 0 || complaints.length > 0) {
      return false;
    }
  }
  const named = [...reached.values()].reduce((sum, count) => sum + count, 0);
  const missed = ALL_CRASH_POINTS.filter((point) => !reached.has(point));
  console.log(
    `${kills} kills, ${named} of them at named points, ${acknowledged} events acknowledged: ` +
      `lost 0, unexpected 0, inverted 0; points never reached: ${missed.join(", ") || "none"}`,
  );
  return true;
}

async function backlog(receiver: BacklogReceiver, events: number): Promise<boolean> {
  const ordinary = Math.ceil(events / 20);
  const result = await backlogRun({ receiver, ordinary, events, drained: events });
  console.log(`${receiver}: ${describeBacklog(result)}`);
  const isWhole = result.received.length === ordinary + events && result.duplicates === 0;
  return isWhole && result.exitCode === 0 && (receiver === "standard" || isInOrder(result));
}

async function backlogs(events: number): Promise<boolean> {
  return (await backlog("standard", events)) && (await backlog("bubblehouse", events));
}

// Leaves nothing behind: what is made for a run goes when this process exits.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

const isFlawless =
  values.backlog === undefined
    ? await campaign(Number(values.kills), values.seed === undefined ? freshSeed() : Number(values.seed))
    : await backlogs(Number(values.backlog));
process.exitCode = isFlawless ? 0 : 1;
