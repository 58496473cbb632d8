import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import { after, before, describe, type TestContext, test } from "node:test";
import { CloudEvent, HTTP } from "cloudevents";
import { createCloudEventsReceiver } from "../../receiver/cloudevents.ts";
import { memoryStore } from "../../receiver/deduplication.ts";
import { expressHandler } from "../../receiver/express.ts";
import { listeningPort } from "../../server/src/listening-port.ts";
import { type EndpointShape, type Installation, install, until } from "./installation.ts";
import { type Arrival, startReceiver } from "./receiver.ts";

const MODES = {
  structured: { contract: "cloudevents", settings: { mode: "structured" } },
  binary: { contract: "cloudevents", settings: { mode: "binary" } },
  batched: { contract: "cloudevents-batch", settings: { batch_wait_ms: 50, source: "urn:shop:7" } },
};

const TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

const EVENTS = ["opened", "paid", "sent"].map(
  (type) =>
    new CloudEvent({
      ...{ type: `order.${type}`, source: "/orders", id: type, subject: "7", data: { type } },
      ...(type === "sent" ? {} : { traceparent: TRACE, tracestate: "shop=1" }),
      ...(type === "opened" ? { sampledrate: 30, urgent: true } : {}),
    }),
);

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** What the official SDK for JavaScript reads in a request. */
function readBySdk({ headers, body }: Arrival) {
  return [HTTP.toEvent<{ type: string }>({ headers, body })].flat();
}

/** Starts a server and returns its URL. */
async function listen(t: TestContext, onRequest: RequestListener): Promise<string> {
  const server = createServer(onRequest);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${listeningPort(server)}/hooks`;
}

describe("a real server speaks CloudEvents", { concurrency: 1 }, () => {
  let posthorn: Installation;

  before(async () => {
    posthorn = await install();
  });
  after(async () => {
    await posthorn.close();
  });

  async function makeEndpoint(tenant: string, body: object): Promise<EndpointShape> {
    const made = await posthorn.call<EndpointShape>("POST", `${tenant}/endpoints`, body);
    assert.equal(made.status, 201, JSON.stringify(made.json));
    return made.json;
  }

  async function post(tenant: string, { headers, body }: { headers: object; body: unknown }) {
    const names = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
    const message = { headers: Object.fromEntries(names), body: String(body) };
    const posted = await posthorn.post(`${tenant}/events`, message);
    assert.equal(posted.status, 202, JSON.stringify(posted.json));
  }

  test("what comes in by every mode goes out by every mode, as the official SDK reads it", async (t) => {
    const tenant = await posthorn.tenant("cloudevents");
    const receivers = await Promise.all(
      Object.entries(MODES).map(async ([mode, wanted]) => {
        const receiver = await startReceiver();
        t.after(() => receiver.close());
        const { secret } = await makeEndpoint(tenant, { url: receiver.url, ...wanted });
        return { mode, receiver, secret, read: () => receiver.arrivals.flatMap(readBySdk) };
      }),
    );

    const [opened, paid, sent] = EVENTS;
    assert.ok(opened && paid && sent);
    await post(tenant, HTTP.structured(opened));
    await post(tenant, HTTP.binary(paid));
    const batch = { headers: { "content-type": "application/cloudevents-batch+json" } };
    await post(tenant, { ...batch, body: "[]" });
    await post(tenant, { ...batch, body: JSON.stringify([sent, opened]) });
    await until("all arrived", () => receivers.every(({ read }) => read().length >= EVENTS.length));

    for (const { mode, receiver, secret, read } of receivers) {
      const events = read().toSorted((a, b) => (a.type < b.type ? -1 : 1));
      assert.deepEqual(
        events.map(({ type, subject, time, data }) => ({ type, subject, time, data })),
        EVENTS.map(({ type, subject, time, data }) => ({ type, subject, time, data })),
        mode,
      );
      for (const [index, { traceparent, tracestate, sampledrate, urgent }] of EVENTS.entries()) {
        const event = events[index];
        assert.deepEqual([event?.["traceparent"], event?.["tracestate"]], [traceparent, tracestate]);
        // Headers are texts.
        const typed = mode === "binary" ? [sampledrate, urgent].map(textOf) : [sampledrate, urgent];
        assert.deepEqual([event?.["sampledrate"], event?.["urgent"]], typed);
      }
      assert.equal(new Set(events.map(({ id }) => id)).size, EVENTS.length);
      const source = mode === "batched" ? "urn:shop:7" : tenant.replace("/v1", "");
      assert.ok(events.every((event) => event.source === source));
      assert.ok(receiver.arrivals.every(({ headers }) => headers.authorization === `Bearer ${secret}`));
    }
  });

  for (const [mode, wanted] of Object.entries(MODES)) {
    test(`${mode}: our receiver takes each event once, one that fails at first too`, async (t) => {
      const tenant = await posthorn.tenant("cloudevents");
      const secret = "a-token-of-the-test";
      const tries: string[] = [];
      const receiver = createCloudEventsReceiver({
        secrets: [secret],
        dedupe: memoryStore(),
        onEvent({ type, data }) {
          assert.deepEqual(data, { type });
          tries.push(type);
          return tries.filter((each) => each === type).length === 1 && type === "order.paid"
            ? "failure"
            : "sent";
        },
      });
      const handler = expressHandler(receiver);
      const url = await listen(t, (req, res) => void handler(req, res));
      await makeEndpoint(tenant, { url, secret, retry: { delays_ms: [30], jitter: 0 }, ...wanted });

      for (const { type } of EVENTS) {
        await posthorn.call("POST", `${tenant}/events`, { type, data: { type } });
      }
      await until("each was taken", () => tries.length === EVENTS.length + 1);

      assert.deepEqual(tries.toSorted(), ["order.opened", "order.paid", "order.paid", "order.sent"]);
    });
  }

  test("a receiver that is asked for permission is sent nothing before it gives it", async (t) => {
    const tenant = await posthorn.tenant("cloudevents");
    const secret = "a-token-of-the-test";
    const origin = "events.shop.example";
    const asked: string[] = [];
    let permits = false;
    const handler = expressHandler(
      createCloudEventsReceiver({
        secrets: [secret],
        allowedOrigins: [origin],
        allowedRate: 6_000,
        onEvent: (_, { method, headers }) =>
          void asked.push(`${method} ${headers["webhook-request-origin"]}`),
      }),
    );
    const url = await listen(t, (req, res) => {
      if (permits) {
        void handler(req, res);
      } else {
        asked.push(String(req.method));
        res.writeHead(405).end();
      }
    });
    const settings = { handshake: true, origin };
    const { id } = await makeEndpoint(tenant, { url, secret, settings });

    await posthorn.call("POST", `${tenant}/events`, { type: "order.paid", data: 1 });
    await until("it is held", async () => {
      const { json } = await posthorn.call<EndpointShape>("GET", `${tenant}/endpoints/${id}`);
      return json.lane.reason === "handshake_status_405_no_permission" && json.lane.waiting === 1;
    });
    assert.deepEqual(new Set(asked), new Set(["OPTIONS"]));
    permits = true;
    await until("it arrived", () => asked.includes(`POST ${origin}`));
  });
});
