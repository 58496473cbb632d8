import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import { describe, type TestContext, test } from "node:test";
import { openReaderConnection, openWriterConnection } from "./connection.ts";
import { temporaryPath } from "./temporary.ts";
import { createWriter, type Writer } from "./writer.ts";

interface Setup {
  readonly database: DatabaseSync;
  readonly writer: Writer;
  readonly fatal: unknown[];
  insert(n: number): Promise<number>;
  /** What another connection sees. */
  committed(): readonly unknown[];
}

function setUp(t: TestContext): Setup {
  const path = temporaryPath(t);
  const database = openWriterConnection(path);
  t.after(() => database.close());
  database.exec(`
    CREATE TABLE fact (
      n INTEGER PRIMARY KEY,
      parent INTEGER REFERENCES fact DEFERRABLE INITIALLY DEFERRED,
      text TEXT
    )`);
  const reading = openReaderConnection(path);
  t.after(() => reading.close());
  const fatal: unknown[] = [];
  const writer = createWriter({ path, database, onFatal: (error) => fatal.push(error) });
  t.after(() => writer.close());
  const statement = database.prepare("INSERT INTO fact (n) VALUES (?)");
  const select = reading.prepare("SELECT n FROM fact ORDER BY n");
  return {
    database,
    writer,
    fatal,
    insert: (n) => writer.write(() => Number(statement.run(n).lastInsertRowid)),
    committed: () => select.all().map(({ n }) => n),
  };
}

/** Waits for every outcome; an error is its text. */
async function outcomesOf(asked: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const settled = await Promise.allSettled(asked);
  return settled.map((each) => (each.status === "fulfilled" ? each.value : String(each.reason)));
}

describe("createWriter()", () => {
  test("writes what comes in one turn of the event loop in one transaction", async (t) => {
    const { writer, insert, committed } = setUp(t);

    const [, , meanwhile] = await Promise.all([insert(1), insert(2), writer.write(committed), insert(3)]);
    const [afterwards] = await Promise.all([writer.write(committed), insert(4)]);

    assert.deepEqual(meanwhile, []);
    assert.deepEqual(afterwards, [1, 2, 3]);
  });

  test("answers once the transaction is committed", async (t) => {
    const { insert, committed } = setUp(t);

    assert.equal(await insert(1), 1);
    assert.deepEqual(committed(), [1]);
  });

  test("takes no operation down with one that throws, and leaves nothing of that one", async (t) => {
    const { writer, database, insert, committed, fatal } = setUp(t);
    const half = database.prepare("INSERT INTO fact (n) VALUES (50)");
    const failing = writer.write(() => {
      half.run();
      throw new Error("half way");
    });

    const outcomes = await outcomesOf([insert(1), failing, insert(1), insert(2)]);

    const failed = ["Error: half way", "Error: UNIQUE constraint failed: fact.n"];
    assert.deepEqual(outcomes, [1, ...failed, 2]);
    assert.deepEqual(committed(), [1, 2]);
    assert.deepEqual(fatal, []);
  });

  test("refuses the whole group when it cannot be committed, and goes on with the next", async (t) => {
    const { writer, database, insert, committed, fatal } = setUp(t);
    const orphan = database.prepare("INSERT INTO fact (n, parent) VALUES (2, 99)");

    const outcomes = await outcomesOf([insert(1), writer.write(() => orphan.run())]);

    assert.deepEqual(outcomes, Array(2).fill("Error: FOREIGN KEY constraint failed"));
    assert.deepEqual(committed(), []);
    assert.equal(await insert(3), 3);
    assert.deepEqual([committed(), fatal], [[3], []]);
  });

  test("goes on when a full disk has room again", async (t) => {
    const { writer, database, insert, committed, fatal } = setUp(t);
    const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
    const large = database.prepare("INSERT INTO fact (n, text) VALUES (2, ?)");
    const insertLarge = () => writer.write(() => Number(large.run("x".repeat(100_000)).lastInsertRowid));

    database.exec(`PRAGMA max_page_count = ${pages}`);
    const [small, whenFull] = await outcomesOf([insert(1), insertLarge()]);
    const afterwards = committed();
    database.exec(`PRAGMA max_page_count = ${pages + 100}`);
    const withRoom = await outcomesOf([insert(3), insertLarge()]);

    assert.equal(whenFull, "StoreUnavailable: the store is not available: database or disk is full");
    assert.deepEqual(withRoom, [3, 2]);
    assert.deepEqual(afterwards, small === 1 ? [1] : []);
    assert.ok(committed().includes(2));
    assert.deepEqual(fatal, []);
  });

  test("refuses the whole group when an error has ended its transaction", async (t) => {
    const { writer, database, insert, committed } = setUp(t);
    const ending = writer.write(() => {
      database.exec("ROLLBACK");
      throw new Error("gone");
    });

    const outcomes = await outcomesOf([insert(1), ending, insert(2)]);

    assert.deepEqual(outcomes, Array(3).fill("Error: gone"));
    assert.deepEqual(committed(), []);
  });

  test("writes what waits when it closes, and refuses what comes later", async (t) => {
    const { writer, insert, committed } = setUp(t);

    const waiting = insert(1);
    const closed = writer.close();

    assert.deepEqual(committed(), [1]);
    await closed;
    assert.equal(await waiting, 1);
    await assert.rejects(insert(2), /the store is closed/);
    assert.throws(() => writer.assertOpen(), /the store is closed/);
  });
});
