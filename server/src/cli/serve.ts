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

/** Runs until SIGINT or SIGTERM, then drains; a second signal ends the process at once. */
export async function untilSignalled(server: Server): Promise<number> {
  const signal = await new Promise<string>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  process.stderr.write(`${signal}: finishing what is in flight\n`);
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  await server.stop();
  return 0;
}
