import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HTTP, CloudEvent as SdkEvent } from "cloudevents";
import fc from "fast-check";
import type { ContractEvent, ContractRequest } from "../contract.ts";
import type { ReceivedRequest } from "../receiving.ts";
import { rendered, sampleAttempt, sampleEndpoint, sampleEvent } from "../samples.ts";
import { type CloudEvent, receiveCloudEvents } from "./receive.ts";
import { cloudEvents, cloudEventsBatch } from "./send.ts";

const token = "a-token-of-the-test";
const half = receiveCloudEvents({ secrets: [token] });

function requestOf(given: Partial<Omit<ReceivedRequest, "payload">> & { body?: unknown }): ReceivedRequest {
  const { body = "", ...rest } = given;
  const payload = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return { method: "POST", url: "/hooks", headers: {}, ...rest, payload };
}

const structured = (body: unknown) =>
  half.parse(requestOf({ headers: { "content-type": "application/cloudevents+json" }, body }));
const batched = (body: unknown) =>
  half.parse(requestOf({ headers: { "content-type": "application/cloudevents-batch+json" }, body }));
const binary = (headers: Readonly<Record<string, string>>, body?: unknown) =>
  half.parse(
    requestOf({
      headers: { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t", ...headers },
      body,
    }),
  );

const whole = { specversion: "1.0", id: "1", source: "/s", type: "t" };

function eventsOf(parsed: ReturnType<typeof half.parse>): readonly CloudEvent[] {
  return parsed.kind === "events" ? parsed.events : assert.fail(JSON.stringify(parsed));
}

function statusOf(parsed: ReturnType<typeof half.parse>): number | undefined {
  return parsed.kind === "answered" ? parsed.answer.status : undefined;
}

describe("receiveCloudEvents() verifies", () => {
  const kindOf = async (given: Parameters<typeof requestOf>[0], of = half) =>
    (await of.verify(requestOf(given))).kind;

  it("verify() takes the token in the header, or else in the query", async () => {
    assert.equal(await kindOf({ headers: { authorization: `bearer ${token}` } }), "ok");
    assert.equal(await kindOf({ url: `/hooks?a=b&access_token=${token}` }), "ok");
    assert.equal(await kindOf({ url: `https://x.example/hooks?access_token=${token}` }), "ok");
    const both = { url: `/hooks?access_token=${token}`, headers: { authorization: "Bearer other" } };
    assert.equal(await kindOf(both), "refused");
    assert.deepEqual(await half.verify(requestOf({ url: "/hooks?token=x" })), {
      kind: "refused",
      reason: "token_missing",
    });
  });

  it("verify() refuses a token of which any byte was changed, or that is longer or shorter", async () => {
    const anyToken = fc.stringMatching(/^[A-Za-z0-9\-._~+/]{16,64}$/);
    const change = fc.record({ at: fc.nat(), by: fc.stringMatching(/^[A-Za-z0-9\-._~+/]{0,2}$/) });
    await fc.assert(
      fc.asyncProperty(anyToken, change, async (secret, { at, by }) => {
        const place = at % secret.length;
        const changed = secret.slice(0, place) + by + secret.slice(place + 1);
        fc.pre(changed !== secret);
        const receiving = receiveCloudEvents({ secrets: [secret] });
        assert.equal(await kindOf({ headers: { authorization: `Bearer ${secret}` } }, receiving), "ok");
        const verification = await receiving.verify(
          requestOf({ headers: { authorization: `Bearer ${changed}` } }),
        );
        assert.deepEqual(verification, { kind: "refused", reason: "token_mismatch" });
      }),
    );
  });

  it("verify() takes anyone only where it was told to and has no secret", async () => {
    assert.throws(() => receiveCloudEvents({ secrets: [undefined] }), /needs at least one secret/);
    const open = receiveCloudEvents({ secrets: [undefined], acceptUnauthorized: true });
    assert.equal(await kindOf({}, open), "ok");
    const guarded = receiveCloudEvents({ secrets: [token], acceptUnauthorized: true });
    assert.equal(await kindOf({}, guarded), "refused");
  });
});

describe("receiveCloudEvents() parses", () => {
  it("parse() gives every attribute of a structured event, extensions apart, null for absent", () => {
    const time = "2026-01-02T03:04:05.678Z";
    const [event] = eventsOf(
      structured({
        ...whole,
        time,
        subject: "s",
        dataschema: "https://x.example/schema",
        datacontenttype: "application/json",
        traceparent: "00-ab",
        sampledrate: 30,
        absent: null,
        data: { a: [1] },
      }),
    );
    assert.deepEqual(event, {
      id: "1",
      source: "/s",
      type: "t",
      name: "t",
      subject: "s",
      occurredAt: new Date(time),
      dataContentType: "application/json",
      dataSchema: "https://x.example/schema",
      extensions: { traceparent: "00-ab", sampledrate: 30 },
      data: { a: [1] },
    });
  });

  it("parse() gives the same of a binary event, its headers decoded", () => {
    const headers = { "content-type": "application/json", "ce-type": "a%20b", "ce-subject": '"Zo%C3%AB x"' };
    const [event] = eventsOf(binary({ ...headers, "ce-traceparent": "00-ab", "ce-data": "no" }, '{"a":1}'));
    assert.deepEqual([event?.type, event?.subject, event?.data], ["a b", "Zoë x", { a: 1 }]);
    assert.deepEqual(event?.extensions, { traceparent: "00-ab" });
  });

  it("parse() gives bytes where the data came as bytes, and nothing where there is none", () => {
    const dataOf = (parsed: ReturnType<typeof structured>) => eventsOf(parsed)[0]?.data;
    assert.deepEqual(dataOf(structured({ ...whole, data_base64: "AP8=" })), Uint8Array.of(0, 255));
    assert.deepEqual(dataOf(binary({ "content-type": "image/png" }, "abc")), Buffer.from("abc"));
    assert.equal(dataOf(structured({ ...whole, datacontenttype: "text/xml", data: "<a/>" })), "<a/>");
    assert.equal(dataOf(structured({ ...whole, data: null })), null);
    assert.equal(dataOf(structured(whole)), undefined);
    assert.equal(dataOf(binary({ "content-type": "application/json", "ce-data": "no" })), undefined);
  });

  it("parse() gives no time where there is none that can be read", () => {
    for (const time of [undefined, null, "soon", 7, ""]) {
      assert.equal(eventsOf(structured({ ...whole, time }))[0]?.occurredAt, undefined);
    }
  });

  it("parse() gives a batch in its order, an empty one too", () => {
    const ids = eventsOf(batched(["a", "b", "c"].map((id) => ({ ...whole, id })))).map(({ id }) => id);
    assert.deepEqual(ids, ["a", "b", "c"]);
    assert.deepEqual(eventsOf(batched([])), []);
  });

  it("parse() answers 415 to what is in no known format or of no known version", () => {
    assert.equal(statusOf(half.parse(requestOf({ body: whole }))), 415);
    const avro = { "content-type": "application/cloudevents+avro", "ce-specversion": "1.0" };
    assert.equal(statusOf(half.parse(requestOf({ headers: avro }))), 415);
    for (const specversion of ["0.3", "1.1", 1, undefined, null]) {
      assert.equal(statusOf(structured({ ...whole, specversion })), 415, String(specversion));
    }
    assert.equal(statusOf(binary({ "ce-specversion": "0.3" })), 415);
  });

  it("parse() answers 400 to what is no event, and takes nothing of a batch that holds such", () => {
    const bodies = ["", "{", "null", "[]", '"a"', { ...whole, id: "" }, { ...whole, source: 7 }];
    for (const body of [...bodies, { ...whole, type: null }, { ...whole, data_base64: "A" }]) {
      assert.equal(statusOf(structured(body)), 400, JSON.stringify(body));
    }
    assert.equal(statusOf(batched(whole)), 400);
    assert.equal(statusOf(batched([whole, 7])), 400);
    assert.equal(statusOf(binary({ "ce-subject": "%C0%A0" })), 400);
    assert.equal(statusOf(binary({ "content-type": "application/json" }, "{")), 400);
  });

  it("keyOf() is source and id, so that two sources may count alike", async () => {
    const [event = assert.fail()] = eventsOf(structured(whole));
    assert.equal(await half.keyOf(event, requestOf({})), "cloudevents:/s 1");
  });

  it("answer() is a success unless something is to be sent again", () => {
    const outcomes = ["sent", "skipped", "invalid_data", "unsubscribed", "failure"] as const;
    assert.deepEqual(
      outcomes.map((outcome) => half.answer(["sent", outcome]).status),
      [204, 204, 204, 204, 500],
    );
  });
});

describe("what the official SDK for JavaScript sends", () => {
  // As JSON has it, which knows no -0.
  const anyData = fc
    .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))
    .map((value) => JSON.parse(JSON.stringify(value)));
  // The SDK leaves headers as they are, so what they cannot hold is not for it.
  const anyText = fc.stringMatching(/^[A-Za-z0-9.:/_-]{1,40}$/);
  const anyEvent = fc
    .record({ id: anyText, source: anyText, type: anyText, subject: anyText, data: anyData })
    .map((attributes) => new SdkEvent({ ...attributes, region: "eu" }));

  const receive = ({ headers, body }: { headers: object; body: unknown }) =>
    eventsOf(half.parse(requestOf({ headers: { ...headers }, body })));
  const seen = ({ id, source, type, subject, data }: SdkEvent<unknown> | CloudEvent) =>
    structuredClone({ id, source, type, subject, data });

  it("is what parse() gives, in every mode", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), (events) => {
        const [event = assert.fail()] = events;
        const headers = { "content-type": "application/cloudevents-batch+json" };
        assert.deepEqual(receive(HTTP.structured(event)).map(seen), [seen(event)]);
        assert.deepEqual(receive(HTTP.binary(event)).map(seen), [seen(event)]);
        assert.deepEqual(receive({ headers, body: JSON.stringify(events) }).map(seen), events.map(seen));
        for (const received of receive(HTTP.structured(event))) {
          assert.deepEqual(received.extensions, { region: "eu" });
        }
      }),
    );
  });
});

