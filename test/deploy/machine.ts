import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "./guest/report.ts";

const RUN_MS_MAX = 20 * 60_000;
const END = "the end";

/**
 * Starts the systemd of a root as the first process of a machine of its own, in which the trial runs; prints
 * each outcome when it is over. Its kernel is this machine's; processes, mounts, control groups and network
 * are its own.
 */
export async function bootMachine(folder: string, root: string): Promise<readonly Outcome[]> {
  const told = join(folder, "told");
  mkdirSync(told);
  console.log("the machine is started; it has no network");
  const args = [
    ...["--quiet", "--boot", "--directory", root, "--console=pipe", "--private-network"],
    // What containers in it need. Where no systemd runs, it stays in the control group it is in.
    ...["--keep-unit", "--register=no", "--system-call-filter=@keyring bpf", `--bind=${told}:/var/told`],
  ];
  const env = { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" };
  const machine = spawn("systemd-nspawn", args, { stdio: "ignore", env });
  const timer = setTimeout(() => machine.kill("SIGTERM"), RUN_MS_MAX);
  await once(machine, "exit");
  clearTimeout(timer);
  const outcomes = outcomesIn(join(told, "outcomes.jsonl"));
  outcomes.forEach(print);
  if (outcomes.at(-1)?.name === END) {
    return outcomes;
  }
  const journal = join(told, "journal.log");
  console.log(existsSync(journal) ? readFileSync(journal, "utf8").slice(-4000) : "it left no journal");
  return [...outcomes, { name: END, fault: "was not reached", seconds: 0 }];
}

function outcomesIn(path: string): readonly Outcome[] {
  const lines = existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  return lines.map((line) => JSON.parse(line));
}

function print({ name, fault, seen, seconds }: Outcome): void {
  console.log(`${fault === undefined ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  const more = fault ?? seen;
  if (more !== undefined) {
    console.log(`       ${more}`);
  }
}
