/** A PostgreSQL whose disk is full for what is new, as its SQLSTATE 53100 says. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { configOf } from "../../server/src/cli/config-given.ts";
import { startServer } from "../../server/src/main.ts";
import { openApplication } from "../../server/src/stores/postgres/application-fixture.ts";
import { findDatabases, NO_POSTGRES } from "../../server/src/stores/postgres/databases-fixture.ts";
import { type ApiAnswer, type EventShape, until } from "../e2e/installation.ts";
import { startReceiver } from "../e2e/receiver.ts";

const databases = await findDatabases(Date.now());
const ADMIN_KEY = "the-admin-key-of-a-full-disk-00000001";

/** A sequence counts what is refused: it is not undone with the statement. */
const FILL = `
  CREATE SEQUENCE outcomes_refused;
  CREATE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_TABLE_NAME LIKE 'attempt%' THEN PERFORM nextval('outcomes_refused'); END IF;
      RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
    END $$;
  CREATE TRIGGER is_full BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION is_full();
  CREATE TRIGGER is_full BEFORE INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION is_full()`;

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
  async function call<Shape>(method: string, path: string, body?: object): Promise<ApiAnswer<Shape>> {
    const answer = await fetch(`${server.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: Shape = JSON.parse(await answer.text());
    return { status: answer.status, json };
  }
  await call("POST", "/tenants", { id: "acme", name: "Acme" });
  await call("POST", "/tenants/acme/endpoints", { url: receiver.url });
  const accept = (n: number) =>
    call<EventShape & { readonly code?: string }>("POST", "/tenants/acme/events", { type: "a", data: n });
  const states = async () => {
    const page = await call<{ readonly data: readonly { readonly state: string }[] }>(
      "GET",
      "/tenants/acme/deliveries",
    );
    return page.json.data.map(({ state }) => state);
  };
  return { pool, receiver, accept, states };
}

describe("a full disk under PostgreSQL", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("refuses events with 503, keeps outcomes until there is room, and goes on", async (t) => {
    const { pool, receiver, accept, states } = await setup(t);
    const answered = Promise.withResolvers<{ readonly status: number }>();
    receiver.answer(() => answered.promise);
    const before = await accept(1);
    await until("it is on its way", () => receiver.arrivals.length === 1);

    await pool.query(FILL);
    const refused = await accept(2);
    answered.resolve({ status: 200 });
    await until("its outcome was refused", async () => {
      const { rows } = await pool.query("SELECT is_called FROM outcomes_refused");
      return rows[0]?.is_called === true;
    });
    await pool.query("DROP TRIGGER is_full ON attempt; DROP TRIGGER is_full ON event");
    await until("its outcome is stored", async () => (await states()).includes("delivered"));
    const after = await accept(3);
    await until("what came afterwards is delivered", () => receiver.arrivals.length > 1);

    assert.deepEqual([before.status, after.status], [202, 202]);
    assert.deepEqual([refused.status, refused.json.code], [503, "store_unavailable"]);
    assert.deepEqual(
      receiver.arrivals.map(({ body }) => JSON.parse(body).data),
      [1, 3],
      "each once, and what was refused never",
    );
  });
});
