import { parseArgs } from "node:util";
import { migrationStatus, openStore } from "../databases.ts";
import { createLog } from "../log.ts";
import { configOf, contractsOf, SERVE_OPTIONS } from "./serve.ts";

const MISSING = 1;

/** `posthorn migrate status|up [--config file]`. */
export async function migrate([verb, ...args]: readonly string[]): Promise<number> {
  if (verb !== "status" && verb !== "up") {
    process.stderr.write(`posthorn migrate knows status and up, got ${JSON.stringify(verb ?? "")}\n`);
    return 2;
  }
  const { values } = parseArgs({ args: [...args], options: SERVE_OPTIONS });
  const config = configOf(process.env, await contractsOf(values.config));
  return verb === "status" ? await status(config) : await up(config);
}

/** Says what is missing, and changes nothing; returns 1 where something is. */
async function status(config: ReturnType<typeof configOf>): Promise<number> {
  const { applied, missing } = await migrationStatus(config);
  process.stdout.write(`migrations applied: ${applied}, missing: ${missing.join(", ") || "none"}\n`);
  return missing.length === 0 ? 0 : MISSING;
}

/** Applies what is missing, as every start of a server does. */
async function up(config: ReturnType<typeof configOf>): Promise<number> {
  const { missing } = await migrationStatus(config);
  const store = await openStore(config, createLog({ level: config.logLevel }));
  await store.close();
  process.stdout.write(`migrations applied just now: ${missing.join(", ") || "none"}\n`);
  return 0;
}
