import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { CloudEvent, type CloudEventV1, HTTP } from "cloudevents";
import fc from "fast-check";
import type { ContractEvent, Settings } from "../contract.ts";
import {
  answersWithoutStatus,
  rendered,
  requestText,
  sampleAnswer,
  sampleAttempt,
  sampleEndpoint,
  sampleEvent,
} from "../samples.ts";
import { decodeHeaderValue } from "./header-value.ts";
import { cloudEvents, cloudEventsBatch } from "./send.ts";

const token = "a-token-of-the-test";

function setup(settings: Settings = {}, ...events: readonly ContractEvent[]) {
  const endpoint = sampleEndpoint({ secrets: [token, "an-older-token-of-it"], settings });
  const [event = sampleEvent(), ...others] = events;
  const request = rendered(cloudEvents.request(endpoint, [event], sampleAttempt()));
  const batch = rendered(cloudEventsBatch.request(endpoint, [event, ...others], sampleAttempt()));
  return { request, batch, text: Buffer.from(request.payload).toString() };
}

const odd = sampleEvent({
  type: "order.paid 50%",
  subject: 'Zoë "von" €😀',
  data: '{ "amount" : 10.50, "id":12345678901234567890 }',
});
const plain = sampleEvent({ id: "evt_fedcba9876543210", subject: undefined, data: "null" });

describe("cloudEvents.request()", () => {
  for (const [name, request] of Object.entries({
    structured: setup({}, odd).request,
    binary: setup({ mode: "binary", source: "https://shop.example/orders" }, odd).request,
    batch: setup({}, odd, plain).batch,
  })) {
    it(`a ${name} request is byte for byte what it was`, (t) => {
      const path = fileURLToPath(import.meta.resolve(`./golden/${name}.http`));
      t.assert.fileSnapshot(requestText(request), path, { serializers: [String] });
    });
  }

  it("cloudEvents.request() leaves the subject out where there is none, in every mode", () => {
    assert.equal("subject" in JSON.parse(setup({}, plain).text), false);
    assert.equal("ce-subject" in setup({ mode: "binary" }, plain).request.headers, false);
  });

  it("cloudEvents.request() carries the newest secret as a bearer token", () => {
    for (const { request, batch } of [setup(), setup({ mode: "binary" })]) {
      assert.equal(request.headers["authorization"], `Bearer ${token}`);
      assert.equal(batch.headers["authorization"], `Bearer ${token}`);
    }
  });

  it("cloudEvents.request() carries no token where the endpoint wants none", () => {
    const { request, batch } = setup({ authorization: false });
    assert.equal("authorization" in request.headers || "authorization" in batch.headers, false);
  });

  it("cloudEvents.request() sends extensions on, with their types where there are any", () => {
    const extensions = { traceparent: "00-ab", city: "Zürich 50%", sampledrate: -30, urgent: true };
    const extended = { ...sampleEvent(), extensions };
    const { text, batch } = setup({}, extended, plain);
    const { traceparent, city, sampledrate, urgent, ...others } = JSON.parse(text);
    assert.deepEqual({ traceparent, city, sampledrate, urgent }, extensions);
    assert.deepEqual(others, JSON.parse(setup({}, sampleEvent()).text));
    assert.deepEqual(JSON.parse(Buffer.from(batch.payload).toString())[0], JSON.parse(text));

    const { headers } = setup({ mode: "binary" }, extended).request;
    assert.deepEqual(
      ["ce-traceparent", "ce-city", "ce-sampledrate", "ce-urgent"].map((name) => headers[name]),
      ["00-ab", "Z%C3%BCrich%2050%25", "-30", "true"],
    );
  });

  it("cloudEvents.request() says who sends, as the handshake does", () => {
    for (const [settings, origin] of [
      [{}, "posthorn"],
      [{ origin: "events.shop.example" }, "events.shop.example"],
    ] as const) {
      const { request, batch } = setup(settings);
      assert.equal(request.headers["webhook-request-origin"], origin);
      assert.equal(batch.headers["webhook-request-origin"], origin);
    }
  });

  it("cloudEvents.request() throws without a secret rather than send without the token", () => {
    const bare = () => cloudEvents.request(sampleEndpoint(), [sampleEvent()], sampleAttempt());
    assert.throws(bare, /needs a live secret/);
  });
});

/** What an official SDK reads in a request; the batched mode as a list. */
function readBySdk({ headers, payload }: { headers: object; payload: Uint8Array }) {
  const read = HTTP.toEvent({ headers: { ...headers }, body: Buffer.from(payload).toString() });
  return [read].flat();
}

