import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import type { Migration } from "../migration.ts";
import { openDatabase } from "./database.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { MIGRATIONS, migrate } from "./migrate.ts";

const NOW = 1_767_323_045_006;
const NEXT: Migration = { number: MIGRATIONS.length + 1, sql: "CREATE TABLE one (n BIGINT)" };
const LATER: Migration = { number: MIGRATIONS.length + 2, sql: "CREATE TABLE two (n BIGINT)" };

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

    await Promise.all(nodes.map((node) => migrate(node, NOW, [...MIGRATIONS, NEXT, LATER])));
    await Promise.all(nodes.map((node) => node.close()));

    assert.deepEqual(
      await numbers(),
      [...MIGRATIONS, NEXT, LATER].map(({ number }) => number),
    );
  }

  test("leaves the database as it was when a step fails", async (t) => {
    const { database, numbers } = await setup(t);
    const broken = { ...LATER, sql: "CREATE TABLE three (n BIGINT); SELECT 1 / 0" };

    await assert.rejects(migrate(database, NOW, [...MIGRATIONS, NEXT, broken]), /division by zero/);

    assert.deepEqual(
      await numbers(),
      MIGRATIONS.map(({ number }) => number),
    );
    await migrate(database, NOW, [...MIGRATIONS, NEXT, LATER]);
  });

  test("refuses a newer version's database, and an edited migration", async (t) => {
    const { database } = await setup(t);
    await migrate(database, NOW, [...MIGRATIONS, NEXT]);

    await assert.rejects(migrate(database, NOW), /migrated by a newer version/);
    const edited = { ...NEXT, sql: `${NEXT.sql} ` };
    await assert.rejects(migrate(database, NOW, [...MIGRATIONS, edited]), /was edited after it was applied/);
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
