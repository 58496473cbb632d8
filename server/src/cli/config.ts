import { readFileSync } from "node:fs";
import { shownSettings } from "../shown-settings.ts";
import { CONFIG_OPTIONS, configOf, contractsOf } from "./config-given.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { printRows } from "./remote/print.ts";
import { createTable } from "./remote/table.ts";

/**
 * `posthorn config [--json] [--config file]`: every setting, what it is, and whether that is the default, or
 * from the environment or a file; secrets are masked. Throws an Error with all that is wrong, once they are
 * printed.
 */
export async function config(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, CONFIG_OPTIONS);
  const settings = shownSettings(process.env, (path) => readFileSync(path, "utf8"));
  printRows(settings, createTable(["name", "value", "source"]), values.json);
  configOf(process.env, await contractsOf(values.config));
  return 0;
}
