import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import pg from "pg";
import { systemClock } from "../../clock.ts";
import { createCompactor } from "./compactor.ts";
import { openDatabase } from "./database.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";

const databases = await findDatabases(Date.now());

/** Enough that the table is several times what it needs. */
const REWRITES = 600;

async function setup(t: TestContext) {
  const created = await databases?.create();
  assert.ok(created);
  const database = openDatabase({ url: created.url, name: "test", connectionsMax: 2 });
  const other = new pg.Client({ connectionString: created.url });
  await other.connect();
  t.after(async () => {
    await other.end();
    await database.close();
    await created.drop();
  });
  await database.run("INSERT INTO shard (shard) VALUES (0), (1)");
  const failures: unknown[] = [];
  let copies = 0;
  const maintain: typeof database.maintain = (...asked) => {
    copies += 1;
    return database.maintain(...asked);
  };
  const compactor = createCompactor(
    { ...database, maintain },
    {
      clock: systemClock,
      onFailed: (error) => failures.push(error),
    },
  );
  return {
    url: created.url,
    other,
    compactor,
    failures,
    /** How often a table was to be copied. */
    copies: () => copies,
    async rewrite() {
      for (let count = 0; count < REWRITES; count += 1) {
        await database.run("UPDATE shard SET head = head + 1");
      }
    },
    async bytes() {
      const [row] = await database.rows("SELECT pg_total_relation_size('shard')::float8 AS bytes");
      return Number(row?.["bytes"]);
    },
    heads: async () => await database.rows("SELECT shard, head FROM shard ORDER BY shard"),
  };
}

describe("createCompactor()", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("gives back what an old transaction made a table grow by, once that has ended", async (t) => {
    const { other, compactor, failures, copies, rewrite, bytes, heads } = await setup(t);
    await other.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await other.query("SELECT 1 FROM tenant");
    await rewrite();
    const [grown, written] = [await bytes(), await heads()];

    const whileOpen = await compactor.runOnce();
    const copiesWhileOpen = copies();
    await other.query("COMMIT");
    let afterwards = await compactor.runOnce();
    // Transactions are counted over the whole server, which other tests keep busy: a moment's one seems old.
    while (afterwards.length === 0) {
      afterwards = await compactor.runOnce();
    }

    // A copy would have taken all versions along, and everybody would have waited for nothing.
    assert.deepEqual([whileOpen, copiesWhileOpen], [[], 0]);
    assert.deepEqual(afterwards, ["shard"]);
    assert.ok((await bytes()) <= grown / 2, `${await bytes()} bytes of ${grown}`);
    assert.deepEqual(await heads(), written);
    assert.deepEqual(await compactor.runOnce(), []);
    assert.deepEqual(failures, []);
  });

  test("lets a table be that somebody holds, and does not ask again at once", async (t) => {
    const { other, compactor, failures, copies, rewrite } = await setup(t);
    await other.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await other.query("SELECT 1 FROM tenant");
    await rewrite();
    await other.query("COMMIT");
    await other.query("BEGIN");
    await other.query("LOCK TABLE shard IN ACCESS SHARE MODE");

    // As above: what another test does may make it look again.
    const compacted: string[] = [];
    while (copies() === 0) {
      compacted.push(...(await compactor.runOnce()));
    }
    await other.query("COMMIT");
    compacted.push(...(await compactor.runOnce()));

    assert.deepEqual([compacted, copies(), failures], [[], 1, []]);
  });

  test("says of no table of another role that it was compacted", async (t) => {
    const { other, url, failures, rewrite } = await setup(t);
    await other.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await other.query("SELECT 1 FROM tenant");
    await rewrite();
    await other.query("COMMIT");
    const role = `guest_${process.pid}`;
    await other.query(`CREATE ROLE ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`);
    const asGuest = openDatabase({
      url,
      name: "guest",
      connectionsMax: 1,
      first: (session) => session.script(`SET ROLE ${role}`),
    });
    try {
      const guest = createCompactor(asGuest, {
        clock: systemClock,
        onFailed: (error) => failures.push(error),
      });
      assert.deepEqual([await guest.runOnce(), failures], [[], []]);
    } finally {
      await asGuest.close();
      await other.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});
