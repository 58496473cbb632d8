import { resolve } from "node:path";
import { backUpDatabase } from "../databases.ts";
import { CONFIG_OPTIONS, configOf, contractsOf } from "./config-given.ts";
import { onlyOne } from "./remote/only-one.ts";
import { parseLine } from "./remote/parse-line.ts";
import { print } from "./remote/print.ts";

/** `posthorn backup <file> [--json] [--config file]`: copies the database, also beside a server. */
export async function backup(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseLine(args, CONFIG_OPTIONS);
  const file = onlyOne(positionals, "posthorn backup takes one file");
  const config = configOf(process.env, await contractsOf(values.config));
  const to = resolve(file);
  backUpDatabase(config, to);
  print(values.json ? JSON.stringify({ file: to }) : `backed up to ${to}`);
  return 0;
}
