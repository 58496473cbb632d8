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
import { goVector, sharedVector, svixVector, vectorMessage } from "./vectors.ts";

const publishedSecret = sharedVector.secret;
const olderSecret = `whsec_${Buffer.alloc(64, 2).toString("base64")}`;

function setup(given: { secrets?: string[]; data?: string | Uint8Array; at?: number } = {}) {
  const { secrets = [publishedSecret], data, at = Date.now() } = given;
  const event = sampleEvent(data === undefined ? {} : { data });
  const request = standard.request(sampleEndpoint({ secrets }), [event], sampleAttempt({ at }));
  assert.equal(request.kind, "request");
  return { headers: { ...request.headers }, payload: Buffer.from(request.payload), request };
}

describe("standard.request()", () => {
  for (const [name, secrets] of [
    ["two-secrets", [publishedSecret, olderSecret]],
    ["two-schemes", [goVector.privateKey, publishedSecret]],
  ] as const) {
    it(`standard.request() is byte for byte what it was: ${name}`, (t) => {
      const event = sampleEvent({ data: '{ "amount" : 10.50, "id":12345678901234567890, "name":"Zoë" }' });
      const request = standard.request(sampleEndpoint({ secrets }), [event], sampleAttempt());
      const golden = fileURLToPath(import.meta.resolve(`./golden/${name}.http`));
      t.assert.fileSnapshot(requestText(request), golden, { serializers: [String] });
    });
  }

  it("standard.request() is signed as the published vector is", () => {
    // The vector is not in our envelope: the library proves itself by the vector, then proves the request.
    const reference = new Webhook(publishedSecret);
    const { id, timestamp, payload: message } = vectorMessage;
    assert.equal(reference.sign(id, new Date(timestamp * 1_000), message), sharedVector.signature);
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

  it("standard.request() is accepted by who knows HMAC only, while a rotation to Ed25519 overlaps", () => {
    const { headers, payload } = setup({ secrets: [goVector.privateKey, publishedSecret] });
    assert.match(String(headers["webhook-signature"]), /^v1a,\S{88} v1,\S{44}$/);
    assert.doesNotThrow(() => new Webhook(publishedSecret).verify(payload, headers));
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
  const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 0xfb).toString("base64")}`;
  const problemsOf = (secret: string | undefined, settings = {}) =>
    standard.checkEndpoint({ url: "https://receiver.example/", secret, settings });

  it("standard.checkEndpoint() takes shared secrets of 24 to 64 bytes and private keys of Ed25519", () => {
    const { privateKey } = svixVector;
    for (const secret of [
      undefined,
      publishedSecret,
      secretOf(24),
      secretOf(64),
      privateKey,
      goVector.privateKey,
    ]) {
      assert.deepEqual(problemsOf(secret), [], String(secret));
    }
    const urlSafe = secretOf(32).replaceAll("+", "-");
    for (const secret of [
      "",
      "whsec_",
      "whsk_",
      secretOf(23),
      secretOf(65),
      secretOf(32).replace("_", "-"),
      secretOf(32).replace("whsec_", "whpk_"),
      urlSafe,
      `${secretOf(24)}\n`,
    ]) {
      const [problem, ...rest] = problemsOf(secret);
      assert.equal(problem?.pointer, "/secret");
      assert.match(problem.detail, /^secret must be "whsec_" and .*, or "whsk_" and .*, got another text of/);
      assert.match(problem.detail, new RegExp(` of ${secret.length} characters$`));
      assert.deepEqual(rest, []);
    }
  });

  it("standard.checkEndpoint() refuses a secret of another scheme than the settings ask for", () => {
    const pointers = (secret: string, signature: unknown) =>
      problemsOf(secret, { signature }).map(({ pointer }) => pointer);
    assert.deepEqual(pointers(publishedSecret, "v1"), []);
    assert.deepEqual(pointers(goVector.privateKey, "v1a"), []);
    assert.deepEqual(pointers(publishedSecret, "v1a"), ["/secret"]);
    assert.deepEqual(pointers(goVector.privateKey, "v1"), ["/secret"]);
    assert.deepEqual(pointers(publishedSecret, "v2"), ["/settings/signature"]);
    const [problem] = problemsOf(publishedSecret, { signature: "v1a" });
    assert.match(problem?.detail ?? "", /^secret must be "whsk_" and/);
  });
});

describe("standard.makeSecret()", () => {
  const prefixOf = (settings: object, newest?: string) => {
    const known = newest === undefined ? undefined : { publicKey: standard.publicKeyOf?.(newest) };
    return standard.makeSecret((count) => Buffer.alloc(count, 1), { ...settings }, known)?.split("_")[0];
  };

  it("standard.makeSecret() makes what the settings ask for, else what the secret before was", () => {
    assert.equal(prefixOf({}), "whsec");
    assert.equal(prefixOf({ signature: "v1a" }), "whsk");
    assert.equal(prefixOf({}, publishedSecret), "whsec");
    assert.equal(prefixOf({}, goVector.privateKey), "whsk");
    assert.equal(prefixOf({ signature: "v1" }, goVector.privateKey), "whsec");
    assert.equal(prefixOf({ signature: "v1a" }, publishedSecret), "whsk");
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
