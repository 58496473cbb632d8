import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import {
  answersWithoutStatus,
  rendered,
  requestText,
  sampleAnswer,
  sampleAttempt,
  sampleEndpoint,
  sampleEvent,
} from "../samples.ts";
import { bspk } from "./send.ts";

const vendorsSecret: string = fixture("webhook_endpoint.create.response").secret;

function fixture(name: string) {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
}

function setup(given: { type?: string; data?: string; secrets?: string[] } = {}) {
  const { type = "shopper.updated", data = '{"id":123}', secrets = [vendorsSecret] } = given;
  return rendered(bspk.request(sampleEndpoint({ secrets }), [sampleEvent({ type, data })], sampleAttempt()));
}

describe("bspk.request()", () => {
  it("bspk.request() is byte for byte what it was", (t) => {
    const request = setup({
      data: '{ "id":12345678901234567890, "consent" : true, "last_name":"德斯蒙德" }',
    });
    t.assert.fileSnapshot(
      requestText(request),
      fileURLToPath(import.meta.resolve("./golden/shopper-updated.http")),
      {
        serializers: [String],
      },
    );
  });

  for (const name of ["client.updated", "file_import.finished"]) {
    it(`bspk.request() says ${name} as the vendor's sample does`, () => {
      const sample = fixture(name);
      const { payload } = setup({ type: sample.event_name, data: JSON.stringify(sample.object) });
      assert.equal(Buffer.from(payload).toString(), JSON.stringify(sample));
    });
  }

  it("bspk.request() carries the newest secret as it is", () => {
    const { headers } = setup({ secrets: ["newest-secret-16", vendorsSecret] });
    assert.deepEqual(headers, { "content-type": "application/json", "X-Bspk-Secret": "newest-secret-16" });
  });

  it("bspk.request() throws without a secret", () => {
    assert.throws(() => setup({ secrets: [] }), /needs a live secret/);
  });
});

describe("bspk.verdict()", () => {
  it("bspk.verdict() takes any 2xx as delivered, whatever becomes of its body", () => {
    for (const status of [200, 201, 202, 204, 299]) {
      assert.deepEqual(bspk.verdict(sampleAnswer(status, { bodyState: "broken" }), 0), { kind: "delivered" });
    }
  });

  it("bspk.verdict() rejects at 422", () => {
    assert.deepEqual(bspk.verdict(sampleAnswer(422), 0), { kind: "rejected", reason: "status_422" });
  });

  it("bspk.verdict() retries at every other status, whatever Retry-After says", () => {
    for (const status of [100, 199, 300, 301, 308, 400, 401, 404, 410, 421, 423, 429, 500, 503, 999]) {
      const answer = sampleAnswer(status, { headers: { "retry-after": "120" } });
      assert.deepEqual(bspk.verdict(answer, 0), { kind: "retry", reason: `status_${status}` });
    }
  });

  it("bspk.verdict() retries where there is no status, with the answer's own code", () => {
    for (const answer of answersWithoutStatus) {
      assert.deepEqual(bspk.verdict(answer, 0), { kind: "retry", reason: answer.code });
    }
  });
});

describe("bspk", () => {
  it("bspk.makeSecret() makes secrets that look like the vendor's", () => {
    const form = /^[0-9a-f]{32}$/;
    assert.match(vendorsSecret, form);
    assert.match(bspk.makeSecret((count) => Buffer.alloc(count, 0xaf), {}) ?? "", form);
  });

  it("bspk.checkEndpoint() takes secrets that fit in a header, and nothing else", () => {
    const problems = (secret: string | undefined) =>
      bspk.checkEndpoint({ url: "https://receiver.example/", secret, settings: {} });
    for (const secret of [undefined, vendorsSecret, "x".repeat(16), "~".repeat(256)]) {
      assert.deepEqual(problems(secret), [], String(secret));
    }
    const refused = [
      "",
      "x".repeat(15),
      "x".repeat(257),
      `${vendorsSecret}\r\nx: y`,
      `é${vendorsSecret}`,
      `${vendorsSecret} `,
    ];
    for (const secret of refused) {
      assert.deepEqual(
        problems(secret).map(({ pointer }) => pointer),
        ["/secret"],
        secret,
      );
    }
  });

  it("bspk.catalogue has the vendor's eleven types, and says shopper for client", () => {
    const { kind, eventTypes } = bspk.catalogue;
    assert.equal(kind, "closed");
    assert.equal(eventTypes.length, 11);
    const deprecated = eventTypes.filter((type) => type.deprecatedFor !== undefined);
    assert.deepEqual(
      deprecated.map(({ name, deprecatedFor }) => [name, deprecatedFor]),
      ["created", "updated", "deleted"].map((what) => [`client.${what}`, `shopper.${what}`]),
    );
  });

  it("bspk.defaults give an attempt 5 s, and 19 retries without jitter", () => {
    assert.equal(bspk.defaults.timeoutMs, 5_000);
    assert.equal(bspk.defaults.retry.delaysMs.length, 19);
    assert.equal(bspk.defaults.retry.jitter, 0);
  });

  it("bspk.defaults disable an endpoint after 3 days of failures, before its retries are used up", () => {
    assert.equal(bspk.defaults.disableAfterMs, 259_200_000);
    assert.ok(bspk.defaults.disableAfterMs < bspk.defaults.retry.delaysMs.reduce((sum, ms) => sum + ms));
  });
});
