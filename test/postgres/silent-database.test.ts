/** A database that takes what it is told and says nothing more. */
import assert from "node:assert/strict";
import { after, describe, type TestContext, test } from "node:test";
import { configOf } from "../../server/src/cli/serve.ts";
import { startServer } from "../../server/src/main.ts";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { startDatabaseProxy } from "./database-proxy.ts";

const ADMIN_KEY = "the-admin-key-of-the-silence-tests-001";

const cluster = await startCluster();
after(() => cluster?.close());

async function setup(t: TestContext) {
  assert.ok(cluster);
  const proxy = await startDatabaseProxy(cluster.socketPath);
  const env = {
    POSTHORN_ADMIN_KEY: ADMIN_KEY,
    POSTHORN_MASTER_KEY: Buffer.alloc(32, "silence").toString("base64"),
    POSTHORN_DATABASE_URL: `postgres://posthorn@127.0.0.1:${proxy.port}/postgres`,
    POSTHORN_LOG_LEVEL: "silent",
  };
  const server = await startServer({ config: { ...configOf(env), port: 0 }, isDevelopment: true });
  t.after(async () => {
    proxy.turn({ kind: "open" });
    await server.stop();
    proxy.close();
  });
  const call = async (path: string, body: object) => {
    const response = await fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
  await call("/v1/tenants", { id: "acme", name: "Acme" });
  const submit = () => call("/v1/tenants/acme/events", { type: "order.paid", data: {} });
  return { proxy, submit };
}

const options = { timeout: 120_000, skip: cluster === undefined && NO_POSTGRES };

describe("a database that says nothing", options, () => {
  test("keeps no caller waiting until its own deadlines are over", async (t) => {
    const { proxy, submit } = await setup(t);
    assert.equal((await submit()).status, 202);

    proxy.turn({ kind: "silent" });
    const answers = await Promise.all([submit(), submit(), submit()]);

    for (const { status, text } of answers) {
      assert.equal(status, 503);
      // By a limit of the API's: the end of a connection would be told in other words.
      assert.match(text, /did not answer in time/);
    }
    proxy.turn({ kind: "open" });
    assert.equal((await submit()).status, 202);
  });
});
