import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import { describe, type TestContext, test } from "node:test";
import { CHECKPOINT_PAGES, openReaderConnection, openWriterConnection } from "./connection.ts";
import { createLogKeeper } from "./log-keeper.ts";
import { temporaryPath } from "./temporary.ts";

const PAGE = "x".repeat(8000);
const COMMITS = 16;
/** Of a log that has been begun anew. */
const SHORT_PAGES = 20;
const ROWS_A_COMMIT = Math.ceil(CHECKPOINT_PAGES / COMMITS);

/** A database whose log nobody copies but its keeper. */
function setup(t: TestContext) {
  const path = temporaryPath(t);
  const database = openWriterConnection(path);
  t.after(() => database.close());
  database.exec("PRAGMA wal_autocheckpoint = 0; CREATE TABLE fact (text TEXT)");
  const failures: unknown[] = [];
  const keeper = createLogKeeper({ path, database, onFailed: (error) => failures.push(error) });
  t.after(() => keeper.close());
  const insert = database.prepare("INSERT INTO fact VALUES (?)");
  const commit = (rows: number): void => {
    database.exec("BEGIN");
    for (let row = 0; row < rows; row += 1) {
      insert.run(PAGE);
    }
    database.exec("COMMIT");
    keeper.noteCommit();
  };
  const commitMany = (rows: number, count = COMMITS): void => {
    for (let commits = 0; commits < count; commits += 1) {
      commit(rows);
    }
  };
  return { path, database, keeper, failures, commit, commitMany };
}

function logOf(database: DatabaseSync): { pages: number; copied: number } {
  const { log, checkpointed } = database.prepare("PRAGMA wal_checkpoint(NOOP)").get() ?? {};
  return { pages: Number(log), copied: Number(checkpointed) };
}

describe("createLogKeeper()", () => {
  test("copies a log that has grown to its end, so that the next commit begins it anew", async (t) => {
    const { database, keeper, failures, commit, commitMany } = setup(t);
    commitMany(ROWS_A_COMMIT, COMMITS - 1);
    // The thread that copies begins with the next, and may be quicker than this one.
    assert.equal(logOf(database).copied, 0);
    commit(ROWS_A_COMMIT);
    const { pages } = logOf(database);
    assert.ok(pages >= CHECKPOINT_PAGES);
    await keeper.idle();
    assert.equal(logOf(database).copied, pages);
    commit(1);

    assert.ok(logOf(database).pages < SHORT_PAGES);
    assert.deepEqual(failures, []);
  });

  test("copies to its end what is written all the while", async (t) => {
    const { database, keeper, commit, commitMany } = setup(t);
    commitMany(ROWS_A_COMMIT);
    let isIdle = false;
    const idle = keeper.idle().then(() => {
      isIdle = true;
    });
    while (!isIdle) {
      commit(1);
      await new Promise(setImmediate);
    }
    await idle;
    commit(1);

    assert.ok(logOf(database).pages < SHORT_PAGES);
  });

  test("leaves a short log alone", async (t) => {
    const { database, keeper, commitMany } = setup(t);
    commitMany(1);
    await keeper.idle();

    assert.equal(logOf(database).copied, 0);
  });

  test("copies again, as often as the log grows", async (t) => {
    const { database, keeper, commit, commitMany } = setup(t);
    for (let time = 0; time < 3; time += 1) {
      commitMany(2 * ROWS_A_COMMIT);
      await keeper.idle();
      commit(1);
      assert.ok(logOf(database).pages < SHORT_PAGES);
    }
  });

  test("changes nothing of what is read", async (t) => {
    const { path, database, keeper, commitMany } = setup(t);
    using reading = openReaderConnection(path);
    const count = reading.prepare("SELECT count(*) AS facts FROM fact");
    commitMany(ROWS_A_COMMIT);
    const during = count.get()?.["facts"];
    await keeper.idle();

    assert.equal(during, COMMITS * ROWS_A_COMMIT);
    assert.equal(count.get()?.["facts"], during);
    assert.equal(database.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
  });

  test("close() waits for a copy that is under way, and begins no other", async (t) => {
    const { database, keeper, commitMany } = setup(t);
    commitMany(ROWS_A_COMMIT);
    await keeper.close();
    const { copied } = logOf(database);
    commitMany(ROWS_A_COMMIT);
    await keeper.idle();

    assert.ok(logOf(database).copied <= copied);
  });
});
