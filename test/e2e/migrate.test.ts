/** `posthorn migrate`, on both databases. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { makeDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { MIGRATIONS as OF_POSTGRES } from "../../server/src/stores/postgres/migrate.ts";
import { MIGRATIONS as OF_SQLITE } from "../../server/src/stores/sqlite/migrate.ts";
import { temporaryPath } from "../../server/src/stores/sqlite/temporary.ts";
import { findPostgres } from "../postgres/find-postgres.ts";

const CLI = join(import.meta.dirname, "../../server/src/cli.ts");

function migrate(verb: string, url: string) {
  const env = { ...process.env, POSTHORN_DATABASE_URL: url, POSTHORN_LOG_LEVEL: "silent" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "migrate", verb], {
    env,
    encoding: "utf8",
    timeout: 300_000,
  });
  return { status, text: `${stdout}${stderr}` };
}

function assertMigrates(url: string, count: number): void {
  const all = Array.from({ length: count }, (_, index) => index + 1).join(", ");
  const before = `migrations applied: 0, missing: ${all}\n`;
  const after = `migrations applied: ${count}, missing: none\n`;

  assert.deepEqual(migrate("status", url), { status: 1, text: before });
  assert.deepEqual(migrate("up", url), { status: 0, text: `migrations applied just now: ${all}\n` });
  assert.deepEqual(migrate("status", url), { status: 0, text: after });
  assert.deepEqual(migrate("up", url), { status: 0, text: "migrations applied just now: none\n" });
}

const postgres = await findPostgres();

describe("posthorn migrate", () => {
  test("says what a file of SQLite lacks, makes it, and says that nothing is missing", (t) => {
    const path = temporaryPath(t);

    assert.equal(migrate("status", `sqlite:${path}`).status, 1);
    assert.ok(!existsSync(path), "asking makes no database");
    assertMigrates(`sqlite:${path}`, OF_SQLITE.length);
  });

  test("does the same over PostgreSQL", { skip: postgres === undefined && NO_POSTGRES }, async (t) => {
    assert.ok(postgres !== undefined);
    const databases = await makeDatabases(postgres, Date.now());
    const empty = await databases.createEmpty();
    t.after(async () => {
      await empty.drop();
      await databases.close();
    });

    assertMigrates(empty.url, OF_POSTGRES.length);
  });

  test("knows no other verb", () => {
    assert.equal(migrate("down", "sqlite:./none.db").status, 2);
  });
});
