import { hash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { ALL_TENANTS } from "../../model/stat.ts";
import { BadColumn, integerIn, type Row } from "../columns.ts";
import type { CopiedPlace } from "../move-marks.ts";
import {
  countRows,
  READ_ENDPOINT_TENANTS,
  READ_TENANT_SHARDS,
  readAllRows,
  readRowsAfter,
} from "../sqlite/queries/moving.ts";
import type { MovedTable } from "./moved-tables.ts";
import { createDigestSum, type TableDigest } from "./table-digest.ts";

/** The rows of a file, and in which shard of PostgreSQL each of them belongs. */
export interface SourceRows {
  count(table: MovedTable): number;
  /** Reads on behind a key, up to the limits of a chunk; undefined: nothing is left. */
  readChunk(table: MovedTable, after: Key | undefined, shardCount: number): Chunk | undefined;
  digest(table: MovedTable, shardCount: number): TableDigest;
}

type Key = CopiedPlace["key"];

/** Rows that follow one another by their key. */
export interface Chunk {
  readonly rows: readonly Row[];
  /** Of each row; empty where the table has no shards. */
  readonly shards: readonly number[];
  /** Of the last row. */
  readonly key: Key;
}

/** Of one transaction: within the limits of a statement, and large enough that its commit costs little. */
const CHUNK_ROWS_MAX = 2000;
const CHUNK_BYTES_MAX = 4 * 1024 * 1024;

export function createSourceRows(database: DatabaseSync): SourceRows {
  const find = createShardFinder(database);
  return {
    count: (table) => integerIn(database.prepare(countRows(table)).get() ?? {}, "rows"),
    readChunk(table, after, shardCount) {
      const statement = database.prepare(readRowsAfter(table));
      const rows = takeChunk(statement.iterate(...(after ?? firstKey(table))));
      const last = rows.at(-1);
      return (
        last && {
          rows,
          shards: table.shardBy === undefined ? [] : rows.map((row) => find(table, row) % shardCount),
          key: table.key.map((column) => keyPartIn(last, column)),
        }
      );
    },
    digest(table, shardCount) {
      const sum = createDigestSum();
      for (const row of database.prepare(readAllRows(table)).iterate()) {
        const shard = table.shardBy === undefined ? [] : [find(table, row) % shardCount];
        sum.add([...shard, ...Object.keys(table.columns).map((column) => hashedIn(row, column))]);
      }
      return sum.total();
    },
  };
}

/** Before every key: the first column of all of them is no negative number. */
function firstKey({ key }: MovedTable): Key {
  return key.map(() => -1);
}

function takeChunk(from: Iterable<Row>): readonly Row[] {
  const rows: Row[] = [];
  let bytes = 0;
  for (const row of from) {
    rows.push(row);
    bytes += bytesOf(row);
    if (rows.length === CHUNK_ROWS_MAX || bytes >= CHUNK_BYTES_MAX) {
      break;
    }
  }
  return rows;
}

function bytesOf(row: Row): number {
  return Object.values(row).reduce<number>(
    (sum, value) => sum + (typeof value === "string" || value instanceof Uint8Array ? value.length : 8),
    0,
  );
}

function keyPartIn(row: Row, column: string): number | string {
  const value = row[column];
  if (typeof value !== "number" && typeof value !== "string") {
    throw new BadColumn(`stored ${column} is part of a key, got ${typeof value}`);
  }
  return value;
}

function hashedIn(row: Row, column: string): unknown {
  const value = row[column];
  return value instanceof Uint8Array ? hash("sha256", value, "hex") : value;
}

type ShardFinder = (table: MovedTable, row: Row) => number;

/** Makes a finder of tenants' shards, by a row's tenant or its endpoint's. They never change. */
function createShardFinder(database: DatabaseSync): ShardFinder {
  // What is counted of all of them together is in the first.
  const tenants = new Map([[ALL_TENANTS, 0]]);
  const endpoints = new Map<number, number>();
  for (const row of database.prepare(READ_TENANT_SHARDS).iterate()) {
    tenants.set(integerIn(row, "number"), integerIn(row, "shard"));
  }
  for (const row of database.prepare(READ_ENDPOINT_TENANTS).iterate()) {
    const shard = tenants.get(integerIn(row, "tenant"));
    if (shard !== undefined) {
      endpoints.set(integerIn(row, "number"), shard);
    }
  }
  return ({ name, shardBy, key }, row) => {
    const owner = integerIn(row, shardBy ?? "");
    const shard = (shardBy === "tenant" ? tenants : endpoints).get(owner);
    if (shard === undefined) {
      const place = key.map((column) => `${column} ${String(row[column])}`).join(", ");
      throw new BadColumn(`a row of ${name} (${place}) is of ${shardBy} ${owner}, which is not there`);
    }
    return shard;
  };
}
