import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import {
  type AttemptShape,
  type DeliveryShape,
  type EndpointShape,
  type EventShape,
  type Installation,
  install,
  type PageShape,
  until,
} from "./installation.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { makeEndpoint, postEvents, deliveryOf as readDelivery } from "./steps.ts";

const QUICK = { retry: { delays_ms: [30, 60, 90], jitter: 0 } };

describe("a real server delivers", { concurrency: 1 }, () => {
  let posthorn: Installation;
  let receiver: Receiver;

  before(async () => {
    posthorn = await install();
  });
  after(async () => {
    await posthorn.close();
  });

  async function setup(contract: string, endpoint: object = {}, path = "/hooks") {
    receiver = await startReceiver();
    const tenant = await posthorn.tenant(contract);
    const made = await makeEndpoint({ posthorn, tenant }, { url: `${receiver.url}${path}`, ...endpoint });
    return { tenant, endpoint: made };
  }

  const post = async <Shape = EventShape>(tenant: string, body: unknown): Promise<Shape> =>
    await postEvents<Shape>({ posthorn, tenant }, body);
  const deliveryOf = async (tenant: string, event: EventShape): Promise<DeliveryShape> =>
    await readDelivery({ posthorn, tenant }, event);

  test("standard: a failure is retried with the same id and bytes, signed anew", async (t) => {
    const { tenant, endpoint } = await setup("standard", QUICK);
    t.after(() => receiver.close());
    receiver.answer(() => ({ status: receiver.arrivals.length < 3 ? 500 : 200 }));

    const event = await post(tenant, { type: "invoice.paid", data: { id: 1 } });
    await until("it is delivered", async () => (await deliveryOf(tenant, event)).state === "delivered");

    assert.equal(receiver.arrivals.length, 3);
    assert.equal(new Set(receiver.arrivals.map(({ body }) => body)).size, 1);
    for (const { headers, body } of receiver.arrivals) {
      assert.equal(headers["webhook-id"], event.id);
      new Webhook(endpoint.secret).verify(body, headers as Record<string, string>);
    }
    const attempts = await posthorn.call<PageShape<AttemptShape>>(
      "GET",
      `${tenant}/attempts?event=${event.id}`,
    );
    const verdicts = attempts.json.data.map((attempt) => [attempt.number, attempt.verdict]);
    assert.deepEqual(verdicts, [
      [3, "delivered"],
      [2, "retry"],
      [1, "retry"],
    ]);
  });

  test("standard: when the schedule is used up, the delivery is dead", async (t) => {
    const { tenant } = await setup("standard", QUICK);
    t.after(() => receiver.close());
    receiver.answer(() => ({ status: 500 }));

    const event = await post(tenant, { type: "invoice.paid", data: {} });
    await until("it is dead", async () => (await deliveryOf(tenant, event)).state === "dead");

    assert.equal(receiver.arrivals.length, 4);
  });

  test("standard: 410 disables the endpoint, and enabling it starts at the head", async (t) => {
    const { tenant, endpoint } = await setup("standard", { ...QUICK, max_in_flight: 1 });
    t.after(() => receiver.close());
    receiver.answer(() => ({ status: 410 }));
    const path = `${tenant}/endpoints/${endpoint.id}`;

    const { data: events } = await post<PageShape<EventShape>>(
      tenant,
      [1, 2, 3].map((id) => ({ type: "a", data: { id } })),
    );
    await until(
      "it is disabled",
      async () => (await posthorn.call<EndpointShape>("GET", path)).json.state === "disabled",
    );
    await until("the backlog is cancelled", async () => {
      const states = await Promise.all(events.map((event) => deliveryOf(tenant, event)));
      return states.every((delivery) => delivery.state === "cancelled" && delivery.reason === "disabled");
    });
    await post(tenant, { type: "a", data: { id: 4 } });
    receiver.answer(() => ({ status: 200 }));
    await posthorn.call("POST", `${path}/enable`);
    const last = await post(tenant, { type: "a", data: { id: 5 } });
    await until(
      "the new one is delivered",
      async () => (await deliveryOf(tenant, last)).state === "delivered",
    );

    const ids = receiver.arrivals.map(({ body }) => JSON.parse(body).data.id as number);
    assert.deepEqual([ids.includes(4), ids.at(-1)], [false, 5]);
  });

  test("standard: 429 with Retry-After holds the whole endpoint", async (t) => {
    const { tenant, endpoint } = await setup("standard", { max_in_flight: 1 });
    t.after(() => receiver.close());
    receiver.answer(() => ({ status: 429, headers: { "retry-after": "3600" } }));
    const path = `${tenant}/endpoints/${endpoint.id}`;

    await post(
      tenant,
      [1, 2, 3].map((id) => ({ type: "a", data: { id } })),
    );
    await until(
      "it is held",
      async () => (await posthorn.call<EndpointShape>("GET", path)).json.lane.held_since !== null,
    );

    const { json } = await posthorn.call<EndpointShape>("GET", path);
    assert.equal(receiver.arrivals.length, 1);
    assert.equal(json.lane.reason, "status_429");
    assert.equal(json.lane.waiting, 3);
    const probeInMs = Date.parse(String(json.lane.next_probe_at)) - Date.now();
    assert.ok(probeInMs > 3_000_000 && probeInMs <= 3_600_000);
  });

  test("a paused endpoint keeps its place, over a restart too", async (t) => {
    const { tenant, endpoint } = await setup("standard");
    t.after(() => receiver.close());
    const path = `${tenant}/endpoints/${endpoint.id}`;
    await posthorn.call("POST", `${path}/pause`);

    await post(
      tenant,
      [1, 2, 3].map((id) => ({ type: "a", data: { id } })),
    );
    await posthorn.restart();
    const beforeResume = receiver.arrivals.length;
    await posthorn.call("POST", `${path}/resume`);
    await until("all arrived", () => receiver.arrivals.length === 3);

    assert.equal(beforeResume, 0);
  });

  test("a waiting retry survives a restart", async (t) => {
    const { tenant } = await setup("standard", { retry: { delays_ms: [1500], jitter: 0 } });
    t.after(() => receiver.close());
    receiver.answer(() => ({ status: receiver.arrivals.length === 1 ? 500 : 200 }));

    const event = await post(tenant, { type: "a", data: { id: 1 } });
    await until("it waits", async () => (await deliveryOf(tenant, event)).state === "retrying");
    await posthorn.restart();
    await until("it is delivered", async () => (await deliveryOf(tenant, event)).state === "delivered");

    assert.equal(receiver.arrivals.length, 2);
  });

  test("data arrives as the bytes that were sent", async (t) => {
    const { tenant } = await setup("bspk", { event_types: ["client.updated"] });
    t.after(() => receiver.close());
    const data = '{ "b":12345678901234567890, "a" : 1.0,\n "e":1e2, "u":"\\u00e9\u2028" }';

    await post(tenant, `{"type":"client.updated","data":${data}}`);
    await until("it arrived", () => receiver.arrivals.length === 1);

    assert.equal(receiver.arrivals[0]?.body, `{"event_name":"client.updated","object":${data}}`);
  });

  test("`to` names the only endpoint, and `expires_at` ends what waits", async (t) => {
    const { tenant, endpoint } = await setup("standard", { event_types: ["never.*"] });
    t.after(() => receiver.close());
    const other = await posthorn.call<EndpointShape>("POST", `${tenant}/endpoints`, {
      url: `${receiver.url}/other`,
    });
    await posthorn.call("POST", `${tenant}/endpoints/${other.json.id}/pause`);

    const expires_at = new Date(Date.now() + 300).toISOString();
    const expiring = await post(tenant, { type: "a", data: {}, expires_at });
    await post(tenant, { type: "a", data: {}, to: endpoint.id });
    await until("it arrived", () => receiver.arrivals.length === 1);
    await until("the time is over", () => Date.now() > Date.parse(expires_at));
    await posthorn.call("POST", `${tenant}/endpoints/${other.json.id}/resume`);
    await until("it expired", async () => (await deliveryOf(tenant, expiring)).state === "expired");

    assert.deepEqual(
      receiver.arrivals.map(({ path }) => path),
      ["/hooks"],
    );
  });

  test("spektr: what cannot be rendered is rejected alone, the rest of its batch goes", async (t) => {
    const { tenant } = await setup("spektr");
    t.after(() => receiver.close());
    const types = [1, 2, 3, 4].map((n) => ({
      type: "process_run_start",
      data: { n },
      ...(n === 2 ? {} : { subject: "67ea79350b4c07c041a50db7" }),
    }));

    const { data: events } = await post<PageShape<EventShape>>(tenant, types);
    await until("all are settled", async () => {
      const all = await Promise.all(events.map((event) => deliveryOf(tenant, event)));
      return all.map(({ state }) => state).join() === "delivered,rejected,delivered,delivered";
    });

    const sent = receiver.arrivals.flatMap(
      ({ body }) => JSON.parse(body).results as { data: { n: number } }[],
    );
    assert.deepEqual(
      sent.map(({ data }) => data.n),
      [1, 3, 4],
    );
  });

  test("bubblehouse: a failure holds the queue, and nothing overtakes", async (t) => {
    const { tenant, endpoint } = await setup("bubblehouse", { settings: { handshake: false } }, "/bh/:name");
    t.after(() => receiver.close());
    const orders = () => receiver.arrivals.map(({ body }) => JSON.parse(body).n as number);
    receiver.answer(({ body }) => {
      const isDown = JSON.parse(body).n === 2 && orders().filter((n) => n === 2).length < 2;
      return { status: 200, body: JSON.stringify({ outcome: isDown ? "failure" : "sent" }) };
    });

    await post(
      tenant,
      [1, 2, 3].map((n) => ({ type: "Points Updated", data: { customer: { shopid: "1" }, n } })),
    );
    await until("it is held", async () => {
      const { json } = await posthorn.call<EndpointShape>("GET", `${tenant}/endpoints/${endpoint.id}`);
      return json.lane.reason === "outcome_failure";
    });
    await until("all arrived", () => orders().includes(3));

    assert.deepEqual(orders(), [1, 2, 2, 3]);
    assert.equal(receiver.arrivals[0]?.path, "/bh/SendEvent1");
  });
});