describe("sender and receiver of CloudEvents", () => {
  const anyEvent = fc
    .record({
      type: fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
      subject: fc.option(fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }), { nil: undefined }),
      occurredAt: fc.integer({ min: 0, max: Date.UTC(9999, 0) }),
      data: fc.json({ stringUnit: "binary" }),
    })
    .map(sampleEvent);

  const received = ({ url, headers, payload }: ContractRequest): ReceivedRequest => ({
    method: "POST",
    url,
    headers: { ...headers },
    payload,
  });
  const said = ({ id, type, subject, occurredAt, data }: ContractEvent) => ({
    id,
    type,
    source: "/tenants/ten_acme",
    subject,
    occurredAt: new Date(occurredAt),
    data: JSON.parse(Buffer.from(data).toString()),
  });
  const heard = ({ id, type, source, subject, occurredAt, data }: CloudEvent) => ({
    id,
    type,
    source,
    subject,
    occurredAt,
    data,
  });

  for (const mode of ["structured", "binary"]) {
    it(`what was published is what parse() gives: ${mode}`, async () => {
      const endpoint = sampleEndpoint({ secrets: [token], settings: { mode } });
      await fc.assert(
        fc.asyncProperty(anyEvent, async (event) => {
          const request = received(rendered(cloudEvents.request(endpoint, [event], sampleAttempt())));
          assert.deepEqual(await half.verify(request), { kind: "ok" });
          assert.deepEqual(eventsOf(half.parse(request)).map(heard), [said(event)]);
        }),
      );
    });
  }

  it("what was published is what parse() gives: batched", async () => {
    const endpoint = sampleEndpoint({ secrets: [token] });
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 5 }), async (events) => {
        const request = received(rendered(cloudEventsBatch.request(endpoint, events, sampleAttempt())));
        assert.deepEqual(await half.verify(request), { kind: "ok" });
        assert.deepEqual(eventsOf(half.parse(request)).map(heard), events.map(said));
      }),
    );
  });
});
