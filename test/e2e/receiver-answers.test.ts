import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import { HOUR_MS } from "../../server/src/model/duration.ts";
import {
  type EndpointShape,
  type EventShape,
  type Installation,
  install,
  type PageShape,
  until,
} from "./installation.ts";
import { type Reply, startReceiver } from "./receiver.ts";
import { deliveryOf, makeEndpoint, postEvents } from "./steps.ts";

/** Checks that a time is about an hour from now: as far as a busy machine can tell. */
function assertInAnHour(time: string | null): void {
  const inMs = Date.parse(String(time)) - Date.now();
  assert.ok(inMs > HOUR_MS - 600_000 && inMs <= HOUR_MS, `in an hour, not in ${inMs} ms`);
}

interface FailedAttempt {
  readonly status: number | null;
  readonly error: string;
  readonly error_detail: string;
}

describe("standard: what a receiver answers", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(async () => {
    await posthorn.close();
  });

  async function setup(t: TestContext, reply: Reply, body: object = {}) {
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    receiver.answer(() => reply);
    const place = { posthorn, tenant: await posthorn.tenant("standard") };
    const { id } = await makeEndpoint(place, { url: receiver.url, ...body });
    const lane = async () => {
      const path = `${place.tenant}/endpoints/${id}`;
      return (await posthorn.call<EndpointShape>("GET", path)).json.lane;
    };
    return {
      id,
      place,
      receiver,
      lane,
      post: () => postEvents(place, { type: "a", data: {} }),
      delivery: (event: EventShape) => deliveryOf(place, event),
    };
  }

  test("429 for an hour waits no longer than until the endpoint is saved", async (t) => {
    const busy = { status: 429, headers: { "retry-after": "3600" } };
    const { delivery, id, lane, post, place, receiver } = await setup(t, busy);
    const event = await post();
    await until("it is held", async () => (await lane()).held_since !== null);
    assertInAnHour((await delivery(event)).next_attempt_at);

    receiver.answer(() => ({ status: 204 }));
    await posthorn.call("PATCH", `${place.tenant}/endpoints/${id}`, { description: "mended" });
    await until("it is delivered", async () => (await delivery(event)).state === "delivered");
  });

  test("nothing, because nobody listens: the attempt says so by code, and in words", async (t) => {
    const { delivery, post, place, receiver } = await setup(t, { status: 200 });
    await receiver.close();
    const event = await post();
    await until("it was tried", async () => (await delivery(event)).attempts > 0);

    const { json } = await posthorn.call<PageShape<FailedAttempt>>("GET", `${place.tenant}/attempts`);
    const { error, error_detail, status } = json.data[0] ?? {};
    assert.deepEqual([error, status], ["connection_refused", null]);
    assert.match(String(error_detail), /^Nothing accepts connections .* \(ECONNREFUSED\)\.$/);
  });

  for (const status of [429, 502, 503, 504]) {
    test(`${status} holds the endpoint, uses no retry, and ends with the next success`, async (t) => {
      // Without any retry of its own, a delivery that is not held is dead at its first failure.
      const noRetries = { max_in_flight: 1, retry: { delays_ms: [], jitter: 0 } };
      const { delivery, lane, post, receiver } = await setup(t, { status }, noRetries);
      const first = await post();
      await until("it is held", async () => (await lane()).held_since !== null);
      const second = await post();

      assert.equal((await lane()).reason, `status_${status}`);
      receiver.answer(() => ({ status: 204 }));
      for (const event of [first, second]) {
        await until("it is delivered", async () => (await delivery(event)).state === "delivered");
      }
      assert.equal((await lane()).held_since, null);
    });
  }

  for (const [form, value] of [
    ["in seconds", () => "3600"],
    ["as a date", () => new Date(Date.now() + HOUR_MS).toUTCString()],
  ] as const) {
    test(`Retry-After ${form} says how long the endpoint is held`, async (t) => {
      const reply = { status: 503, headers: { "retry-after": value() } };
      const { lane, post } = await setup(t, reply);
      await post();
      await until("it is held", async () => (await lane()).held_since !== null);
      assertInAnHour((await lane()).next_probe_at);
    });

    test(`Retry-After ${form} puts off the one delivery at any other failure`, async (t) => {
      const reply = { status: 500, headers: { "retry-after": value() } };
      const retry = { delays_ms: [20], jitter: 0 };
      const { delivery, lane, post, receiver } = await setup(t, reply, { retry });
      const event = await post();
      await until("it waits", async () => (await delivery(event)).state === "retrying");
      assertInAnHour((await delivery(event)).next_attempt_at);
      assert.equal((await lane()).held_since, null);
      receiver.answer(() => ({ status: 204 }));
      const other = await post();
      await until("others go on", async () => (await delivery(other)).state === "delivered");
    });
  }

  test("Retry-After that cannot be read is ignored", async (t) => {
    const reply = { status: 500, headers: { "retry-after": "soon" } };
    const { delivery, post } = await setup(t, reply, { retry: { delays_ms: [20], jitter: 0 } });
    const event = await post();
    await until("it is dead after one retry", async () => (await delivery(event)).state === "dead");
    assert.equal((await delivery(event)).attempts, 2);
  });
});
