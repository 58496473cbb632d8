import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type AttemptShape, type Installation, install, type PageShape, until } from "./installation.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { deliveryOf, makeEndpoint, postEvents } from "./steps.ts";

const LATER = { retry: { delays_ms: [3_600_000], jitter: 0 } };
const PASSPORT = "C01X00T47";

interface AnsweredAttempt extends AttemptShape {
  readonly answer?: string | null;
}

describe("an erasure", { concurrency: 1 }, () => {
  let posthorn: Installation;
  let receiver: Receiver;

  before(async () => {
    posthorn = await install();
    receiver = await startReceiver();
  });
  after(async () => {
    await posthorn.close();
    await receiver.close();
  });

  test("of the head of a held lane lets the next one go, and the head is never sent again", async () => {
    const tenant = await posthorn.tenant("bubblehouse");
    const place = { posthorn, tenant };
    receiver.answer(() => ({ status: 500, body: PASSPORT }));
    const endpoint = await makeEndpoint(place, {
      url: `${receiver.url}/held/:name`,
      settings: { handshake: false },
    });
    const post = (n: number) =>
      postEvents(place, { type: "Points Updated", data: { customer: { shopid: PASSPORT }, n } });
    const [head, next] = [await post(1), await post(2)];
    await until("the lane is held", async () => {
      const { json } = await posthorn.call<typeof endpoint>("GET", `${tenant}/endpoints/${endpoint.id}`);
      return json.lane.held_since !== null;
    });

    receiver.answer(() => ({ status: 200, body: '{"outcome":"sent"}' }));
    const { status } = await posthorn.call("DELETE", `${tenant}/events/${head.id}`);
    const sent = receiver.arrivals.filter(({ body }) => body.includes('"n":1')).length;

    assert.equal(status, 204);
    await until("the next is delivered", async () => (await deliveryOf(place, next)).state === "delivered");
    // What was on its way when it was erased may have been delivered.
    assert.match((await deliveryOf(place, head)).state, /cancelled|delivered/);
    assert.equal(receiver.arrivals.filter(({ body }) => body.includes('"n":1')).length, sent);
  });

  test("takes receivers' answers along, ends what waits, and outlives a restart", async () => {
    const tenant = await posthorn.tenant("standard");
    const place = { posthorn, tenant };
    receiver.answer(() => ({ status: 500, body: `no ${PASSPORT}` }));
    await makeEndpoint(place, { url: `${receiver.url}/waiting`, ...LATER });
    const event = await postEvents(place, { type: "a", subject: "anna", data: PASSPORT });
    await until("it was tried", async () => (await deliveryOf(place, event)).attempts === 1);

    assert.equal((await posthorn.call("DELETE", `${tenant}/subjects/anna`)).status, 204);
    await posthorn.restart();

    const path = `${tenant}/attempts?event=${event.id}`;
    const { json } = await posthorn.call<PageShape<AnsweredAttempt>>("GET", path);
    assert.equal(json.data.length, 1);
    assert.equal(JSON.stringify(json).includes(PASSPORT), false);
    const { state, reason, attempts } = await deliveryOf(place, event);
    assert.deepEqual({ state, reason, attempts }, { state: "cancelled", reason: "erased", attempts: 1 });
    const { id } = await deliveryOf(place, event);
    const replayed = await posthorn.call<{ code: string }>("POST", `${tenant}/deliveries/${id}/replay`);
    assert.deepEqual([replayed.status, replayed.json.code], [409, "event_erased"]);
  });
});
