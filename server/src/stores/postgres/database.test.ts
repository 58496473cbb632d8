import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { StoreUnavailable } from "../../store-unavailable.ts";
import { startCluster } from "./cluster-fixture.ts";
import { CONNECT_MS_MAX, openDatabase } from "./database.ts";
import { findDatabases, NO_POSTGRES, openFresh } from "./databases-fixture.ts";

const databases = await findDatabases(0);

const setup = (t: TestContext) => openFresh(t, databases, 4);

const OWN_BACKEND = "SELECT pg_terminate_backend(pg_backend_pid())";
const OTHER_BACKENDS = `
  SELECT pg_terminate_backend(pid)
  FROM pg_stat_activity
  WHERE datname = current_database()
    AND pid <> pg_backend_pid()`;
const ONE = "SELECT 1 AS one";

describe("openDatabase()", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("rolls back a transaction whose operation fails, and uses its connection again", async (t) => {
    const database = await setup(t);
    await database.script("CREATE TABLE thing (n BIGINT CHECK (n > 0))");

    await assert.rejects(
      database.transaction(async (session) => {
        await session.run("INSERT INTO thing VALUES ($1)", 1);
        await session.run("INSERT INTO thing VALUES ($1)", -1);
      }),
      /thing_n_check/,
    );

    assert.deepEqual(await database.rows("SELECT n FROM thing"), []);
  });

  test("maintains for as long as it takes, and no longer than that", async (t) => {
    const database = await setup(t);
    await database.script("CREATE TABLE seen (statement_timeout TEXT)");

    await database.maintain("INSERT INTO seen SELECT current_setting('statement_timeout')");
    await database.maintain("VACUUM seen");
    await assert.rejects(database.maintain("VACUUM nothing_of_this_name"));

    assert.deepEqual(await database.rows("SELECT statement_timeout FROM seen"), [{ statement_timeout: "0" }]);
    assert.deepEqual(await database.rows("SHOW statement_timeout"), [{ statement_timeout: "8s" }]);
  });

  test("says that the store is not available when a connection is ended, and opens another", async (t) => {
    const database = await setup(t);

    await assert.rejects(database.rows(OWN_BACKEND), StoreUnavailable);
    await assert.rejects(
      database.transaction((session) => session.rows(OWN_BACKEND)),
      StoreUnavailable,
    );

    assert.deepEqual(
      (await database.rows(ONE)).map(({ one }) => one),
      [1],
    );
  });

  test("survives connections that are ended while nobody uses them", async (t) => {
    const database = await setup(t);
    await Promise.all([1, 2, 3, 4].map(() => database.rows("SELECT pg_sleep(0.05)")));

    await database.rows(OTHER_BACKENDS);

    const answers = await Promise.allSettled([1, 2, 3, 4, 5, 6].map(() => database.rows(ONE)));
    const refused = answers.flatMap((answer) =>
      answer.status === "rejected" ? [answer.reason as unknown] : [],
    );
    assert.ok(refused.every((reason) => reason instanceof StoreUnavailable));
    assert.equal((await database.rows(ONE)).length, 1);
  });

  test("loses no connection where callers give up while a new one is looked at", async (t) => {
    const created = await databases?.create();
    assert.ok(created);
    let looks = 0;
    const database = openDatabase({
      url: created.url,
      name: "test",
      connectionsMax: 1,
      async first(session) {
        looks += 1;
        await session.rows("SELECT pg_sleep($1::double precision / 1000)", CONNECT_MS_MAX + 500);
        if (looks === 1) {
          throw new Error("of no use");
        }
      },
    });
    t.after(async () => {
      await database.close();
      await created.drop();
    });

    const both = await Promise.allSettled([database.rows(ONE), database.rows(ONE)]);

    assert.deepEqual(
      both.map(({ status }) => status),
      ["rejected", "rejected"],
    );
    assert.equal((await database.rows(ONE)).length, 1);
    assert.equal((await database.rows(ONE)).length, 1);
    assert.equal(looks, 2, "each connection is looked at once");
  });

  test("refuses at once where nobody listens, and goes on when the server is back", async (t) => {
    const cluster = await startCluster();
    assert.ok(cluster);
    const database = openDatabase({ url: cluster.urlOf("postgres"), name: "test", connectionsMax: 2 });
    t.after(async () => {
      await database.close();
      await cluster.close();
    });
    await database.rows(ONE);

    await cluster.kill();
    await assert.rejects(database.rows(ONE), StoreUnavailable);
    await assert.rejects(database.rows(ONE), StoreUnavailable);
    await cluster.start();

    // The first may find a connection that does not know yet that it is dead.
    await database.rows(ONE).catch(() => undefined);
    assert.equal((await database.rows(ONE)).length, 1);
  });
});
