import assert from "node:assert/strict";
import { constants, DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { configureWriter, openReaderConnection, openWriterConnection } from "./connection.ts";
import { temporaryPath } from "./temporary.ts";

function pragma(database: DatabaseSync, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

describe("openWriterConnection()", () => {
  test("leaves the sync of commits to the writer, in a write-ahead log with pages of 8 KB", (t) => {
    using database = openWriterConnection(temporaryPath(t));

    assert.equal(pragma(database, "synchronous"), 1);
    assert.equal(pragma(database, "journal_mode"), "wal");
    assert.equal(pragma(database, "page_size"), 8192);
    assert.equal(pragma(database, "mmap_size"), 0);
    assert.equal(pragma(database, "foreign_keys"), 1);
    assert.equal(pragma(database, "busy_timeout"), 5000);
    assert.equal(pragma(database, "wal_autocheckpoint"), 8000);
  });
});

describe("configureWriter()", () => {
  test("refuses a database that does not take synchronous = NORMAL", (t) => {
    using database = new DatabaseSync(temporaryPath(t));
    database.exec("PRAGMA synchronous = OFF");
    database.setAuthorizer((action, name, value) =>
      action === constants.SQLITE_PRAGMA && name === "synchronous" && value !== null
        ? constants.SQLITE_IGNORE
        : constants.SQLITE_OK,
    );

    assert.throws(() => configureWriter(database), /must take PRAGMA synchronous = 1, it kept 0/);
  });

  test("refuses a database that cannot have a write-ahead log", () => {
    using database = new DatabaseSync(":memory:");

    assert.throws(() => configureWriter(database), /must take PRAGMA journal_mode = wal, it kept memory/);
  });

  for (const [version, isEnough] of [
    ["3.51.3", true],
    ["3.51.10", true],
    ["3.52.0", true],
    ["4.0.0", true],
    ["3.51.2", false],
    ["3.9.9", false],
    ["2.99.99", false],
  ] as const) {
    test(`configureWriter() ${isEnough ? "takes" : "refuses"} SQLite ${version}`, (t) => {
      using database = new DatabaseSync(temporaryPath(t));
      database.function("sqlite_version", () => version);

      if (isEnough) {
        configureWriter(database);
      } else {
        assert.throws(() => configureWriter(database), new RegExp(`be 3.51.3 or newer, got ${version}`));
      }
    });
  }
});

describe("openReaderConnection()", () => {
  test("sees what is committed only, and writes nothing", (t) => {
    const path = temporaryPath(t);
    using writing = openWriterConnection(path);
    writing.exec("CREATE TABLE seen (n INTEGER) STRICT");
    using reading = openReaderConnection(path);
    const count = reading.prepare("SELECT COUNT(*) AS n FROM seen");

    writing.exec("BEGIN IMMEDIATE");
    writing.exec("INSERT INTO seen VALUES (1)");
    const before = count.get()?.["n"];
    writing.exec("COMMIT");

    assert.deepEqual([before, count.get()?.["n"]], [0, 1]);
    assert.throws(() => reading.exec("INSERT INTO seen VALUES (2)"), /readonly/);
  });
});
