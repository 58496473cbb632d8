import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import type { Migration } from "../migration.ts";
import { MIGRATIONS, migrate } from "./migrate.ts";
import { ENDED_SESSIONS } from "./migrations/0022-ended-sessions.ts";

const FIRST: Migration = { number: 1, sql: "CREATE TABLE one (n INTEGER) STRICT" };
const SECOND: Migration = { number: 2, sql: "CREATE TABLE two (n INTEGER) STRICT" };
const NOW = 1_767_323_045_006;

function tablesOf(database: DatabaseSync): readonly unknown[] {
  return database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => name);
}

describe("migrate()", () => {
  test("applies what is missing, in order, once", () => {
    using database = new DatabaseSync(":memory:");

    migrate(database, NOW, [FIRST]);
    migrate(database, NOW, [FIRST, SECOND]);
    migrate(database, NOW, [FIRST, SECOND]);

    assert.deepEqual(tablesOf(database), ["migration", "one", "two"]);
  });

  test("leaves the database as it was when a step fails", () => {
    using database = new DatabaseSync(":memory:");
    migrate(database, NOW, [FIRST]);
    const broken = { number: 3, sql: "CREATE TABLE three (n INTEGER) STRICT; CREATE TABLE" };

    assert.throws(() => migrate(database, NOW, [FIRST, SECOND, broken]), /incomplete input/);

    assert.deepEqual(tablesOf(database), ["migration", "one"]);
    migrate(database, NOW, [FIRST, SECOND]);
    assert.deepEqual(tablesOf(database), ["migration", "one", "two"]);
  });

  test("refuses a database to which a migration of another text was applied", () => {
    using database = new DatabaseSync(":memory:");
    migrate(database, NOW, [FIRST]);
    const edited = { ...FIRST, sql: `${FIRST.sql} ` };

    assert.throws(() => migrate(database, NOW, [edited]), /migration 1 was edited after it was applied/);
  });

  test("refuses a database of a newer version, and says what to do", () => {
    using database = new DatabaseSync(":memory:");
    migrate(database, NOW, [FIRST, SECOND]);

    assert.throws(
      () => migrate(database, NOW, [FIRST]),
      /newer version: it has migration 2, this version knows 1; start the newer version/,
    );
    assert.deepEqual(tablesOf(database), ["migration", "one", "two"]);
  });

  test("refuses another program's database", () => {
    using database = new DatabaseSync(":memory:");
    database.exec("CREATE TABLE song (title TEXT)");

    assert.throws(() => migrate(database, NOW, [FIRST]), /belongs to another program/);
    assert.deepEqual(tablesOf(database), ["song"]);
  });

  test("removes sessions that an earlier version revoked, and no other row of a key", () => {
    using database = new DatabaseSync(":memory:");
    const at = MIGRATIONS.findIndex(({ sql }) => sql === ENDED_SESSIONS);
    migrate(database, NOW, MIGRATIONS.slice(0, at));
    const insert = database.prepare(
      "INSERT INTO api_key (id, name, hash, created_at, revoked_at) VALUES (?1, '', CAST(?1 AS BLOB), 1, ?2)",
    );
    insert.run("ses_open", null);
    insert.run("ses_over", 2);
    insert.run("sesame", 2);
    insert.run("key_over", 2);

    migrate(database, NOW, MIGRATIONS);

    const rows = database.prepare("SELECT id FROM api_key ORDER BY number").all();
    assert.deepEqual(
      rows.map(({ id }) => id),
      ["ses_open", "sesame", "key_over"],
    );
  });

  test("has migrations numbered from 1 without a hole", () => {
    assert.deepEqual(
      MIGRATIONS.map(({ number }) => number),
      MIGRATIONS.map((_, index) => index + 1),
    );
  });
});
