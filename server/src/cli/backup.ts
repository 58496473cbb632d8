import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { backUpDatabase } from "../databases.ts";
import { configOf, contractsOf, SERVE_OPTIONS } from "./serve.ts";

/** `posthorn backup <file> [--config file]`: copies the database, whether or not a server serves it. */
export async function backup(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: SERVE_OPTIONS,
    allowPositionals: true,
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) {
    process.stderr.write(`posthorn backup takes one file, got ${positionals.length}\n`);
    return 2;
  }
  const config = configOf(process.env, await contractsOf(values.config));
  const to = resolve(file);
  backUpDatabase(config, to);
  process.stdout.write(`backed up to ${to}\n`);
  return 0;
}
