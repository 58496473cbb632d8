/** What the pages on PostgreSQL say, typed as it stands. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { freePort } from "../../bench/free-port.ts";
import { createClient } from "../../client/client.ts";
import { createPosthorn } from "../../server/src/posthorn.ts";
import { openApplication } from "../../server/src/stores/postgres/application-fixture.ts";
import { findDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { until } from "../e2e/installation.ts";
import { fencesOf, likeShown, openPage, PAGE_TEST, placeOf, readPage } from "../e2e/page.ts";

const databases = await findDatabases(Date.now());
const skip = databases === undefined && NO_POSTGRES;
const KEYS = {
  POSTHORN_ADMIN_KEY: "the-admin-key-of-the-pages-00000001",
  POSTHORN_MASTER_KEY: Buffer.alloc(32, "pages").toString("base64"),
};

async function emptyDatabase() {
  return (await databases?.createEmpty()) ?? assert.fail("there is a PostgreSQL");
}

function sqlOf(beginning: string): string {
  const fences = fencesOf("docs/operating/postgres.md");
  return fences.find(({ code }) => code.startsWith(beginning))?.code ?? assert.fail(`it shows ${beginning}`);
}

describe("docs/operating/postgres.md", { skip }, () => {
  it(
    "makes a role with its database, the schema in it, and finds events in it by SQL",
    PAGE_TEST,
    async (t) => {
      const path = "docs/operating/postgres.md";
      const place = placeOf(t);
      const { url, drop } = await emptyDatabase();
      place.atEnd(drop);
      const pool = openApplication(url);
      place.atEnd(() => pool.end());

      const name = `posthorn_page_${process.pid}`;
      const statements = sqlOf("CREATE ROLE").replaceAll("posthorn", name).split(";\n");
      for (const statement of statements.filter((text) => text !== "")) {
        await pool.query(statement);
      }
      await pool.query(`DROP DATABASE ${name}`);
      await pool.query(`DROP ROLE ${name}`);

      const reader = readPage(place, { path, env: { POSTHORN_DATABASE_URL: url }, standIns: {} });
      await reader.type(/^migrations applied: 0, missing: 1,[\s\S]*^migrations applied just now: 1,/m);
      assert.equal(reader.left(), 0);
      const { fields } = await pool.query(sqlOf("-- Events of one tenant"));
      assert.deepEqual(
        fields.map((field) => field.name),
        ["accepted_at", "type", "subject", "bytes"],
      );
    },
  );
});

describe("docs/operating/move.md", { skip }, () => {
  it("counts, moves, shows what that prints, and then has nothing to give up", PAGE_TEST, async (t) => {
    const path = "docs/operating/move.md";
    const { reader, client, place, stop } = await openPage(t, { path, env: KEYS });
    await client.sendEvents("acme", { type: "invoice.paid", data: 1 });
    await stop();
    const { url, drop } = await emptyDatabase();
    place.atEnd(drop);
    reader.learn("/var/lib/posthorn/posthorn.db", join(place.folder, "posthorn.db"));
    reader.learn("postgres://posthorn@db.example/posthorn", url);
    reader.learn("POSTHORN_MASTER_KEY=…", `POSTHORN_MASTER_KEY=${KEYS.POSTHORN_MASTER_KEY}`);
    await reader.type(/^event +\d+$/m);
    await reader.type(likeShown(path, "TABLE"));
    await reader.type(/there is no move to give up/);
    assert.equal(reader.left(), 0);
  });
});

describe("docs/guides/in-your-application.md", { skip }, () => {
  it("has a program that publishes in its transaction", PAGE_TEST, async (t) => {
    const place = placeOf(t);
    const { url, drop } = await emptyDatabase();
    place.atEnd(drop);
    const pool = openApplication(url);
    place.atEnd(() => pool.end());
    await pool.query("CREATE TABLE invoice (number INTEGER PRIMARY KEY)");
    await pool.query("CREATE SCHEMA posthorn");
    const port = String(await freePort());
    const inSchema = `${url}${url.includes("?") ? "&" : "?"}options=-c%20search_path%3Dposthorn`;
    const settings = { ...KEYS, POSTHORN_DATABASE_URL: inSchema, POSTHORN_PORT: port };
    const before = await createPosthorn({ settings: { ...settings, POSTHORN_LOG_LEVEL: "error" } });
    const asked = { url: before.url, key: KEYS.POSTHORN_ADMIN_KEY };
    await createClient(asked).createTenant({ id: "acme", name: "Acme" });
    await before.close();

    const page = "docs/guides/in-your-application.md";
    const env = { ...KEYS, DATABASE_URL: url, POSTHORN_PORT: port, POSTHORN_LOG_LEVEL: "error" };
    const reader = readPage(place, { path: page, env, standIns: {} });
    await reader.type(/^committed \S+$/m);
    await until("the invoice's event is in the log", async () => {
      const { rows } = await pool.query("SELECT type FROM posthorn.event");
      return rows.length === 1 && rows[0].type === "invoice.issued";
    });
    assert.equal((await pool.query("SELECT number FROM invoice")).rows[0].number, 42);
    assert.equal(reader.left(), 0);
  });
});
