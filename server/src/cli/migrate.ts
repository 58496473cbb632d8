import type { Config } from "../config.ts";
import { migrationStatus, openStore } from "../databases.ts";
import { createLog } from "../log.ts";
import { CONFIG_OPTIONS, configOf, contractsOf } from "./config-given.ts";
import { parseOptions, wrongVerb } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";

const MISSING = 1;

/** `posthorn migrate status|up [--json] [--config file]`. */
export async function migrate([verb, ...args]: readonly string[]): Promise<number> {
  if (verb !== "status" && verb !== "up") {
    throw wrongVerb("migrate", ["status", "up"], verb);
  }
  const values = parseOptions(args, CONFIG_OPTIONS);
  const config = configOf(process.env, await contractsOf(values.config));
  return verb === "status" ? await status(config, values.json) : await up(config, values.json);
}

/** Says what is missing, and changes nothing; returns 1 where something is. */
async function status(config: Config, isJson: boolean): Promise<number> {
  const { applied, missing } = await migrationStatus(config);
  print(
    isJson
      ? JSON.stringify({ applied, missing })
      : `migrations applied: ${applied}, missing: ${missing.join(", ") || "none"}`,
  );
  return missing.length === 0 ? 0 : MISSING;
}

/** Applies what is missing, as every start of a server does. */
async function up(config: Config, isJson: boolean): Promise<number> {
  const { missing } = await migrationStatus(config);
  const store = await openStore(config, createLog({ level: config.logLevel }));
  await store.close();
  print(
    isJson
      ? JSON.stringify({ applied: missing })
      : `migrations applied just now: ${missing.join(", ") || "none"}`,
  );
  return 0;
}
