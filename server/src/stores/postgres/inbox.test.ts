import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { systemClock } from "../../clock.ts";
import { DAY_MS } from "../../model/duration.ts";
import { systemRandom } from "../../random.ts";
import type { Lease } from "../../store.ts";
import { bytesOf, keyOf, offsetsIn, submission, submitted } from "../conformance/samples.ts";
import { openApplication } from "./application-fixture.ts";
import { findDatabases, NO_POSTGRES } from "./databases-fixture.ts";
import { openPostgresStore } from "./open.ts";

const TRACE = { traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" };

const databases = await findDatabases(Date.now());

/** A store, a tenant in its only shard, and connections of an application's own. */
async function setup(t: TestContext) {
  const created = await databases?.create();
  assert.ok(created);
  const store = await openPostgresStore({
    url: created.url,
    clock: systemClock,
    random: systemRandom,
    shards: 1,
  });
  const pool = openApplication(created.url);
  t.after(async () => {
    await pool.end();
    await store.close();
    await created.drop();
  });
  const draft = { id: "acme", name: "Acme", contract: undefined, shard: 0, createdAt: 1 };
  const tenant = (await store.createTenant(draft))?.number ?? Number.NaN;
  const lease = await store.takeLease(0);

  /** An open transaction that has put an event into the inbox. */
  async function begin(key: string, text = "{}") {
    const client = await pool.connect();
    await client.query("BEGIN");
    const events = [submitted({ data: bytesOf(text), occurredAt: 5, extensions: TRACE }, keyOf(key))];
    await store.inbox.put(client, submission(tenant, events, { keysExpireAt: Date.now() + DAY_MS }));
    return async (end: "COMMIT" | "ROLLBACK"): Promise<void> => {
      await client.query(end);
      client.release();
    };
  }
  const put = async (key: string, text?: string) => await (await begin(key, text))("COMMIT");
  const move = (of: Lease = lease) => store.sharing.moveInbox(of);
  const texts = async () => {
    const page = await store.listEvents({ tenant, isOldestFirst: true, limit: 2000, scanMax: 2000 });
    const events = await Promise.all(page.events.map(({ offset }) => store.readEvent(tenant, offset)));
    return events.map((event) => Buffer.from(event?.data ?? "").toString());
  };
  return { store, tenant, lease, begin, put, move, texts };
}

describe("the inbox", { skip: databases === undefined && NO_POSTGRES }, () => {
  test("what was committed is moved into the log in order, once, and found by its key", async (t) => {
    const { store, tenant, put, move, texts } = await setup(t);
    await put("first", "1");
    await put("second", "2.0");
    const [{ hasInbox } = { hasInbox: false }] = await store.sharing.readNews([0]);
    assert.equal(hasInbox, true);

    const moved = await move();

    assert.ok(typeof moved === "object");
    const [offset] = offsetsIn(moved)[0] ?? [];
    assert.ok(typeof offset === "number");
    assert.equal((await store.readKey(tenant, "first"))?.first, offset);
    assert.deepEqual((await store.readEvent(tenant, offset))?.extensions, TRACE);
    assert.deepEqual(await texts(), ["1", "2.0"]);
    assert.equal(await move(), "empty");
    assert.equal((await store.sharing.readNews([0]))[0]?.hasInbox, false);
  });

  test("what was rolled back never was", async (t) => {
    const { begin, move, texts } = await setup(t);
    await (await begin("gone"))("ROLLBACK");

    assert.equal(await move(), "empty");
    assert.deepEqual(await texts(), []);
  });

  test("a transaction that stays open keeps nobody waiting, and is moved when it commits", async (t) => {
    const { store, tenant, begin, put, move, texts } = await setup(t);
    const end = await begin("long", '"long"');

    await put("short", '"short"');
    assert.ok(typeof (await move()) === "object");
    await store.append(0, [submission(tenant, [submitted({ data: bytesOf('"accepted"') })])]);
    await end("COMMIT");
    assert.ok(typeof (await move()) === "object");

    assert.deepEqual(await texts(), ['"short"', '"accepted"', '"long"']);
  });

  test("whoever has lost the lease moves nothing", async (t) => {
    const { store, lease, put, move, texts } = await setup(t);
    await put("kept");
    await store.releaseLease(lease);
    const next = await store.takeLease(0);

    assert.equal(await move(), "fenced");
    assert.deepEqual(await texts(), []);
    assert.ok(typeof (await move(next)) === "object");
    assert.deepEqual(await texts(), ["{}"]);
  });

  test("a step moves a bounded number of bytes, and one event at least", async (t) => {
    const { put, move } = await setup(t);
    const large = JSON.stringify("x".repeat(3 * 1024 * 1024));
    for (const key of ["a", "b", "c"]) {
      await put(key, large);
    }
    const countMoved = async () => {
      const moved = await move();
      return typeof moved === "object" ? moved.results.length : moved;
    };

    assert.deepEqual([await countMoved(), await countMoved(), await countMoved()], [2, 1, "empty"]);
  });

  test("what was handed over for a tenant that is gone goes with it, and holds up nobody", async (t) => {
    const { store, tenant, put, move, texts } = await setup(t);
    await put("gone");
    await store.deleteTenant(tenant, 2);

    const moved = await move();

    assert.ok(typeof moved === "object");
    assert.deepEqual(offsetsIn(moved), ["no_tenant"]);
    assert.equal(await move(), "empty");
    assert.deepEqual(await texts(), []);
  });
});