describe("what the official SDK for JavaScript reads", () => {
  const anyEvent = fc
    .record({
      type: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
      subject: fc.option(fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }), { nil: undefined }),
      occurredAt: fc.integer({ min: 0, max: Date.UTC(9999, 0) }),
      data: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })).map((value) => JSON.stringify(value)),
    })
    .map(sampleEvent);

  const expected = ({ id, type, subject, occurredAt, data }: ContractEvent) => ({
    specversion: "1.0",
    id,
    source: "/tenants/ten_acme",
    type,
    subject,
    time: new Date(occurredAt).toISOString(),
    datacontenttype: "application/json",
    data: JSON.parse(Buffer.from(data).toString()),
  });

  /** The SDK does not decode headers; the binding says that they are. */
  const decoded = (text: string | undefined) => (text === undefined ? undefined : decodeHeaderValue(text));

  const attributesOf = (event: CloudEventV1<unknown>) => {
    const { specversion, id, source, type, subject, time, datacontenttype, data } = event;
    return { specversion, id, source, type, subject, time, datacontenttype, data };
  };

  it("a structured request is the event", () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const [read] = readBySdk(setup({}, event).request);
        assert.ok(read instanceof CloudEvent && read.validate());
        assert.deepEqual(structuredClone(attributesOf(read)), expected(event));
      }),
    );
  });

  it("a binary request is the event, its texts percent-encoded", () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const [read] = readBySdk(setup({ mode: "binary" }, event).request);
        assert.ok(read instanceof CloudEvent && read.validate());
        const { type, subject, ...rest } = attributesOf(read);
        const attributes = { ...rest, type: decoded(type), subject: decoded(subject) };
        assert.deepEqual(structuredClone(attributes), expected(event));
      }),
    );
  });

  it("a batch is its events, in order", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 5 }), (events) => {
        const read = readBySdk(setup({}, ...events).batch);
        assert.deepEqual(structuredClone(read.map(attributesOf)), events.map(expected));
      }),
    );
  });
});

for (const { name, verdict } of [cloudEvents, cloudEventsBatch]) {
  describe(`${name}.verdict()`, () => {
    const at = Date.UTC(2026, 0, 1);
    const kindOf = (status: number) => verdict(sampleAnswer(status), at).kind;

    it("verdict() takes the successes of the specification as delivered", () => {
      assert.deepEqual([200, 201, 202, 204].map(kindOf), Array(4).fill("delivered"));
    });

    it("verdict() rejects at 415, disables at 410, and holds where the receiver is overloaded", () => {
      assert.deepEqual(verdict(sampleAnswer(415), at), { kind: "rejected", reason: "status_415" });
      assert.deepEqual(verdict(sampleAnswer(410), at), { kind: "disable", reason: "status_410" });
      const throttled = sampleAnswer(429, { headers: { "retry-after": "120" } });
      assert.deepEqual(verdict(throttled, at), { kind: "hold", reason: "status_429", afterMs: 120_000 });
      assert.deepEqual([429, 502, 503, 504].map(kindOf), Array(4).fill("hold"));
    });

    it("verdict() retries at everything else, redirects among it", () => {
      assert.deepEqual([301, 307, 400, 401, 403, 404, 413, 422, 500].map(kindOf), Array(9).fill("retry"));
      for (const answer of answersWithoutStatus) {
        assert.deepEqual(verdict(answer, at), { kind: "retry", reason: answer.code });
      }
    });
  });
}

describe("cloudEvents.checkEndpoint()", () => {
  const url = "https://receiver.example/";
  const pointers = (settings: Settings, secret?: string) =>
    cloudEvents.checkEndpoint({ url, secret, settings }).map(({ pointer }) => pointer);

  it("cloudEvents.checkEndpoint() takes a bearer token of a fair length, and nothing else", () => {
    for (const secret of [undefined, "abcdefghijklmnop", "eyJh.bGci-_~+/abc==", "x".repeat(500)]) {
      assert.deepEqual(pointers({}, secret), [], String(secret));
    }
    for (const secret of [
      "",
      "short",
      "with a space in it",
      "a=b=cdefghijklmnop",
      "x".repeat(501),
      "é".repeat(16),
    ]) {
      assert.deepEqual(pointers({}, secret), ["/secret"], secret);
    }
  });

  it("cloudEvents.makeSecret() makes none where none would be sent", () => {
    const random = (count: number) => new Uint8Array(count);
    assert.equal(cloudEvents.makeSecret(random, { authorization: false }), undefined);
    assert.match(String(cloudEvents.makeSecret(random, {})), /^[A-Za-z0-9_-]{43}$/);
  });

  it("cloudEvents.checkEndpoint() takes a source that is a URI reference", () => {
    for (const source of [
      "/orders",
      "https://shop.example/a?b=c#d",
      "urn:uuid:6e8bc430-9c3a",
      "1-555",
      "%20",
    ]) {
      assert.deepEqual(pointers({ source }), [], source);
    }
    for (const source of ["", "a b", "Zoë", "%2", '"', "<a>", "x".repeat(2049), 7]) {
      assert.deepEqual(pointers({ source }), ["/settings/source"], String(source));
    }
  });

  it("cloudEvents.checkEndpoint() takes an origin that is a DNS name", () => {
    for (const origin of ["posthorn", "events.shop.example", "a-1"]) {
      assert.deepEqual(pointers({ origin }), [], origin);
    }
    for (const origin of [
      "",
      "*",
      "a b",
      "a..b",
      "https://a.example",
      "x".repeat(64),
      `${"a.".repeat(130)}b`,
    ]) {
      assert.deepEqual(pointers({ origin }), ["/settings/origin"], origin);
    }
  });

  it("each contract has the settings of its own modes", () => {
    assert.deepEqual(pointers({ mode: "binary" }), []);
    assert.deepEqual(pointers({ mode: "batched", batch_wait_ms: 1 }), [
      "/settings/mode",
      "/settings/batch_wait_ms",
    ]);
    const batch = { url, secret: undefined, settings: { batch_events_max: 5, mode: "binary" } };
    assert.deepEqual(
      cloudEventsBatch.checkEndpoint(batch).map(({ pointer }) => pointer),
      ["/settings/mode"],
    );
    assert.deepEqual(cloudEventsBatch.batchLimits?.({ batch_events_max: 5 }), {
      eventsMax: 5,
      bytesMax: 1_000_000,
      waitMs: 200,
    });
  });
});
