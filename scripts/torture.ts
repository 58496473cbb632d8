/** The long campaigns in turn: simulated lives, kills, backlogs, power cuts, hostile receivers, mutations. */
import { spawnSync } from "node:child_process";

const CAMPAIGNS = [
  ["sim/run.ts", "--seeds", "1..20000"],
  ["test/crash/campaign.ts", "--kills", "2000"],
  ["test/crash/campaign.ts", "--backlog", "200000"],
  ["test/machine/power-campaign.ts", "--cuts", "500"],
  ["test/hostile/campaign.ts", "--attempts", "20000"],
  ["bench/fairness.ts"],
  ["test/mutation/run.ts"],
];

for (const campaign of CAMPAIGNS) {
  console.log(`\n${campaign.join(" ")}`);
  const { status } = spawnSync(process.execPath, campaign, { stdio: "inherit" });
  if (status !== 0) {
    process.exitCode = 1;
  }
}
