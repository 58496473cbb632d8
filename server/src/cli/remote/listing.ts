import type { Pages } from "@posthorn/client/call";
import { type Connection, connectionOf, REMOTE_OPTIONS } from "./connection.ts";
import { onlyOne } from "./only-one.ts";
import { parseLine, parseOptions, wrongVerb } from "./parse-line.ts";
import { print, printRows } from "./print.ts";
import { type Columns, createTable } from "./table.ts";
import { wholeNumberOf } from "./whole-number.ts";

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
      const values = parseOptions(args, { ...REMOTE_OPTIONS, ...options });
      return await list(listing, values);
    }
    if (verb === "get" && listing.get !== undefined) {
      const { values, positionals } = parseLine(args, REMOTE_OPTIONS);
      const id = onlyOne(positionals, `posthorn ${name} get takes one id`);
      print(JSON.stringify(await listing.get(connectionOf(values), id), null, values.json ? 0 : 2));
      return 0;
    }
    throw wrongVerb(name, listing.get === undefined ? ["list"] : ["list", "get"], verb);
  };
}

const TEXT = { type: "string" } as const;

type Values = Readonly<Record<string, string | boolean | undefined>>;

async function list<Filter extends string>(listing: Listing<Filter>, values: Values): Promise<number> {
  const { limit: asked } = values;
  const limit = wholeNumberOf("--limit", typeof asked === "string" ? asked : `${LIMIT}`);
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
