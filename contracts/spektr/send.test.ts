import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { ContractEvent } from "../contract.ts";
import {
  answersWithoutStatus,
  rendered,
  requestText,
  sampleAnswer,
  sampleAttempt,
  sampleEndpoint,
  sampleEvent,
} from "../samples.ts";
import { spektr } from "./send.ts";

interface Sample {
  readonly id: string;
  readonly spektrId: string;
  readonly eventType: string;
  readonly timestamp: number;
  readonly workspaceId?: string;
  readonly data: unknown;
}

const fixtures: readonly Sample[] = readdirSync(new URL("fixtures/", import.meta.url))
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(new URL(`fixtures/${file}`, import.meta.url), "utf8")));

function eventOf(sample: Sample): ContractEvent {
  return sampleEvent({
    type: sample.eventType,
    subject: sample.spektrId,
    occurredAt: sample.timestamp,
    data: JSON.stringify(sample.data),
  });
}

function setup(events: readonly ContractEvent[], settings: Record<string, unknown> = {}) {
  const endpoint = sampleEndpoint({ tenantId: "ten_acme", settings });
  const request = rendered(spektr.request(endpoint, events, sampleAttempt()));
  const text = Buffer.from(request.payload).toString();
  return { headers: request.headers, text, results: JSON.parse(text).results };
}

describe("spektr.request()", () => {
  it("spektr.request() is byte for byte what it was", (t) => {
    const endpoint = sampleEndpoint({
      secrets: ["5f".repeat(32)],
      settings: { hmac: true, workspace_id: "559ae2249db800a7b0fa02ad58b196ae" },
    });
    const events = [
      sampleEvent({ type: "customer_tag_add", data: '{ "tagName":"Zoë", "action" : "add" }' }),
      sampleEvent({
        id: "evt_fedcba9876543210",
        type: "customer_status_change",
        data: '{"newStatus":"approved","count":12345678901234567890}',
      }),
    ];
    const request = spektr.request(endpoint, events, sampleAttempt());
    t.assert.fileSnapshot(
      requestText(request),
      fileURLToPath(import.meta.resolve("./golden/signed-batch.http")),
      {
        serializers: [String],
      },
    );
  });

  for (const sample of fixtures) {
    it(`spektr.request() says ${sample.eventType} as the vendor's sample does`, () => {
      const { results } = setup([eventOf(sample)], { workspace_id: sample.workspaceId ?? "any" });
      const [{ id, ...others }] = results;
      const { id: samplesId, ...expected } = sample;
      assert.deepEqual(others, expected);
      assert.match(id, /^[0-9a-f]{24}$/);
      assert.match(samplesId, /^[0-9a-f]{24}$/);
    });
  }

  it("spektr.request() begins ids with the second, as the vendor's do, and ends them with ours", () => {
    const sample = fixtures.find(({ eventType }) => eventType === "customer_tag_add");
    assert.ok(sample);
    const [{ id }] = setup([{ ...eventOf(sample), id: "evt_00000000000000ff" }]).results;
    assert.equal(id, `${sample.id.slice(0, 8)}00000000000000ff`);
  });

  it("spektr.request() keeps ids 24 digits long, whatever the time", () => {
    const seconds = {
      "-1": "ffffffff",
      "0": "00000000",
      "999": "00000000",
      "1000": "00000001",
      "4294967296000": "00000000",
    };
    for (const [occurredAt, digits] of Object.entries(seconds)) {
      const [{ id }] = setup([sampleEvent({ occurredAt: Number(occurredAt) })]).results;
      assert.equal(id, `${digits}0123456789abcdef`, occurredAt);
    }
  });

  it("spektr.request() writes the vendor's order, and the tenant where no workspace is set", () => {
    const { text } = setup([sampleEvent({ type: "service_run", subject: 'a"b', occurredAt: 1_000 })]);
    assert.equal(
      text,
      '{"results":[{"id":"000000010123456789abcdef","spektrId":"a\\"b","eventType":"service_run",' +
        '"timestamp":1000,"workspaceId":"ten_acme","data":{"id":7}}]}',
    );
  });

  it("spektr.request() keeps the events of a batch in the order given", () => {
    const events = [1, 2, 3].map((number) => sampleEvent({ data: `[${number}.0]` }));
    const { text, results } = setup(events);
    assert.deepEqual(
      results.map(({ data }: { data: unknown }) => data),
      [[1], [2], [3]],
    );
    assert.match(text, /\[1\.0\].*\[2\.0\].*\[3\.0\]/);
  });

  it("spektr.request() names the events without a subject, and only them", () => {
    const events = [1, 2, 3, 4].map((offset) =>
      sampleEvent({ offset, subject: offset % 2 === 1 ? undefined : "s" }),
    );
    assert.deepEqual(spektr.request(sampleEndpoint(), events, sampleAttempt()), {
      kind: "unrenderable",
      reason: "subject_missing",
      offsets: [1, 3],
    });
  });

  it("spektr.request() is signed only where there is a secret", () => {
    assert.deepEqual(setup([sampleEvent()]).headers, { "content-type": "application/json" });
  });
});

