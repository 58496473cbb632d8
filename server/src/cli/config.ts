import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { shownSettings } from "../shown-settings.ts";
import { printRows } from "./remote/print.ts";
import { createTable } from "./remote/table.ts";
import { configOf, contractsOf, SERVE_OPTIONS } from "./serve.ts";

const OPTIONS = { ...SERVE_OPTIONS, json: { type: "boolean", default: false } } as const;

/**
 * `posthorn config [--json] [--config file]`: every setting, what it is, and whether that is the default, or
 * from the environment or a file; secrets are masked. Throws an Error with all that is wrong, once they are
 * printed.
 */
export async function config(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const settings = shownSettings(process.env, (path) => readFileSync(path, "utf8"));
  printRows(settings, createTable(["name", "value", "source"]), values.json);
  configOf(process.env, await contractsOf(values.config));
  return 0;
}
