import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { Migration } from "../migration.ts";
import { openDatabase } from "./database.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { MIGRATIONS, migrate } from "./migrate.ts";
import { ENDED_SESSIONS } from "./migrations/0021-ended-sessions.ts";

const NOW = 1_767_323_045_006;
const NEXT: Migration = { number: MIGRATIONS.length + 1, sql: "CREATE TABLE one (n BIGINT)" };
const LATER: Migration = { number: MIGRATIONS.length + 2, sql: "CREATE TABLE two (n BIGINT)" };

const INSERT_KEY_ROW = `
  INSERT INTO api_key (id, name, hash, created_at, revoked_at)
  VALUES ($1::text, '', convert_to($1, 'UTF8'), 1, $2::bigint)`;

const databases = await findDatabases(NOW);

async function setup(t: TestContext, kind: "migrated" | "empty" = "migrated") {
  const created = await (kind === "empty" ? databases?.createEmpty() : databases?.create());
  assert.ok(created);
  const open = () => openDatabase({ url: created.url, name: "test", connectionsMax: 2 });
  const database = open();
  t.after(async () => {
    await database.close();
    await created.drop();
  });
  const numbers = async () =>
    (await database.rows("SELECT number FROM migration")).map(({ number }) => number);
  return { database, open, numbers };
}

describe("migrate() on PostgreSQL", { skip: databases === undefined && NO_POSTGRES }, () => {
  for (const kind of ["migrated", "empty"] as const) {
    test(`applies what is missing once to one that is ${kind}, although eight nodes start at once`, (t) =>
      startEight(t, kind));
  }

  async function startEight(t: TestContext, kind: "migrated" | "empty"): Promise<void> {
    const { open, numbers } = await setup(t, kind);
    const nodes = Array.from({ length: 8 }, open);

    await Promise.all(nodes.map((node) => migrate(node, NOW, { migrations: [...MIGRATIONS, NEXT, LATER] })));
    await Promise.all(nodes.map((node) => node.close()));

    assert.deepEqual(
      await numbers(),
      [...MIGRATIONS, NEXT, LATER].map(({ number }) => number),
    );
  }

  test("removes sessions that an earlier version revoked, and no other row of a key", async (t) => {
    const { database } = await setup(t, "empty");
    const at = MIGRATIONS.findIndex(({ sql }) => sql === ENDED_SESSIONS);
    await migrate(database, NOW, { migrations: MIGRATIONS.slice(0, at) });
    await database.run(INSERT_KEY_ROW, "ses_open", null);
    await database.run(INSERT_KEY_ROW, "ses_over", 2);
    await database.run(INSERT_KEY_ROW, "sesame", 2);
    await database.run(INSERT_KEY_ROW, "key_over", 2);

    await migrate(database, NOW);

    const rows = await database.rows("SELECT id FROM api_key ORDER BY number");
    assert.deepEqual(
      rows.map(({ id }) => id),
      ["ses_open", "sesame", "key_over"],
    );
  });

  test("leaves the database as it was when a step fails", async (t) => {
    const { database, numbers } = await setup(t);
    const broken = { ...LATER, sql: "CREATE TABLE three (n BIGINT); SELECT 1 / 0" };

    await assert.rejects(
      migrate(database, NOW, { migrations: [...MIGRATIONS, NEXT, broken] }),
      /division by zero/,
    );

    assert.deepEqual(
      await numbers(),
      MIGRATIONS.map(({ number }) => number),
    );
    await migrate(database, NOW, { migrations: [...MIGRATIONS, NEXT, LATER] });
  });

  /** A report that has read a table and was left open. */
  async function leaveOpen(t: TestContext) {
    const { database, open, numbers } = await setup(t);
    const [reporting, working] = [open(), open()];
    const closed = Promise.withResolvers<void>();
    const isOpen = Promise.withResolvers<number>();
    const report = reporting.transaction(async (session) => {
      await session.script("SET LOCAL idle_in_transaction_session_timeout = 0");
      const [row = {}] = await session.rows("SELECT pg_backend_pid() AS pid, (SELECT count(*) FROM tenant)");
      isOpen.resolve(Number(row["pid"]));
      await closed.promise;
    });
    t.after(() => Promise.all([reporting.close(), working.close()]));
    const end = async () => {
      closed.resolve();
      await report;
    };
    return { database, working, numbers, pid: await isOpen.promise, end };
  }

  const WIDENS: Migration = { ...NEXT, sql: "ALTER TABLE tenant ADD COLUMN colour TEXT" };
  const QUICK_TRIES = { lockMsMax: 100, pauseMs: 10 };

  test("waits for a table that is in use, lets others through meanwhile, and says for whom", async (t) => {
    const { database, working, numbers, pid, end } = await leaveOpen(t);
    const waited: string[] = [];
    const migrated = migrate(database, NOW, {
      migrations: [...MIGRATIONS, WIDENS],
      ...QUICK_TRIES,
      onWaiting: (holders) => waited.push(holders),
    });

    while (waited.length < 3) {
      await working.rows("SELECT count(*) FROM tenant");
    }
    await end();
    await migrated;

    assert.match(waited[0] ?? "", new RegExp(`^process ${pid} \\(test\\), in a .* which has .*tenant`));
    assert.equal((await numbers()).at(-1), WIDENS.number);
    await working.rows("SELECT colour FROM tenant");
  });

  test("gives up when a table was in use at every try, and has done nothing then", async (t) => {
    const { database, numbers, pid, end } = await leaveOpen(t);

    await assert.rejects(
      migrate(database, NOW, { migrations: [...MIGRATIONS, LATER, WIDENS], ...QUICK_TRIES, triesMax: 2 }),
      new RegExp(`tables were in use at each of 2 tries, at last by process ${pid} \\(test\\)`),
    );
    await end();

    assert.deepEqual(
      await numbers(),
      MIGRATIONS.map(({ number }) => number),
    );
  });

  test("refuses a newer version's database, and an edited migration", async (t) => {
    const { database } = await setup(t);
    await migrate(database, NOW, { migrations: [...MIGRATIONS, NEXT] });

    await assert.rejects(migrate(database, NOW), /migrated by a newer version/);
    const edited = { ...NEXT, sql: `${NEXT.sql} ` };
    await assert.rejects(
      migrate(database, NOW, { migrations: [...MIGRATIONS, edited] }),
      /was edited after it was applied/,
    );
  });

  test("refuses another program's database", async (t) => {
    const { database } = await setup(t);
    await database.script("CREATE SCHEMA others; CREATE TABLE others.users (n BIGINT)");

    await assert.rejects(
      database.transaction(async (session) => {
        await session.script("SET LOCAL search_path = others");
        await migrate({ ...database, transaction: (operation) => operation(session) }, NOW);
      }),
      /belongs to another program/,
    );
  });
});
