import { parseArgs } from "node:util";
import { readConfig } from "../config.ts";
import { CONTRACTS, type Server, startServer } from "../main.ts";

/** `posthorn serve`: production. Returns when a signal ended it. */
export async function serve(args: readonly string[]): Promise<number> {
  parseArgs({ args: [...args], options: {} });
  const config = configOf(process.env);
  const server = await startServer({ config });
  process.stderr.write(`Posthorn serves ${server.url}\n`);
  if (server.adminKey !== undefined && config.adminKey === undefined) {
    process.stderr.write(`An admin key was made; it is shown this once: ${server.adminKey}\n`);
  }
  return await untilSignalled(server);
}

/** Reads the configuration. Throws an Error with every problem in it, a line each. */
export function configOf(env: NodeJS.ProcessEnv) {
  const read = readConfig(env, { contracts: [...CONTRACTS.keys()] });
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
  return 0;
}
