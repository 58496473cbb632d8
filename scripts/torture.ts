/**
 * The long campaigns in turn: `npm run torture`, or `npm run torture -- --only power,crash`. Each has a size
 * of its own, as `--seeds 1..1000` or `--cuts 100`; `--seed` repeats the choices of those that have a seed.
 * Ends with a table.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    seed: { type: "string" },
    seeds: { type: "string", default: "1..20000" },
    kills: { type: "string", default: "2000" },
    "node-kills": { type: "string", default: "300" },
    "pinned-deliveries": { type: "string", default: "1000000" },
    backlog: { type: "string", default: "200000" },
    cuts: { type: "string", default: "500" },
    attempts: { type: "string", default: "20000" },
  },
});

const seeded = values.seed === undefined ? [] : ["--seed", values.seed];

/** By name: the program, and how much of it. */
const CAMPAIGNS: Readonly<Record<string, readonly string[]>> = {
  simulation: ["sim/campaign.ts", "--seeds", values.seeds],
  crash: ["test/crash/campaign.ts", "--kills", values.kills, ...seeded],
  nodes: ["test/postgres/campaign.ts", "--kills", values["node-kills"], ...seeded],
  pinned: ["test/postgres/pinned-campaign.ts", "--deliveries", values["pinned-deliveries"]],
  backlog: ["test/crash/campaign.ts", "--backlog", values.backlog],
  power: ["test/machine/power-campaign.ts", "--cuts", values.cuts, ...seeded],
  hostile: ["test/hostile/campaign.ts", "--attempts", values.attempts],
  fairness: ["bench/fairness.ts"],
  replay: ["bench/replay.ts"],
  mutation: ["test/mutation/run.ts"],
};

const names = values.only?.split(",") ?? Object.keys(CAMPAIGNS);
const unknown = names.filter((name) => !Object.hasOwn(CAMPAIGNS, name));
if (unknown.length > 0) {
  throw new Error(`--only takes some of ${Object.keys(CAMPAIGNS).join(",")}, got ${unknown.join(",")}`);
}

const rows = names.map((name) => {
  const campaign = CAMPAIGNS[name] ?? [];
  console.log(`\n${campaign.join(" ")}`);
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, campaign, { stdio: "inherit" });
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  return { isGood: status === 0, row: [name, minutes, campaign.join(" ")] };
});

console.log("\nresult  campaign    minutes  what");
for (const { isGood, row } of rows) {
  const [name = "", minutes = "", what = ""] = row;
  console.log(`${isGood ? "ok    " : "FAILED"}  ${name.padEnd(10)}  ${minutes.padStart(7)}  ${what}`);
}
process.exitCode = rows.every(({ isGood }) => isGood) ? 0 : 1;
