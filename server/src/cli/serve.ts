import { parseArgs } from "node:util";
import type { Contract } from "@posthorn/contracts/contract";
import { readConfig } from "../config.ts";
import { CONTRACTS, type Server, startServer } from "../main.ts";
import { exitIfUnread } from "../standard-error.ts";
import { loadConfigFile } from "./config-file.ts";

/** What every command that serves takes. */
export const SERVE_OPTIONS = { config: { type: "string" } } as const;

/** `posthorn serve [--config file]`: production. Returns when a signal ended it. */
export async function serve(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: SERVE_OPTIONS });
  const contracts = await contractsOf(values.config);
  const config = configOf(process.env, contracts);
  const server = await startServer({ config, contracts });
  process.stderr.write(`Posthorn serves ${server.url}\n`);
  if (server.adminKey !== undefined && config.adminKey === undefined) {
    process.stderr.write(`An admin key was made; it is shown this once: ${server.adminKey}\n`);
  }
  return await untilSignalled(server);
}

/** Loads the installation's own contracts and says so. Throws an Error with every problem in their file. */
export async function contractsOf(option: string | undefined): Promise<readonly Contract[]> {
  const variable = process.env["POSTHORN_CONFIG"];
  const file = await loadConfigFile({ folder: process.cwd(), option, variable }, CONTRACTS);
  if (file === undefined) {
    return [];
  }
  process.stderr.write(`${file.path}: ${file.contracts.map(({ name }) => name).join(", ") || "nothing"}\n`);
  return file.contracts;
}

/**
 * Reads the configuration, given the contracts beside the built-in ones. Throws an Error with every problem
 * in it, a line each.
 */
export function configOf(env: NodeJS.ProcessEnv, own: readonly Contract[] = []) {
  const names = own.map(({ name }) => name);
  const read = readConfig(env, { contracts: [...CONTRACTS.keys(), ...names] });
  if (read.kind === "problems") {
    throw new Error(`the configuration is not right:\n  ${read.problems.join("\n  ")}`);
  }
  return read.config;
}

const SAME_SIGNAL_MS = 1000;
const SIGNAL_EXITS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;

/** Runs until SIGINT or SIGTERM, then drains; a second signal ends the process at once. */
export async function untilSignalled(server: Server): Promise<number> {
  const signal = await new Promise<string>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  process.stderr.write(`${signal}: finishing what is in flight\n`);
  // A terminal and whoever started us may both pass on the first signal: only a later one means "now".
  const drainingSince = Date.now();
  for (const [again, code] of SIGNAL_EXITS) {
    process.on(again, () => Date.now() - drainingSince > SAME_SIGNAL_MS && process.exit(code));
  }
  await server.stop();
  exitIfUnread(0);
  return 0;
}
