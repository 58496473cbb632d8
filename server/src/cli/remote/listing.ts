import { parseArgs } from "node:util";
import type { Pages } from "@posthorn/client/call";
import { type Connection, connectionOf, REMOTE_OPTIONS } from "./connection.ts";
import { onlyOne } from "./only-one.ts";
import { print, printRows } from "./print.ts";
import { type Columns, createTable } from "./table.ts";
import { UsageError } from "./usage-error.ts";

/** What can be listed, and got one by one where it has ids that one can ask for. */
export interface Listing<Filter extends string> {
  /** As the command is called. */
  readonly name: string;
  readonly filters: readonly Filter[];
  readonly columns: Columns;
  list(connection: Connection, filters: Readonly<Partial<Record<Filter, string>>>): Pages<object>;
  get?(connection: Connection, id: string): Promise<object>;
}

const LIMIT = 50;

/** `posthorn <things> list [filters] [--limit n] [--json]`, `posthorn <things> get <id> [--json]`. */
export function listingCommand<Filter extends string>(
  listing: Listing<Filter>,
): (args: readonly string[]) => Promise<number> {
  const { name, filters } = listing;
  return async ([verb, ...args]) => {
    if (verb === "list") {
      const options = Object.fromEntries([...filters, "limit"].map((filter) => [filter, TEXT]));
      const { values } = parseArgs({ args, options: { ...REMOTE_OPTIONS, ...options } });
      return await list(listing, values);
    }
    if (verb === "get" && listing.get !== undefined) {
      const { values, positionals } = parseArgs({ args, options: REMOTE_OPTIONS, allowPositionals: true });
      const id = onlyOne(positionals, `posthorn ${name} get takes one id`);
      print(JSON.stringify(await listing.get(connectionOf(values), id), null, values.json ? 0 : 2));
      return 0;
    }
    const verbs = listing.get === undefined ? "list" : "list or get";
    throw new UsageError(`posthorn ${name} takes ${verbs}, got ${JSON.stringify(verb ?? "")}`);
  };
}

const TEXT = { type: "string" } as const;

type Values = Readonly<Record<string, string | boolean | undefined>>;

async function list<Filter extends string>(listing: Listing<Filter>, values: Values): Promise<number> {
  const limit = limitOf(values["limit"]);
  const filters: Partial<Record<Filter, string>> = {};
  for (const filter of listing.filters) {
    const value = values[filter];
    if (typeof value === "string") {
      filters[filter] = value;
    }
  }
  const pages = listing.list(connectionOf(values), filters);
  const table = createTable(listing.columns);
  let left = limit;
  for (let cursor: string | undefined; left > 0; ) {
    const { data, next_cursor } = await pages.page(cursor);
    const rows = data.slice(0, left);
    left -= rows.length;
    printRows(rows, table, values["json"] === true);
    if (next_cursor === null) {
      break;
    }
    cursor = next_cursor;
  }
  return 0;
}

function limitOf(text: string | boolean | undefined): number {
  const limit = text === undefined ? LIMIT : Number(text);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new UsageError(`--limit must be a whole number from 1, got ${JSON.stringify(text)}`);
  }
  return limit;
}