describe("spektr.verdict()", () => {
  it("spektr.verdict() takes exactly 200 as delivered, whatever becomes of its body", () => {
    for (const bodyState of ["whole", "capped", "broken"] as const) {
      assert.deepEqual(spektr.verdict(sampleAnswer(200, { bodyState }), 0), { kind: "delivered" });
    }
  });

  it("spektr.verdict() retries at everything else, whatever Retry-After says", () => {
    for (const status of [199, 201, 202, 204, 301, 400, 410, 422, 429, 500, 503]) {
      const answer = sampleAnswer(status, { headers: { "retry-after": "9" } });
      assert.deepEqual(spektr.verdict(answer, 0), { kind: "retry", reason: `status_${status}` });
    }
    for (const answer of answersWithoutStatus) {
      assert.deepEqual(spektr.verdict(answer, 0), { kind: "retry", reason: answer.code });
    }
  });
});

describe("spektr", () => {
  it("spektr.batchLimits() gives the defaults, or what is set", () => {
    assert.deepEqual(spektr.batchLimits?.({}), { eventsMax: 100, bytesMax: 1_000_000, waitMs: 200 });
    const settings = { batch_events_max: 1, batch_bytes_max: 1_000, batch_wait_ms: 0 };
    assert.deepEqual(spektr.batchLimits?.(settings), { eventsMax: 1, bytesMax: 1_000, waitMs: 0 });
  });

  it("spektr.makeSecret() makes one only where hmac is true", () => {
    const make = (settings: Record<string, unknown>) =>
      spektr.makeSecret((count) => Buffer.alloc(count, 0xaf), settings);
    assert.equal(make({}), undefined);
    assert.equal(make({ hmac: false }), undefined);
    assert.equal(make({ hmac: true }), "af".repeat(32));
  });

  it("spektr.checkEndpoint() takes settings and secrets within their limits, and names the others", () => {
    const pointers = (settings: Record<string, unknown>, secret?: string) =>
      spektr
        .checkEndpoint({ url: "https://receiver.example/", secret, settings })
        .map(({ pointer }) => pointer);
    const allowed = {
      hmac: true,
      key_id: "k~!",
      signed_string: "body",
      workspace_id: "Wörk space",
      batch_events_max: 1_000,
      batch_bytes_max: 10_000_000,
      batch_wait_ms: 60_000,
    };
    assert.deepEqual(pointers(allowed, "s".repeat(16)), []);
    const refused = {
      hmac: "true",
      key_id: "a\r\nb: c",
      signed_string: "body.timestamp",
      workspace_id: "",
      batch_events_max: 1_001,
      batch_bytes_max: 999,
      batch_wait_ms: -1,
    };
    const expected = Object.keys(refused).map((name) => `/settings/${name}`);
    assert.deepEqual(pointers(refused, "s".repeat(257)), [...expected, "/secret"]);
  });

  it("spektr.catalogue has the vendor's eighteen types, of which two are deprecated", () => {
    const { kind, eventTypes } = spektr.catalogue;
    assert.equal(kind, "closed");
    assert.equal(eventTypes.length, 18);
    const names = eventTypes.map(({ name }) => name);
    assert.deepEqual(names.toSorted(), fixtures.map(({ eventType }) => eventType).toSorted());
    assert.deepEqual(
      eventTypes.flatMap(({ name, deprecatedFor }) =>
        deprecatedFor === undefined ? [] : [[name, deprecatedFor]],
      ),
      [
        ["customer_status_change", "customer_status_changed"],
        ["customer_record_update", "customer_record_changed"],
      ],
    );
  });

  it("spektr.defaults give an attempt 10 s, and three retries a second apart", () => {
    assert.equal(spektr.defaults.timeoutMs, 10_000);
    assert.deepEqual(spektr.defaults.retry, { delaysMs: [1_000, 1_000, 1_000], jitter: 0 });
  });
});
