import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Webhook } from "standardwebhooks";
import {
  answersWithoutStatus,
  requestText,
  sampleAnswer,
  sampleAttempt,
  sampleEndpoint,
  sampleEvent,
} from "../samples.ts";
import { standard } from "./send.ts";

// The reference libraries' published vector.
const publishedSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const olderSecret = `whsec_${Buffer.alloc(64, 2).toString("base64")}`;

function setup(given: { secrets?: string[]; data?: string | Uint8Array; at?: number } = {}) {
  const { secrets = [publishedSecret], data, at = Date.now() } = given;
  const event = sampleEvent(data === undefined ? {} : { data });
  const request = standard.request(sampleEndpoint({ secrets }), [event], sampleAttempt({ at }));
  assert.equal(request.kind, "request");
  return { headers: { ...request.headers }, payload: Buffer.from(request.payload), request };
}

describe("standard.request()", () => {
  it("standard.request() is byte for byte what it was", (t) => {
    const endpoint = sampleEndpoint({ secrets: [publishedSecret, olderSecret] });
    const event = sampleEvent({ data: '{ "amount" : 10.50, "id":12345678901234567890, "name":"Zoë" }' });
    const request = standard.request(endpoint, [event], sampleAttempt());
    t.assert.fileSnapshot(
      requestText(request),
      fileURLToPath(import.meta.resolve("./golden/two-secrets.http")),
      {
        serializers: [String],
      },
    );
  });

  it("standard.request() is signed as the published vector is", () => {
    // The vector is not in our envelope: the library proves itself by the vector, then proves the request.
    const reference = new Webhook(publishedSecret);
    const vector = reference.sign(
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      new Date(1_614_265_330_000),
      '{"test": 2432232314}',
    );
    assert.equal(vector, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    const at = 1_614_265_330_999;
    const { headers, payload } = setup({ at });
    assert.equal(headers["webhook-timestamp"], "1614265330");
    assert.equal(headers["webhook-signature"], reference.sign("evt_0123456789abcdef", new Date(at), payload));
  });

  it("standard.request() is accepted by receivers that hold any live secret, and by no other", () => {
    const { headers, payload } = setup({ secrets: [publishedSecret, olderSecret] });
    for (const secret of [publishedSecret, olderSecret]) {
      const body = new Webhook(secret).verify(payload, headers) as { data: unknown };
      assert.deepEqual(body.data, { id: 7 });
    }
    const stranger = new Webhook(`whsec_${Buffer.alloc(32, 9).toString("base64")}`);
    assert.throws(() => stranger.verify(payload, headers), /No matching signature/);
    payload[payload.length - 2] = 0x20;
    assert.throws(() => new Webhook(publishedSecret).verify(payload, headers), /No matching signature/);
  });

  it("standard.request() signs the bytes themselves, even where they are no text (invariant 6)", () => {
    const { headers, payload } = setup({ data: Buffer.from([0x22, 0xff, 0x22]), at: 1_000 });
    const key = Buffer.from(publishedSecret.slice("whsec_".length), "base64");
    const signed = createHmac("sha256", key).update("evt_0123456789abcdef.1.").update(payload);
    assert.equal(headers["webhook-signature"], `v1,${signed.digest("base64")}`);
  });

  it("standard.request() says type, time with milliseconds in UTC, and data, in this order", () => {
    const { payload } = setup();
    assert.equal(
      payload.toString(),
      '{"type":"order.paid","timestamp":"2026-03-14T09:26:53.589Z","data":{"id":7}}',
    );
  });

  it("standard.request() takes data that is no object", () => {
    assert.match(setup({ data: "1.0" }).payload.toString(), /,"data":1\.0}$/);
  });

  it("standard.request() throws without a secret rather than send unsigned", () => {
    assert.throws(() => setup({ secrets: [] }), /needs a live secret/);
  });
});

describe("standard.verdict()", () => {
  const at = Date.UTC(2026, 0, 1);

  it("standard.verdict() takes any 2xx as delivered, whatever becomes of its body", () => {
    for (const status of [200, 201, 202, 204, 299]) {
      for (const bodyState of ["whole", "capped", "broken"] as const) {
        assert.deepEqual(standard.verdict(sampleAnswer(status, { bodyState }), at), { kind: "delivered" });
      }
    }
  });

  it("standard.verdict() disables at 410 and holds the lane at 429, 502, 503 and 504", () => {
    assert.deepEqual(standard.verdict(sampleAnswer(410), at), { kind: "disable", reason: "status_410" });
    for (const status of [429, 502, 503, 504]) {
      assert.deepEqual(standard.verdict(sampleAnswer(status), at), {
        kind: "hold",
        reason: `status_${status}`,
      });
    }
  });

  it("standard.verdict() retries at every other status", () => {
    for (const status of [
      100, 101, 199, 300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 409, 413, 422, 500, 501, 520, 600,
    ]) {
      assert.deepEqual(standard.verdict(sampleAnswer(status), at), {
        kind: "retry",
        reason: `status_${status}`,
      });
    }
  });

  it("standard.verdict() retries where there is no status, with the answer's own code", () => {
    for (const answer of answersWithoutStatus) {
      assert.deepEqual(standard.verdict(answer, at), { kind: "retry", reason: answer.code });
    }
  });

  it("standard.verdict() waits as Retry-After asks, and ignores what it cannot read", () => {
    const after = (status: number, value: string) =>
      standard.verdict(sampleAnswer(status, { headers: { "retry-after": value } }), at);
    assert.deepEqual(after(503, "120"), { kind: "hold", reason: "status_503", afterMs: 120_000 });
    assert.deepEqual(after(429, "0"), { kind: "hold", reason: "status_429", afterMs: 0 });
    assert.deepEqual(after(503, "Thu, 01 Jan 2026 00:00:07 GMT"), {
      kind: "hold",
      reason: "status_503",
      afterMs: 7_000,
    });
    assert.deepEqual(after(500, "60"), { kind: "retry", reason: "status_500", afterMs: 60_000 });
    assert.deepEqual(after(503, "1e300"), { kind: "hold", reason: "status_503" });
  });
});

describe("standard.checkEndpoint()", () => {
  it("standard.checkEndpoint() takes secrets of 24 to 64 bytes in standard base64, and nothing else", () => {
    const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 0xfb).toString("base64")}`;
    const problems = (secret: string | undefined) =>
      standard.checkEndpoint({ url: "https://receiver.example/", secret, settings: {} });
    for (const secret of [undefined, publishedSecret, secretOf(24), secretOf(64)]) {
      assert.deepEqual(problems(secret), [], String(secret));
    }
    const urlSafe = secretOf(32).replaceAll("+", "-");
    for (const secret of [
      "",
      "whsec_",
      secretOf(23),
      secretOf(65),
      secretOf(32).replace("_", "-"),
      urlSafe,
      `${secretOf(24)}\n`,
    ]) {
      const detail = `the standard base64 of 24 to 64 bytes, got another text of ${secret.length} characters`;
      assert.deepEqual(problems(secret), [
        { pointer: "/secret", detail: `secret must be "whsec_" and ${detail}` },
      ]);
    }
  });
});

describe("standard", () => {
  it("standard.defaults spread nine retries over three days, then a bit", () => {
    const { delaysMs, jitter } = standard.defaults.retry;
    assert.equal(delaysMs.length, 9);
    assert.equal(
      delaysMs.reduce((sum, delayMs) => sum + delayMs),
      5_000 + 2_100_000 + 75 * 3_600_000,
    );
    assert.equal(jitter, 0.2);
    assert.equal(standard.defaults.timeoutMs, 15_000);
  });
});
