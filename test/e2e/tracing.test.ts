import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import {
  type DeliveryShape,
  type EndpointShape,
  type EventShape,
  type Installation,
  install,
  type PageShape,
  until,
} from "./installation.ts";
import { startReceiver } from "./receiver.ts";

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const OTHER_TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "00f067aa0ba902b7";
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;
const OTHER = `00-${OTHER_TRACE_ID}-b7ad6b7169203331-01`;
const SECRETS = "canary-C01X00T47";
const JSON_TYPE = { "content-type": "application/json" };

interface Parent {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: string;
}

function parentIn(header: unknown): Parent {
  const [, traceId = "", spanId = "", flags = ""] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(String(header)) ?? [];
  return { traceId, spanId, flags };
}

function placeOf(span: ReadableSpan) {
  return [span.name, span.spanContext().traceId, span.parentSpanContext?.spanId];
}

function endOf({ attributes, status }: ReadableSpan) {
  const names = ["posthorn.verdict", "http.response.status_code", "error.type"];
  return [...names.map((name) => attributes[name]), status.code];
}

describe("a trace that an event came in goes on", { concurrency: 1 }, () => {
  let posthorn: Installation;
  let exporter: InMemorySpanExporter | undefined;

  before(async () => {
    posthorn = await install();
  });
  after(async () => {
    await posthorn.close();
    trace.disable();
  });

  /** Others' lanes go on from the tests before. */
  function spansOf(tenant: string): readonly ReadableSpan[] {
    const spans = exporter?.getFinishedSpans() ?? [];
    return spans.filter(({ attributes }) => attributes["posthorn.tenant"] === tenant.slice(12));
  }

  function register(): InMemorySpanExporter {
    const spans = new InMemorySpanExporter();
    const spanProcessors = [new SimpleSpanProcessor(spans)];
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
    return spans;
  }

  async function setup(t: TestContext, contract: string, asked: { path?: string; retry?: object } = {}) {
    const { path = "/hooks", ...wanted } = asked;
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    const tenant = await posthorn.tenant(contract);
    const made = await posthorn.call<EndpointShape>("POST", `${tenant}/endpoints`, {
      url: `${receiver.url}${path}?token=${SECRETS}`,
      headers: { "x-token": SECRETS },
      ...wanted,
    });
    assert.equal(made.status, 201, JSON.stringify(made.json));
    const post = async (event: unknown, headers: Readonly<Record<string, string>> = {}) => {
      const message = { headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(event) };
      return await posthorn.post<EventShape>(`${tenant}/events`, message);
    };
    const traceparents = () => receiver.arrivals.map(({ headers }) => parentIn(headers["traceparent"]));
    const arrived = (count: number) =>
      until(`${count} requests arrived`, () => receiver.arrivals.length >= count);
    return { receiver, tenant, endpoint: made.json.id, post, traceparents, arrived };
  }

  for (const contract of ["standard", "bspk", "spektr", "bubblehouse", "cloudevents", "cloudevents-batch"]) {
    test(`by ${contract}, to each attempt with a span of its own, nothing being registered`, async (t) => {
      const type = { bspk: "client.updated", spektr: "process_run_end" }[contract] ?? "Points Updated";
      const retry = contract === "bubblehouse" ? {} : { retry: { delays_ms: [20], jitter: 0 } };
      const ofShop = { settings: { handshake: false }, path: "/hooks/:name" };
      const { path, ...settings } = contract === "bubblehouse" ? ofShop : { path: "/hooks" };
      const { receiver, post, traceparents, arrived } = await setup(t, contract, {
        ...retry,
        ...settings,
        path,
      });
      receiver.answer(() => ({ status: receiver.arrivals.length === 1 ? 500 : 200, body: "{}" }));

      const sent = await post(
        { type, subject: "7", data: { customer: { id: "7" } } },
        { traceparent: TRACEPARENT, tracestate: "shop=1" },
      );
      assert.equal(sent.status, 202, JSON.stringify(sent.json));
      await arrived(2);

      const spans = traceparents().slice(0, 2);
      assert.deepEqual([spans[0]?.traceId, spans[1]?.traceId], [TRACE_ID, TRACE_ID]);
      assert.deepEqual([spans[0]?.flags, spans[1]?.flags], ["01", "01"]);
      assert.equal(new Set([SPAN_ID, spans[0]?.spanId, spans[1]?.spanId]).size, 3);
      assert.ok(receiver.arrivals.every(({ headers }) => headers["tracestate"] === "shop=1"));
    });
  }

  test("from an event's own member before the header, and from nothing where neither is one", async (t) => {
    const { receiver, tenant, post, traceparents, arrived } = await setup(t, "standard");
    const event = { type: "a", data: 1 };

    const posted = await post([event, { ...event, traceparent: OTHER, tracestate: "own=1" }], {
      traceparent: TRACEPARENT,
      tracestate: "shop=1",
    });
    await post(event, { traceparent: `${TRACEPARENT}-more` });
    await post(event, { tracestate: "shop=1" });
    await arrived(4);

    assert.equal(posted.status, 202);
    assert.deepEqual(
      traceparents()
        .map(({ traceId }) => traceId)
        .toSorted(),
      [...["", "", OTHER_TRACE_ID, TRACE_ID]],
    );
    assert.deepEqual(receiver.arrivals.map(({ headers }) => String(headers["tracestate"])).toSorted(), [
      "own=1",
      "shop=1",
      "undefined",
      "undefined",
    ]);
    const wrong = await posthorn.call(`POST`, `${tenant}/events`, {
      ...event,
      traceparent: "7",
      tracestate: "\n",
    });
    assert.equal(wrong.status, 422);
    const pointers = JSON.stringify(wrong.json);
    assert.match(pointers, /\/traceparent.*\/tracestate/);
  });

  test("when the same event is sent again in another trace, and it is stored once", async (t) => {
    const { post, traceparents, arrived } = await setup(t, "standard");
    const event = { type: "a", data: 1, idempotency_key: "once" };

    const first = await post(event, { traceparent: TRACEPARENT });
    const again = await post(event, { traceparent: OTHER });
    await arrived(1);

    assert.deepEqual([again.status, again.json.id], [202, first.json.id]);
    assert.deepEqual(
      traceparents().map(({ traceId }) => traceId),
      [TRACE_ID],
    );
  });

  test("to spans of an SDK that is registered: accepted, tried, tried again, replayed", async (t) => {
    exporter = register();
    const retry = { retry: { delays_ms: [20], jitter: 0 } };
    const { receiver, tenant, endpoint, post, traceparents, arrived } = await setup(t, "standard", retry);
    receiver.answer(() => ({ status: receiver.arrivals.length === 1 ? 503 : 200, body: SECRETS }));

    const event = { type: "order.paid", subject: SECRETS, data: { secret: SECRETS } };
    const posted = await post(event, { traceparent: TRACEPARENT, tracestate: "shop=1" });
    await arrived(2);
    const deliveries = `${tenant}/events/${posted.json.id}/deliveries`;
    const { json } = await posthorn.call<PageShape<DeliveryShape>>("GET", deliveries);
    await until("it is delivered", async () => {
      const page = await posthorn.call<PageShape<DeliveryShape>>("GET", deliveries);
      return page.json.data[0]?.state === "delivered";
    });
    const replay = await posthorn.call("POST", `${tenant}/deliveries/${json.data[0]?.id}/replay`);
    assert.equal(replay.status, 202, JSON.stringify(replay.json));
    await arrived(3);
    const finished = () => spansOf(tenant);
    await until("every span has ended", () => finished().length >= 4);

    const [accept, ...attempts] = finished();
    assert.ok(accept);
    assert.equal(accept.attributes["posthorn.events"], 1);
    assert.deepEqual(
      finished().map(placeOf),
      ["accept", "attempt", "attempt", "attempt"].map((name) => [`posthorn.${name}`, TRACE_ID, SPAN_ID]),
    );
    assert.deepEqual(
      attempts.map((span) => span.spanContext().spanId),
      traceparents().map(({ spanId }) => spanId),
    );
    assert.deepEqual(attempts.map(endOf), [
      ["hold", 503, "status_503", SpanStatusCode.ERROR],
      ["delivered", 200, undefined, SpanStatusCode.UNSET],
      ["delivered", 200, undefined, SpanStatusCode.UNSET],
    ]);
    assert.deepEqual(
      [attempts[0]?.attributes["posthorn.event"], attempts[0]?.attributes["posthorn.endpoint"]],
      [posted.json.id, endpoint],
    );
    const exported = JSON.stringify(
      finished().map(({ name, attributes, events, links, status }) => [
        name,
        attributes,
        events,
        links,
        status,
      ]),
    );
    assert.ok(!exported.includes(SECRETS));
  });

  test("as a span of the newest event's trace, linked to the others, where a request has many", async (t) => {
    exporter ??= register();
    exporter.reset();
    const { tenant, post, traceparents, arrived } = await setup(t, "spektr");
    const event = { type: "process_run_end", subject: "7", data: {} };

    await post([{ ...event, traceparent: TRACEPARENT }, event, { ...event, traceparent: OTHER }, event]);
    await arrived(1);
    await until("every span has ended", () => spansOf(tenant).length === 3);

    const attempt = spansOf(tenant).find(({ name }) => name === "posthorn.attempt");
    assert.equal(attempt?.spanContext().traceId, OTHER_TRACE_ID);
    assert.deepEqual(
      attempt?.links.map(({ context }) => context.traceId),
      [TRACE_ID],
    );
    assert.deepEqual(traceparents(), [
      { traceId: OTHER_TRACE_ID, spanId: attempt?.spanContext().spanId, flags: "01" },
    ]);
  });
});
