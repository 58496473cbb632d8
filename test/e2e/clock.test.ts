import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient } from "../../client/client.ts";
import { HOUR_MS } from "../../server/src/model/duration.ts";
import { type EndpointShape, type Installation, install, until } from "./installation.ts";
import { startReceiver } from "./receiver.ts";
import { deliveryOf, makeEndpoint, type Place, postEvents } from "./steps.ts";

const CLI = fileURLToPath(new URL("../../server/src/cli.ts", import.meta.url));

/** A database that nodes share has a clock of its own, which nobody moves. */
const IS_SHARED = process.env["TEST_JOURNEYS_ON"] !== undefined && "nodes share the clock of the database";

describe("a server in development", { concurrency: 1, skip: IS_SHARED }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(() => posthorn.close());

  async function advance(hours: number): Promise<void> {
    const client = createClient({ url: posthorn.url, key: posthorn.adminKey });
    for (let leftMs = hours * HOUR_MS; leftMs > 0; ) {
      leftMs -= (await client.advanceClock({ by_ms: leftMs })).advanced_ms;
    }
  }

  test("lets hours of retries pass in a moment", async (t) => {
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    receiver.answer(() => ({ status: 500 }));
    const place: Place = { posthorn, tenant: await posthorn.tenant("standard") };
    await makeEndpoint(place, { url: receiver.url });
    const event = await postEvents(place, { type: "a", data: 1 });
    await until("it was tried", async () => (await deliveryOf(place, event)).attempts > 0);
    await advance(1);
    assert.equal((await deliveryOf(place, event)).state, "retrying");
    await advance(95);
    const { state, attempts } = await deliveryOf(place, event);
    assert.deepEqual([state, attempts], ["dead", 10]);
    assert.equal(receiver.arrivals.length, 10);
  });

  test("lets events expire, endpoints be disabled and old secrets end", async (t) => {
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    const place: Place = { posthorn, tenant: await posthorn.tenant("bspk") };
    const { id } = await makeEndpoint(place, { url: receiver.url });
    const at = `${place.tenant}/endpoints/${id}`;
    receiver.answer(() => ({ status: 500 }));
    const event = await postEvents(place, { type: "client.created", data: {} });
    await until("it was tried", async () => (await deliveryOf(place, event)).attempts > 0);
    await posthorn.call("POST", `${at}/rotate-secret`, {});
    await advance(96);
    const { json } = await posthorn.call<EndpointShape>("GET", at);
    assert.equal(json.state, "disabled");

    const other = await makeEndpoint(place, { url: receiver.url });
    await posthorn.call("POST", `${place.tenant}/endpoints/${other.id}/pause`);
    const { now } = await createClient({ url: posthorn.url, key: posthorn.adminKey }).getClock();
    const expires_at = new Date(Date.parse(now) + HOUR_MS).toISOString();
    const late = await postEvents(place, { type: "client.created", data: {}, to: other.id, expires_at });
    await advance(2);
    await posthorn.call("POST", `${place.tenant}/endpoints/${other.id}/resume`);
    await until("it has expired", async () => (await deliveryOf(place, late)).state === "expired");
  });

  test("says in its answers what time it is there", async () => {
    await advance(1);
    const { headers } = await fetch(`${posthorn.url}/healthz`);
    const { now } = await createClient({ url: posthorn.url, key: posthorn.adminKey }).getClock();
    const aheadMs = Date.parse(headers.get("date") ?? "") - Date.now();
    assert.ok(aheadMs > HOUR_MS / 2, `the answer is ${aheadMs} ms ahead`);
    assert.ok(Math.abs(Date.parse(headers.get("date") ?? "") - Date.parse(now)) < HOUR_MS / 2);
  });

  test("is moved from the command line, too", async () => {
    const env = { ...process.env, POSTHORN_URL: posthorn.url, POSTHORN_KEY: posthorn.adminKey };
    const run = async (...words: readonly string[]) =>
      (await promisify(execFile)(process.execPath, [CLI, "clock", ...words], { env })).stdout;
    const shownAt = Date.parse((await run()).trim());
    const moved = JSON.parse(await run("advance", "90m", "--json"));
    assert.ok(Date.parse(moved.now) - shownAt >= 90 * 60_000);
    assert.equal(moved.is_movable, true);
    await assert.rejects(run("advance", "soon"), { code: 2 });
  });

  test("in production nobody moves the clock", async () => {
    const env = {
      POSTHORN_ADMIN_KEY: "the admin key of a server in production",
      POSTHORN_MASTER_KEY: Buffer.alloc(32, "clock").toString("base64"),
    };
    const serving = await install({ env, isDevelopment: false });
    try {
      const refused = await serving.call<{ code: string }>("POST", "/v1/clock/advance", { by_ms: 1 });
      assert.deepEqual([refused.status, refused.json.code], [409, "clock_fixed"]);
      const { json } = await serving.call<{ is_movable: boolean }>("GET", "/v1/clock");
      assert.equal(json.is_movable, false);
    } finally {
      await serving.close();
    }
  });
});
