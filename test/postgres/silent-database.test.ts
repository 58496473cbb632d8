/** A database that takes what it is told and says nothing more. */
import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { after, describe, type TestContext, test } from "node:test";
import { configOf } from "../../server/src/cli/config-given.ts";
import { startServer } from "../../server/src/main.ts";
import { startCluster } from "../../server/src/stores/postgres/cluster-fixture.ts";
import { NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { until } from "../e2e/installation.ts";
import { startDatabaseProxy } from "./database-proxy.ts";

const ADMIN_KEY = "the-admin-key-of-the-silence-tests-001";

const TENANT = "acme-of-silence";
const TYPE = "order.paid.in.silence";

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
  const call = async (path: string, body: object, key = ADMIN_KEY) => {
    const response = await fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
  await call("/v1/tenants", { id: TENANT, name: "Acme" });
  const { text } = await call(`/v1/tenants/${TENANT}/keys`, { name: "app" });
  const { key }: { key: string } = JSON.parse(text);
  const submit = () => call(`/v1/tenants/${TENANT}/events`, { type: TYPE, data: {} }, key);
  return { proxy, submit, key };
}

const options = { timeout: 300_000, skip: cluster === undefined && NO_POSTGRES };

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
    // A connection that was ended may be found so only when it is used.
    await until("events are accepted again", async () => (await submit()).status === 202);
  });

  for (const [stage, wordOf, code] of [
    ["who the caller is", (key: string) => hash("sha256", key, "buffer"), "store_unavailable"],
    ["what the commit comes to", () => TYPE, "store_unavailable"],
  ] as const) {
    test(`keeps no caller waiting where it does not say ${stage}`, async (t) => {
      const { proxy, submit, key } = await setup(t);
      assert.equal((await submit()).status, 202);
      const word = wordOf(key);
      let swallowed = 0;

      proxy.turn({
        kind: "swallowing",
        isSwallowed(question) {
          const isMeant = question.includes(word);
          swallowed += isMeant ? 1 : 0;
          return isMeant;
        },
      });
      const { status, text } = await submit();

      assert.equal(swallowed, 1, "it came as far as that, and no further");
      assert.equal(status, 503);
      const problem: { code: string } = JSON.parse(text);
      assert.equal(problem.code, code);
      proxy.turn({ kind: "open" });
      await until("events are accepted again", async () => (await submit()).status === 202);
    });
  }
});
