import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import { describe, type TestContext, test } from "node:test";
import { openReaderConnection, openWriterConnection } from "./connection.ts";
import { temporaryPath } from "./temporary.ts";
import { openWalSync, type WalSync } from "./wal-sync.ts";
import { createWriter, type Writer } from "./writer.ts";

interface Setup {
  readonly database: DatabaseSync;
  readonly writer: Writer;
  readonly fatal: unknown[];
  insert(n: number): Promise<number>;
  /** What another connection sees. */
  committed(): readonly unknown[];
}

/** A sync that ends when the test says so. */
interface HeldSync extends WalSync {
  /** Ends the one that is under way, well or with an error. */
  end(error?: Error): void;
}

function holdSyncs(): HeldSync {
  let onEnd: ((error: Error | null) => void) | undefined;
  return {
    sync(callback) {
      assert.equal(onEnd, undefined, "one sync is under way at most");
      onEnd = callback;
    },
    close() {},
    end(error) {
      const callback = onEnd;
      onEnd = undefined;
      assert.ok(callback, "a sync is under way");
      callback(error ?? null);
    },
  };
}

/** Lets everything run that needs no sync. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise(setImmediate);
  }
}

function setUp(t: TestContext, heldSync?: WalSync): Setup {
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
  const wal = heldSync ?? openWalSync(path);
  t.after(() => wal.close());
  const writer = createWriter({ path, database, wal, onFatal: (error) => fatal.push(error) });
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

  test("answers once the transaction is committed and the log is synced, and not before", async (t) => {
    const wal = holdSyncs();
    const { insert, committed, writer } = setUp(t, wal);
    const answered: number[] = [];

    const asked = insert(1).then((n) => answered.push(n));
    await turns();
    const before = {
      committed: committed(),
      answered: [...answered],
      isSyncing: writer.syncing !== undefined,
    };
    wal.end();
    await asked;

    assert.deepEqual(before, { committed: [1], answered: [], isSyncing: true });
    assert.deepEqual([answered, writer.syncing], [[1], undefined]);
  });

  test("writes what comes while the log is synced in one transaction afterwards", async (t) => {
    const wal = holdSyncs();
    const { insert, committed } = setUp(t, wal);

    const first = insert(1);
    await turns();
    const others = [insert(2)];
    await turns();
    others.push(insert(3));
    await turns();
    const meanwhile = committed();
    wal.end();
    await first;
    await turns();
    wal.end();

    assert.deepEqual(meanwhile, [1]);
    assert.deepEqual(await Promise.all(others), [2, 3]);
  });

  test("writes what waits before it answers, and after those who read what is durable", async (t) => {
    const wal = holdSyncs();
    const { insert, committed, writer } = setUp(t, wal);
    const seen: Record<string, readonly unknown[]> = {};

    const first = insert(1).then(() => {
      seen["answered"] = committed();
    });
    await turns();
    const reading = (async () => {
      await writer.syncing;
      seen["read"] = committed();
    })();
    const second = insert(2);
    wal.end();
    await Promise.all([first, reading]);
    wal.end();
    await second;

    assert.deepEqual(seen, { read: [1], answered: [1, 2] });
  });

  test("writes nothing while the log is synced, whenever it was asked", async (t) => {
    const wal = holdSyncs();
    const { insert, writer } = setUp(t, wal);

    const first = insert(1);
    await turns();
    // Asked between a sync and the next, then something is written at once, then it is asked again.
    const reading = (async () => {
      await writer.syncing;
      return [insert(2)];
    })();
    wal.end();
    const [second] = await reading;
    const third = insert(3);
    await turns();
    wal.end();
    await turns();
    wal.end();

    assert.deepEqual(await Promise.all([first, second, third]), [1, 2, 3]);
  });

  test("refuses what could not be synced, and everything after it, and says so once", async (t) => {
    const wal = holdSyncs();
    const { insert, fatal, writer } = setUp(t, wal);
    const failure = new Error("EIO: i/o error, fdatasync");

    const outcomes = outcomesOf([insert(1), insert(1)]);
    await turns();
    const waited = outcomesOf([insert(2)]);
    wal.end(failure);

    const unavailable = "StoreUnavailable: the store is not available";
    const anew = "it refuses everything until the process starts anew";
    const refused = `${unavailable}: the database failed: ${anew}`;
    assert.deepEqual(await outcomes, Array(2).fill(`${unavailable}: EIO: i/o error, fdatasync`));
    assert.deepEqual(await waited, [refused]);
    assert.deepEqual(await outcomesOf([insert(3)]), [refused]);
    assert.throws(() => writer.assertOpen(), /the database failed/);
    assert.deepEqual(fatal, [failure]);
  });

  test("closes once what was asked before is durable", async (t) => {
    const wal = holdSyncs();
    const { insert, writer } = setUp(t, wal);
    const ends: string[] = [];

    const asked = [insert(1).then(() => ends.push("first"))];
    await turns();
    asked.push(insert(2).then(() => ends.push("second")));
    const closed = writer.close().then(() => ends.push("closed"));
    wal.end();
    await turns();
    const before = [...ends];
    wal.end();
    await Promise.all([...asked, closed]);

    assert.deepEqual(before, ["first"]);
    assert.deepEqual(ends, ["first", "second", "closed"]);
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
