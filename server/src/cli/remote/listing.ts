import type { Pages } from "@posthorn/client/call";
import {
  type Connection,
  clientOf,
  connectionOf,
  type Given,
  REMOTE_OPTIONS,
  SERVER_OPTIONS,
} from "./connection.ts";
import { onlyOne } from "./only-one.ts";
import { parseLine, parseOptions, wrongVerb } from "./parse-line.ts";
import { print, printRows } from "./print.ts";
import { type Columns, createTable } from "./table.ts";
import { wholeNumberOf } from "./whole-number.ts";

/** What can be listed, and got one by one where it has ids that one can ask for. */
export interface Listing<Filter extends string, Item extends object> {
  /** As the command is called. */
  readonly name: string;
  readonly filters: readonly Filter[];
  readonly columns: Columns;
  /** They are of no tenant, and none need be named. */
  readonly isOfServer?: true;
  list(connection: Connection, filters: Readonly<Partial<Record<Filter, string>>>): Pages<Item>;
  /** What a table shows of one. Default: its members. */
  rowOf?(item: Item): object;
  get?(connection: Connection, id: string): Promise<object>;
}

const LIMIT = 50;

/** `posthorn <things> list [filters] [--limit n] [--json]`, `posthorn <things> get <id> [--json]`. */
export function listingCommand<Filter extends string, Item extends object>(
  listing: Listing<Filter, Item>,
): (args: readonly string[]) => Promise<number> {
  const { name, filters, isOfServer } = listing;
  const ofAll = isOfServer === true ? SERVER_OPTIONS : REMOTE_OPTIONS;
  const connect = (values: Values): Connection =>
    isOfServer === true ? { client: clientOf(values), tenant: "" } : connectionOf(values);
  return async ([verb, ...args]) => {
    if (verb === "list") {
      const options = Object.fromEntries([...filters, "limit"].map((filter) => [filter, TEXT]));
      const values = parseOptions(args, { ...ofAll, ...options });
      return await list(listing, connect(values), values);
    }
    if (verb === "get" && listing.get !== undefined) {
      const { values, positionals } = parseLine(args, ofAll);
      const id = onlyOne(positionals, `posthorn ${name} get takes one id`);
      print(JSON.stringify(await listing.get(connect(values), id), null, values.json ? 0 : 2));
      return 0;
    }
    throw wrongVerb(name, listing.get === undefined ? ["list"] : ["list", "get"], verb);
  };
}

const TEXT = { type: "string" } as const;

type Values = Readonly<Record<string, string | boolean | undefined>> & Given;

async function list<Filter extends string, Item extends object>(
  listing: Listing<Filter, Item>,
  connection: Connection,
  values: Values,
): Promise<number> {
  const { limit: asked } = values;
  const limit = wholeNumberOf("--limit", typeof asked === "string" ? asked : `${LIMIT}`);
  const filters: Partial<Record<Filter, string>> = {};
  for (const filter of listing.filters) {
    const value = values[filter];
    if (typeof value === "string") {
      filters[filter] = value;
    }
  }
  const pages = listing.list(connection, filters);
  const table = createTable(listing.columns);
  let left = limit;
  for (let cursor: string | undefined; left > 0; ) {
    const { data, next_cursor } = await pages.page(cursor);
    const rows = data.slice(0, left);
    left -= rows.length;
    const isJson = values["json"] === true;
    printRows(isJson ? rows : rows.map((row) => listing.rowOf?.(row) ?? row), table, isJson);
    if (next_cursor === null) {
      break;
    }
    cursor = next_cursor;
  }
  return 0;
}
