/** A PostgreSQL whose disk is full for what is new, as its SQLSTATE 53100 says. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { configOf } from "../../server/src/cli/config-given.ts";
import { startServer } from "../../server/src/main.ts";
import { openApplication } from "../../server/src/stores/postgres/application-fixture.ts";
import { findDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";

const databases = await findDatabases(Date.now());
const ADMIN_KEY = "the-admin-key-of-a-full-disk-00000001";

/** The log has no room; what is small, and in tables that are there, has. */
const FILL = `
  CREATE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
  CREATE TRIGGER is_full BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION is_full()`;

async function setup(t: TestContext) {
  const created = await databases?.create();
  assert.ok(created);
  const pool = openApplication(created.url);
  const receiver = await startReceiver();
  const config = configOf({
    POSTHORN_DATABASE_URL: created.url,
    POSTHORN_ADMIN_KEY: ADMIN_KEY,
    POSTHORN_MASTER_KEY: Buffer.alloc(32, "full").toString("base64"),
    POSTHORN_LOG_LEVEL: "silent",
  });
  const server = await startServer({ config: { ...config, port: 0 }, isDevelopment: true });
  t.after(async () => {
    await server.stop();
    await receiver.close();
    await pool.end();
    await created.drop();
  });
  async function call(method: string, path: string, body?: object) {
    const answer = await fetch(`${server.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: ReturnType<typeof JSON.parse> = JSON.parse(await answer.text());
    return { status: answer.status, json };
  }
  await call("POST", "/tenants", { id: "acme", name: "Acme" });
  await call("POST", "/tenants/acme/endpoints", { url: receiver.url });
  const accept = (n: number) => call("POST", "/tenants/acme/events", { type: "a", data: n });
  const states = async () => {
    const page = await call("GET", "/tenants/acme/deliveries");
    return page.json.data.map(({ state }: { readonly state: string }) => state);
  };
  return { pool, receiver, accept, states };
}

describe("a full disk under PostgreSQL", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("refuses events with 503, delivers what was accepted, and takes events again", async (t) => {
    const { pool, receiver, accept, states } = await setup(t);
    const answered = Promise.withResolvers<{ readonly status: number }>();
    receiver.answer(() => answered.promise);
    const before = await accept(1);
    await until("it is on its way", () => receiver.arrivals.length === 1);

    await pool.query(FILL);
    const refused = await accept(2);
    answered.resolve({ status: 200 });
    await until("what was accepted is delivered", async () => (await states()).includes("delivered"));
    await pool.query("DROP TRIGGER is_full ON event");
    const after = await accept(3);
    await until("what came afterwards is delivered", () => receiver.arrivals.length === 2);

    assert.deepEqual([before.status, after.status], [202, 202]);
    assert.deepEqual([refused.status, refused.json.code], [503, "store_unavailable"]);
    assert.equal(JSON.parse(receiver.arrivals[1]?.body ?? "{}").data, 3, "what was refused is not sent");
  });
});
