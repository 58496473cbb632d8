import assert from "node:assert/strict";
import type { Contract } from "@posthorn/contracts/contract";
import { parseDatabaseUrl } from "../database-url.ts";
import { giveUpMove, type MoveDatabaseOptions, moveDatabase, planDatabaseMove } from "../databases.ts";
import { systemRandom } from "../random.ts";
import { createSeal } from "../seal.ts";
import { CONFIG_OPTIONS, configOf, contractsOf } from "./config-given.ts";
import { createProgressBar } from "./progress-bar.ts";
import { parseOptions } from "./remote/parse-line.ts";
import { print, printRows } from "./remote/print.ts";
import { createTable } from "./remote/table.ts";
import { UsageError } from "./remote/usage-error.ts";

const OPTIONS = {
  ...CONFIG_OPTIONS,
  from: { type: "string" },
  to: { type: "string" },
  "dry-run": { type: "boolean", default: false },
  "give-up": { type: "boolean", default: false },
} as const;

/**
 * `posthorn move --from sqlite:path --to postgres://… [--dry-run] [--json] [--config file]`: moves everything
 * into an empty database, or goes on where the same command ended before. `posthorn move --give-up --from
 * sqlite:path`: lets the file be served again, while the move has not ended.
 */
export async function move(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, OPTIONS);
  const { json: isJson } = values;
  const from = pathOf(values.from);
  if (values["give-up"]) {
    const { to } = giveUpMove(from);
    print(isJson ? JSON.stringify({ state: "given_up", to }) : `given up: sqlite:${from} is where it was`);
    return 0;
  }
  const options = { from, ...optionsOf(urlOf(values.to), await contractsOf(values.config)) };
  return values["dry-run"] ? await count(options, isJson) : await moveAll(options, isJson);
}

async function count(options: MoveDatabaseOptions, isJson: boolean): Promise<number> {
  const tables = await planDatabaseMove(options);
  if (isJson) {
    print(JSON.stringify({ state: "counted", tables }));
  } else {
    printRows(tables, createTable(["table", "rows"]), false);
  }
  return 0;
}

async function moveAll(options: MoveDatabaseOptions, isJson: boolean): Promise<number> {
  const bar = createProgressBar(process.stderr);
  const tables = await moveDatabase({
    ...options,
    onProgress: ({ doing, table, rows, of }) => bar.show(`rows, ${doing} ${table}`, rows, of),
  }).finally(() => bar.clear());
  if (isJson) {
    print(JSON.stringify({ state: "moved", tables: tables ?? null }));
  } else if (tables === undefined) {
    print("everything was moved before: nothing was done");
  } else {
    printRows(tables, createTable(["table", "rows", "hash"]), false);
    print("moved: both databases have the same rows, and only the new one may be served from now on");
  }
  return 0;
}

function pathOf(url: string | undefined): string {
  const parsed = parseDatabaseUrl(url ?? "");
  if (url === undefined || parsed.kind === "problem" || parsed.database.kind !== "sqlite") {
    throw new UsageError(
      "posthorn move takes --from sqlite: and a path. There is no way back: " +
        "shards of PostgreSQL may have given one offset twice, of which a file has one",
    );
  }
  return parsed.database.path;
}

function urlOf(url: string | undefined): string {
  const parsed = parseDatabaseUrl(url ?? "");
  if (url === undefined || parsed.kind === "problem" || parsed.database.kind !== "postgres") {
    throw new UsageError("posthorn move takes --to postgres://user:password@host/database");
  }
  return url;
}

/** Reads the configuration as the server will that is started on the target. */
function optionsOf(url: string, contracts: readonly Contract[]): Omit<MoveDatabaseOptions, "from"> {
  const { POSTHORN_DATABASE_URL_FILE: _, ...env } = process.env;
  const config = configOf({ ...env, POSTHORN_DATABASE_URL: url }, contracts);
  const { database: to, masterKey: key, olderMasterKeys: olderKeys } = config;
  assert(to.kind === "postgres", "the URL was looked at");
  if (key === undefined) {
    throw new Error("POSTHORN_MASTER_KEY is not set: it is the key that has to open the secrets that move.");
  }
  return { to, seal: createSeal({ key, olderKeys, random: systemRandom }) };
}
