import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { type Client, createClient } from "../../client/client.ts";
import type { LiveMessage, WatchQuery } from "../../client/operations.ts";
import { type Installation, install, until } from "./installation.ts";
import { startReceiver } from "./receiver.ts";
import { deliveryOf, makeEndpoint, type Place, postEvents } from "./steps.ts";

describe("the live stream", { concurrency: 1 }, () => {
  let posthorn: Installation;
  let client: Client;

  before(async () => {
    posthorn = await install();
    client = createClient({ url: posthorn.url, key: posthorn.adminKey });
  });
  after(() => posthorn.close());

  async function setup(t: TestContext, endpoint: object = {}) {
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    const place: Place = { posthorn, tenant: await posthorn.tenant("standard") };
    const made = await makeEndpoint(place, { url: `${receiver.url}/hooks`, ...endpoint });
    const tenant = place.tenant.slice("/v1/tenants/".length);
    return { receiver, place, tenant, endpoint: made };
  }

  /** Watches until the test is over; resolves when that has begun. */
  async function watch(t: TestContext, tenant: string | undefined, query?: WatchQuery) {
    const told: LiveMessage[] = [];
    const ending = new AbortController();
    const options = { signal: ending.signal };
    const stream =
      tenant === undefined ? client.watchAll(query, options) : client.watch(tenant, query, options);
    const reading = (async () => {
      for await (const message of stream) {
        told.push(message);
      }
    })();
    reading.catch(() => undefined);
    t.after(() => ending.abort());
    await until("the stream has begun", () => told.length > 0);
    return told;
  }

  const kindsOf = (told: readonly LiveMessage[]) => told.map(({ kind }) => kind);

  it("tells of an event, the request for it and what became of it, in that order", async (t) => {
    const { place, tenant, endpoint } = await setup(t);
    const told = await watch(t, tenant);
    const { id } = await postEvents(place, { type: "a.b", data: { canary: "payload" }, subject: "s" });
    await until("it is delivered", () => told.some(({ kind }) => kind === "delivery"));
    assert.deepEqual(kindsOf(told), ["started", "event", "attempt", "delivery"]);
    const [started, event, attempt, delivery] = told;
    assert.ok(started?.kind === "started" && !started.has_missed);
    assert.ok(event?.kind === "event" && event.event.id === id && event.event.subject === "s");
    assert.ok(attempt?.kind === "attempt" && attempt.attempt.status === 200 && attempt.type === "a.b");
    assert.ok(delivery?.kind === "delivery" && delivery.delivery.state === "delivered");
    const known = await deliveryOf(place, { id });
    assert.equal(delivery.delivery.id, known.id);
    assert.equal(delivery.delivery.endpoint_id, endpoint.id);
    assert.equal(JSON.stringify(told).includes("canary"), false);
  });

  it("tells a tenant nothing of another, and whoever runs the server of all", async (t) => {
    const one = await setup(t);
    const other = await setup(t);
    const told = await watch(t, one.tenant);
    const all = await watch(t, undefined);
    await postEvents(other.place, { type: "theirs", data: 1 });
    await postEvents(one.place, { type: "ours", data: 1 });
    const ours = (messages: readonly LiveMessage[]) =>
      messages.some((message) => message.kind === "delivery" && message.delivery.type === "ours");
    await until("both have told", () => ours(told) && ours(all));
    assert.equal(JSON.stringify(told).includes("theirs"), false);
    assert.equal(JSON.stringify(told).includes(other.tenant), false);
    assert.equal(JSON.stringify(all).includes("theirs"), true);
  });

  it("tells only what was asked for", async (t) => {
    const { place, tenant, receiver, endpoint } = await setup(t, { retry: { delays_ms: [], jitter: 0 } });
    const dead = await watch(t, tenant, { states: "dead,expired" });
    const events = await watch(t, tenant, { kinds: "event", types: "order.*" });
    const lanes = await watch(t, tenant, { kinds: "attempt", endpoint: endpoint.id });
    await postEvents(place, { type: "order.paid", data: 1 });
    await until("it is delivered", () => receiver.arrivals.length === 1);
    receiver.answer(() => ({ status: 500 }));
    await postEvents(place, { type: "cart.left", data: 1 });
    await until("it is dead", () => dead.length > 1);
    await until("both requests are told", () => lanes.length > 2);
    const [, delivery] = dead;
    assert.ok(delivery?.kind === "delivery" && delivery.delivery.state === "dead");
    assert.equal(delivery.delivery.type, "cart.left");
    assert.deepEqual(kindsOf(dead), ["started", "delivery"]);
    assert.deepEqual(kindsOf(events), ["started", "event"]);
    assert.deepEqual(kindsOf(lanes), ["started", "attempt", "attempt"]);
  });

  it("tells when a lane is held and why, and when it goes on", async (t) => {
    const { place, tenant, receiver } = await setup(t);
    receiver.answer(() => ({ status: 503, headers: { "retry-after": "1" } }));
    const told = await watch(t, tenant, { kinds: "lane,delivery" });
    await postEvents(place, { type: "a", data: 1 });
    const isHeld = ({ kind, ...rest }: LiveMessage) =>
      kind === "lane" && "lane" in rest && rest.lane.held_since !== null;
    await until("it is held", () => told.some(isHeld));
    const waiting = told.find(({ kind }) => kind === "delivery");
    assert.ok(waiting?.kind === "delivery" && waiting.delivery.state === "retrying");
    assert.equal(waiting.delivery.reason, "status_503");
    assert.notEqual(waiting.delivery.next_attempt_at, null);
    receiver.answer(() => ({ status: 200 }));
    const last = () => told.findLast(({ kind }) => kind === "lane");
    await until("it goes on", () => {
      const lane = last();
      return lane?.kind === "lane" && lane.lane.held_since === null;
    });
  });

  it("is not begun by HEAD, which nobody could end", async () => {
    const headers = { authorization: `Bearer ${posthorn.adminKey}` };
    const answer = await fetch(`${posthorn.url}/v1/stream`, { method: "HEAD", headers });
    assert.equal(answer.status, 405);
  });

  it("goes on after what was read, or says that something was missed", async (t) => {
    const { place, tenant, receiver } = await setup(t);
    const stream = await raw(t, tenant);
    const [started] = await stream.messages(1);
    await postEvents(place, { type: "a", data: 1 });
    await until("it is delivered", () => receiver.arrivals.length === 1);
    const first = await stream.messages(4);
    stream.end();
    await postEvents(place, { type: "b", data: 1 });
    await until("it is delivered", () => receiver.arrivals.length === 2);
    const again = await raw(t, tenant, first.at(-1)?.id);
    const [goesOn, ...since] = await again.messages(2);
    assert.deepEqual(goesOn?.data, { kind: "started", has_missed: false });
    assert.match(JSON.stringify(since), /"type":"b"/);
    assert.doesNotMatch(JSON.stringify(since), /"type":"a"/);
    assert.deepEqual(started?.data, { kind: "started", has_missed: false });
    const lost = await raw(t, tenant, "0123456789ab-7");
    assert.deepEqual((await lost.messages(1))[0]?.data, { kind: "started", has_missed: true });
  });

  it("goes on over a restart of the server, and says that something was missed", async (t) => {
    const { place, tenant } = await setup(t);
    const told = await watch(t, tenant);
    await posthorn.restart({ port: Number(new URL(posthorn.url).port) });
    await until("it is told again", () => told.length > 1);
    assert.deepEqual(told.at(-1), { kind: "started", has_missed: true });
    await postEvents(place, { type: "after", data: 1 });
    await until("it is told", () => told.some(({ kind }) => kind === "event"));
  });

  interface Raw {
    readonly id: string | undefined;
    readonly data: unknown;
  }

  /** A stream as it comes over the wire. */
  async function raw(t: TestContext, tenant: string, lastId?: string) {
    const ending = new AbortController();
    t.after(() => ending.abort());
    const answer = await fetch(`${posthorn.url}/v1/tenants/${tenant}/stream`, {
      headers: {
        authorization: `Bearer ${posthorn.adminKey}`,
        ...(lastId === undefined ? {} : { "last-event-id": lastId }),
      },
      signal: ending.signal,
    });
    assert.equal(answer.status, 200);
    assert.match(String(answer.headers.get("content-type")), /^text\/event-stream/);
    let text = "";
    const reading = (async () => {
      for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += part;
      }
    })();
    reading.catch(() => undefined);
    const read = (): readonly Raw[] =>
      [...text.matchAll(/^(?:id: (\S+)\n)?data: (.*)\n$/gm)].map(([, id, data = ""]) => ({
        id,
        data: JSON.parse(data),
      }));
    return {
      end: () => ending.abort(),
      async messages(count: number): Promise<readonly Raw[]> {
        await until(`${count} messages have come`, () => read().length >= count);
        return read();
      },
    };
  }
});
