/** An application that runs Posthorn in its own process and hands over events in its own transactions. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { freePort } from "../../bench/free-port.ts";
import { createPosthorn } from "../../server/src/posthorn.ts";
import { openApplication } from "../../server/src/stores/postgres/application-fixture.ts";
import { findDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { type EventShape, type PageShape, until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";

const databases = await findDatabases(Date.now());

function inSchema(url: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}options=-c%20search_path%3Dposthorn`;
}

/** The application's tables are in `public`, Posthorn's in a schema of their own of the same database. */
async function setup(t: TestContext) {
  const created = await databases?.createEmpty();
  assert.ok(created);
  const pool = openApplication(created.url);
  await pool.query("CREATE TABLE invoice (number INTEGER PRIMARY KEY)");
  await pool.query("CREATE SCHEMA posthorn");
  const receiver = await startReceiver();
  const posthorn = await createPosthorn({
    isDevelopment: true,
    settings: {
      POSTHORN_DATABASE_URL: inSchema(created.url),
      POSTHORN_PORT: String(await freePort()),
      POSTHORN_ADMIN_KEY: "the-admin-key-of-an-application-00001",
      POSTHORN_MASTER_KEY: Buffer.alloc(32, "embedded").toString("base64"),
      POSTHORN_LOG_LEVEL: "silent",
      POSTHORN_SHARDS: "2",
    },
  });
  t.after(async () => {
    await posthorn.close();
    await receiver.close();
    await pool.end();
    await created.drop();
  });
  const call = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`${posthorn.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${posthorn.adminKey}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: Answer = JSON.parse(await answer.text());
    return json;
  };
  await call("POST", "/tenants", { id: "acme", name: "Acme" });
  await call("POST", "/tenants/acme/endpoints", { url: receiver.url });

  /** Writes an invoice and its event in one transaction, which ends as it is told. */
  async function issue(number: number, end: "COMMIT" | "ROLLBACK"): Promise<string> {
    const client = await pool.connect();
    await client.query("BEGIN");
    await client.query("INSERT INTO invoice VALUES ($1)", [number]);
    const { key } = await posthorn.publish(client, "acme", { type: "invoice.issued", data: { number } });
    await client.query(end);
    client.release();
    return key;
  }
  const found = async (key: string) =>
    (await call<PageShape<EventShape>>("GET", `/tenants/acme/events?key=${key}`)).data;
  const numbers = () => receiver.arrivals.map(({ body }) => JSON.parse(body).data.number);
  return { pool, issue, found, numbers };
}

describe("an application's own process", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("delivers what its transactions committed, in order, and nothing else", async (t) => {
    const { pool, issue, found, numbers } = await setup(t);
    const gone = await issue(1, "ROLLBACK");
    const key = await issue(2, "COMMIT");
    await issue(3, "COMMIT");

    await until("both arrived", async () => numbers().length === 2);

    assert.deepEqual(
      numbers().toSorted((one, other) => one - other),
      (await pool.query("SELECT number FROM invoice ORDER BY number")).rows.map(({ number }) => number),
    );
    assert.equal((await found(key)).length, 1);
    assert.deepEqual(await found(gone), []);
  });
});
