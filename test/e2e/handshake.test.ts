import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  type EndpointShape,
  type EventShape,
  type Installation,
  install,
  type PageShape,
  until,
} from "./installation.ts";
import { type Arrival, type Receiver, type Reply, startReceiver } from "./receiver.ts";

/** Wants events, and takes them. */
function welcoming({ path, body }: Arrival): Reply {
  return path === "/bh/Hello1"
    ? { status: 200, body: JSON.stringify({ magic: JSON.parse(body).magic, hooks: ["SendEvent1"] }) }
    : { status: 200, body: '{"outcome":"sent"}' };
}

/** Answers Hello1 as it should, but wants other hooks. */
function unwilling({ body }: Arrival): Reply {
  return { status: 200, body: JSON.stringify({ magic: JSON.parse(body).magic, hooks: ["CreateDiscount4"] }) };
}

describe("bubblehouse: Hello1 comes before anything else", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(async () => {
    await posthorn.close();
  });

  async function setup(reply: (arrival: Arrival) => Reply) {
    const receiver: Receiver = await startReceiver();
    receiver.answer(reply);
    const tenant = await posthorn.tenant("bubblehouse");
    const made = await posthorn.call<EndpointShape>("POST", `${tenant}/endpoints`, {
      url: `${receiver.url}/bh/:name`,
    });
    const path = `${tenant}/endpoints/${made.json.id}`;
    return {
      receiver,
      path,
      hooks: () => receiver.arrivals.map((arrival) => arrival.path.replace("/bh/", "")),
      lane: async () => (await posthorn.call<EndpointShape>("GET", path)).json.lane,
      async post(n: number) {
        const data = { customer: { shopid: "1" }, n };
        const { status } = await posthorn.call("POST", `${tenant}/events`, { type: "Birthday", data });
        assert.equal(status, 202);
      },
      attempts: async () =>
        (await posthorn.call<PageShape<unknown>>("GET", `${tenant}/attempts`)).json.data.length,
    };
  }

  test("a new endpoint is greeted at once, and once for many events", async (t) => {
    const { receiver, hooks, post, attempts } = await setup(welcoming);
    t.after(() => receiver.close());
    await until("it is greeted", () => hooks().includes("Hello1"));

    await post(1);
    await post(2);
    await until("both arrived", () => hooks().length === 3);
    await until("both are stored", async () => (await attempts()) === 2);

    assert.deepEqual(hooks(), ["Hello1", "SendEvent1", "SendEvent1"]);
  });

  test("a refusal holds the lane, is shown, and makes no attempt", async (t) => {
    const { receiver, hooks, lane, post, attempts } = await setup(() => ({ status: 404 }));
    t.after(() => receiver.close());
    await post(1);
    await until("it is held", async () => (await lane()).held_since !== null);

    const { waiting, reason, next_probe_at } = await lane();
    assert.deepEqual([waiting, reason], [1, "handshake_status_404"]);
    assert.notEqual(next_probe_at, null);
    assert.equal(await attempts(), 0);
    receiver.answer(welcoming);
    await until("it arrived", () => hooks().includes("SendEvent1"));
    await until("it is held no longer", async () => (await lane()).held_since === null);
  });

  test("what is not wanted waits; saving the endpoint asks again at once", async (t) => {
    const { receiver, path, hooks, lane, post } = await setup(unwilling);
    t.after(() => receiver.close());
    await post(1);
    await until("it is held", async () => (await lane()).reason === "handshake_hook_not_wanted");

    receiver.answer(welcoming);
    await posthorn.call("PATCH", path, { description: "saved" });
    await until("it arrived", () => hooks().includes("SendEvent1"));
  });

  test("after a restart a receiver is greeted again before anything is sent to it", async (t) => {
    const { receiver, path, hooks, post } = await setup(welcoming);
    t.after(() => receiver.close());
    await until("it is greeted", () => hooks().length === 1);
    await posthorn.restart();
    await post(1);
    await until("it arrived", () => hooks().includes("SendEvent1"));
    assert.deepEqual(hooks(), ["Hello1", "Hello1", "SendEvent1"]);

    await posthorn.call("POST", `${path}/disable`);
    await posthorn.call("POST", `${path}/enable`);
    await until("it is greeted when it is enabled", () => hooks().length === 4);
    assert.equal(hooks().at(-1), "Hello1");
  });

  test("how many wait is right where a lane reads by cursor, and after a restart", async (t) => {
    const { receiver, path, lane } = await setup(() => ({ status: 404 }));
    t.after(() => receiver.close());
    const [tenant = ""] = path.split("/endpoints");
    await posthorn.call("PATCH", path, { event_types: ["Birthday"] });
    const events = Array.from({ length: 900 }, (_, n) => ({
      type: n % 3 === 0 ? "Anniversary" : "Birthday",
      data: { customer: { shopid: "1" }, n },
    }));
    const posted: EventShape[] = [];
    // More than a lane has in memory, and beyond that fewer than are looked at for one who asks.
    for (const some of [events, events.slice(0, 750)]) {
      const { json } = await posthorn.call<PageShape<EventShape>>("POST", `${tenant}/events`, some);
      posted.push(...json.data);
    }
    await until("all that is owed is counted", async () => (await lane()).waiting === 1100);

    const listed = `${tenant}/events/${posted.at(-1)?.id}/deliveries`;
    const [delivery] = (await posthorn.call<PageShape<{ id: string }>>("GET", listed)).json.data;
    await posthorn.call("POST", `${tenant}/deliveries/${delivery?.id}/cancel`);
    assert.equal((await lane()).waiting, 1099);
    await posthorn.restart();
    await until("it is counted again", async () => (await lane()).waiting === 1099);
    assert.equal((await lane()).reason, "handshake_status_404");
  });
});
