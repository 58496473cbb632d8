/** The long campaigns in turn: simulated lives, kills of a real server, a backlog, hostile receivers. */
import { spawnSync } from "node:child_process";

const CAMPAIGNS = [
  ["sim/run.ts", "--seeds", "1..20000"],
  ["test/crash/campaign.ts", "--kills", "2000"],
  ["test/crash/campaign.ts", "--backlog", "200000"],
  ["test/hostile/campaign.ts", "--attempts", "20000"],
];

for (const campaign of CAMPAIGNS) {
  console.log(`\n${campaign.join(" ")}`);
  const { status } = spawnSync(process.execPath, campaign, { stdio: "inherit" });
  if (status !== 0) {
    process.exitCode = 1;
  }
}
