import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { type Row, textIn } from "../columns.ts";
import { openDatabase } from "../postgres/database.ts";
import { findDatabases, NO_POSTGRES } from "../postgres/databases-fixture.ts";
import { migrate } from "../sqlite/migrate.ts";
import { MOVED_TABLES } from "./moved-tables.ts";

const NOW = 1_767_323_045_006;

const databases = await findDatabases(NOW);

/** What each database has beside what is moved. The columns are here because a new one must be thought of. */
const OF_SQLITE_ALONE = {
  migration: ["applied_at", "checksum", "number"],
  meta: ["name", "value"],
  log: ["changes", "head", "lease"],
  lease: ["changes_applied", "checkpoint", "counted_to", "epoch", "flushes", "lease"],
  directory: ["after_offset", "block", "to_offset"],
  sqlite_sequence: ["name", "seq"],
};

const OF_POSTGRES_ALONE = {
  migration: ["applied_at", "checksum", "number"],
  meta: ["name", "value"],
  shard: ["changes", "deletions", "head", "previous_head", "shard"],
  lease: ["changes_applied", "checkpoint", "counted_to", "epoch", "flushes", "held_until", "holder", "shard"],
  directory: ["after_offset", "block", "shard", "tenants", "to_offset"],
  node: ["alive_until", "holder", "joined_at", "version", "watches", "watches_until"],
  inbox: [
    "data",
    "expires_at",
    "extensions",
    "hash",
    "key",
    "keys_expire_at",
    "number",
    "occurred_at",
    "shard",
    "subject",
    "tenant",
    "to_endpoint",
    "type",
  ],
  live_relay: ["facts", "holder", "left_out", "number", "told_at"],
  command: ["answer", "asked_at", "is_done", "number", "shard", "what"],
  outbox: ["data", "endpoint", "key", "number", "occurred_at", "shard", "subject", "tenant", "type"],
};

type Columns = Readonly<Record<string, readonly string[]>>;

function byTable(rows: readonly Row[]): Columns {
  const tables: Record<string, string[]> = {};
  for (const row of rows) {
    (tables[textIn(row, "table")] ??= []).push(textIn(row, "column"));
  }
  return Object.fromEntries(Object.entries(tables).map(([table, columns]) => [table, columns.toSorted()]));
}

describe("MOVED_TABLES", () => {
  test("MOVED_TABLES has every table and column that a file has, and its keys", () => {
    using database = new DatabaseSync(":memory:");
    migrate(database, NOW);
    const columns = database
      .prepare(
        `SELECT t.name AS "table", c.name AS "column", c.type AS kind, c.pk
         FROM pragma_table_list AS t, pragma_table_info(t.name) AS c
         WHERE t.schema = 'main' AND t.name <> 'sqlite_schema'`,
      )
      .all();

    const moved = MOVED_TABLES.map((table) => [table.name, Object.keys(table.columns).toSorted()]);
    assert.deepEqual(byTable(columns), { ...OF_SQLITE_ALONE, ...Object.fromEntries(moved) });
    const kinds = { integer: "INTEGER", real: "REAL", text: "TEXT", bytes: "BLOB" };
    for (const table of MOVED_TABLES) {
      const own = columns.filter((row) => row["table"] === table.name);
      const key = own.filter(({ pk }) => pk !== 0).toSorted((a, b) => Number(a["pk"]) - Number(b["pk"]));
      assert.deepEqual(
        key.map((row) => row["column"]),
        table.key,
        table.name,
      );
      for (const row of own) {
        assert.equal(row["kind"], kinds[table.columns[textIn(row, "column")] ?? "text"], table.name);
      }
    }
  });

  test("MOVED_TABLES has every table and column that PostgreSQL has", {
    skip: databases === undefined && NO_POSTGRES,
  }, async (t) => {
    const created = await databases?.create();
    assert.ok(created);
    const database = openDatabase({ url: created.url, name: "test", connectionsMax: 1 });
    t.after(async () => {
      await database.close();
      await created.drop();
    });
    const columns = await database.rows(
      `SELECT relname::text AS "table", attname::text AS "column"
         FROM pg_class
         JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
         WHERE relnamespace = current_schema()::regnamespace
             AND relkind IN ('r', 'p') AND NOT relispartition`,
    );

    const moved = MOVED_TABLES.map(({ name, shardBy, columns: known, added }) => [
      name,
      [...(shardBy === undefined ? [] : ["shard"]), ...Object.keys({ ...known, ...added })].toSorted(),
    ]);
    assert.deepEqual(byTable(columns), { ...OF_POSTGRES_ALONE, ...Object.fromEntries(moved) });
  });
});
