import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { jwtVerify } from "jose";
import {
  answersWithoutStatus,
  rendered,
  requestText,
  sampleAnswer,
  sampleAttempt,
  sampleEndpoint,
  sampleEvent,
} from "../samples.ts";
import { bubblehouse } from "./send.ts";

const key = Buffer.alloc(32, 0xfb);
const secret = key.toString("base64");
const url = "https://shop.example/bh/:name";
const sample = JSON.parse(
  readFileSync(new URL("fixtures/SendEvent1.points_updated.json", import.meta.url), "utf8"),
);

function setup(
  given: { data?: string; settings?: Record<string, unknown>; secrets?: string[]; at?: number } = {},
) {
  const {
    data = '{"customer":{"shopid":"7"}}',
    settings = {},
    secrets = [secret],
    at = 1_800_000_000_999,
  } = given;
  const endpoint = sampleEndpoint({ url, secrets, settings });
  const events = [sampleEvent({ type: "Points Updated", data })];
  const request = rendered(bubblehouse.request(endpoint, events, sampleAttempt({ at })));
  const token = request.headers["Authorization"]?.replace(/^Bearer /, "") ?? "";
  return { ...request, token, payload: Buffer.from(request.payload) };
}

describe("bubblehouse.request()", () => {
  it("bubblehouse.request() is byte for byte what it was", (t) => {
    const settings = { urgency: "urgent", key_id: "k1", subject: "acme-shop", issuer: "posthorn" };
    const endpoint = sampleEndpoint({ url, secrets: [secret], settings });
    const data =
      '{ "customer" : {"email":"zoë@x.example"}, "extra_props":{"points":50.0, "n":12345678901234567890} }';
    const request = bubblehouse.request(
      endpoint,
      [sampleEvent({ type: "Points Earned", data })],
      sampleAttempt(),
    );
    t.assert.fileSnapshot(
      requestText(request),
      fileURLToPath(import.meta.resolve("./golden/points-earned.http")),
      {
        serializers: [String],
      },
    );
  });

  it("bubblehouse.request() says the vendor's sample as it stands, but for the end of its id", () => {
    const { bhid, time, name, ...data } = sample;
    const occurredAt = Date.parse(time);
    const offset = (occurredAt - Date.parse("2020-01-01T00:00:00Z")) * 4_096;
    const event = sampleEvent({ type: name, occurredAt, offset, data: JSON.stringify(data) });
    const endpoint = sampleEndpoint({ url, secrets: [secret] });
    const { payload } = rendered(bubblehouse.request(endpoint, [event], sampleAttempt()));
    const said = JSON.parse(Buffer.from(payload).toString());
    assert.deepEqual({ ...said, bhid }, sample);
    assert.equal(said.bhid.slice(0, 10), bhid.slice(0, 10));
  });

  it("bubblehouse.request() calls the hook by its name in the path", () => {
    assert.equal(setup().url, "https://shop.example/bh/SendEvent1");
  });

  it("bubblehouse.request() carries the hook's headers, regular unless it is set", () => {
    const { Authorization: _, "X-Request-ID": requestId, ...others } = setup().headers;
    assert.match(requestId ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual(others, {
      "Content-Type": "application/json",
      Accepts: "application/json",
      Accept: "application/json",
      "X-BH-Urgency": "regular",
    });
    assert.equal(setup({ settings: { urgency: "real-time" } }).headers["X-BH-Urgency"], "real-time");
  });

  it("bubblehouse.request() signs a token that verifies with the decoded secret only", async () => {
    const { token, headers } = setup();
    const currentDate = new Date(1_800_000_000_000);
    const options = { algorithms: ["HS256"], audience: "BH", currentDate };
    const { protectedHeader, payload } = await jwtVerify(token, key, options);
    assert.deepEqual(protectedHeader, { typ: "JWT", alg: "HS256" });
    assert.deepEqual(payload, {
      aud: "BH",
      iat: 1_800_000_000,
      exp: 1_800_000_300,
      jti: headers["X-Request-ID"],
    });
    await assert.rejects(jwtVerify(token, Buffer.from(secret), options), /signature verification failed/);
    const late = { ...options, currentDate: new Date(1_800_000_301_000) };
    await assert.rejects(jwtVerify(token, key, late), /"exp" claim timestamp check failed/);
  });

  it("bubblehouse.request() puts the claims that are set, and signs with the newest secret", async () => {
    const settings = {
      key_id: "k1",
      audience: "hooks",
      subject: "shop",
      issuer: "us",
      token_lifetime_seconds: 60,
    };
    const { token } = setup({ settings, secrets: [secret, Buffer.alloc(32, 1).toString("base64")] });
    const { protectedHeader, payload } = await jwtVerify(token, key, {
      currentDate: new Date(1_800_000_000_000),
    });
    const { jti: _, ...claims } = payload;
    assert.equal(protectedHeader.kid, "k1");
    assert.deepEqual(claims, {
      iss: "us",
      sub: "shop",
      aud: "hooks",
      iat: 1_800_000_000,
      exp: 1_800_000_060,
    });
  });

  it("bubblehouse.request() makes another token and request id in every attempt", () => {
    const [first, second] = [setup(), setup({ at: 1_800_000_001_000 })];
    assert.notEqual(first.token, second.token);
    assert.notEqual(first.headers["X-Request-ID"], second.headers["X-Request-ID"]);
  });

  it("bubblehouse.request() signs with the secret's own text where the settings say so", async () => {
    const text = "not base64, at all";
    const { token } = setup({ secrets: [text], settings: { secret_encoding: "text" } });
    await jwtVerify(token, Buffer.from(text), { currentDate: new Date(1_800_000_000_999) });
    assert.throws(() => setup({ secrets: [text] }), /must be a key in the encoding of its settings/);
  });

  it("bubblehouse.request() cannot say data without a customer", () => {
    const endpoint = sampleEndpoint({ url, secrets: [secret] });
    const result = bubblehouse.request(endpoint, [sampleEvent({ data: "{}" })], sampleAttempt());
    assert.deepEqual(result, { kind: "unrenderable", reason: "customer_missing" });
  });

  it("bubblehouse.request() throws at a stored endpoint without :name or without a secret", () => {
    const event = sampleEvent({ data: '{"customer":{}}' });
    const nowhere = sampleEndpoint({ secrets: [secret] });
    assert.throws(
      () => bubblehouse.request(nowhere, [event], sampleAttempt()),
      /must have :name in its path/,
    );
    assert.throws(() => setup({ secrets: [] }), /needs a live secret/);
  });
});

describe("bubblehouse.verdict()", () => {
  it("bubblehouse.verdict() reads the outcome of 200, 201 and 202", () => {
    for (const status of [200, 201, 202]) {
      const answer = sampleAnswer(status, { body: '{"outcome":"sent"}' });
      assert.deepEqual(bubblehouse.verdict(answer, 0), { kind: "delivered" });
    }
    const unsubscribed = sampleAnswer(200, { body: '{"outcome":"unsubscribed"}' });
    assert.deepEqual(bubblehouse.verdict(unsubscribed, 0), { kind: "rejected", reason: "unsubscribed" });
  });

  it("bubblehouse.verdict() holds at every other status, whatever its body and Retry-After say", () => {
    for (const status of [199, 203, 204, 206, 301, 400, 401, 404, 410, 422, 429, 500, 503]) {
      const answer = sampleAnswer(status, { body: '{"outcome":"sent"}', headers: { "retry-after": "9" } });
      assert.deepEqual(bubblehouse.verdict(answer, 0), { kind: "hold", reason: `status_${status}` });
    }
  });

  it("bubblehouse.verdict() holds where there is no status, with the answer's own code", () => {
    for (const answer of answersWithoutStatus) {
      assert.deepEqual(bubblehouse.verdict(answer, 0), { kind: "hold", reason: answer.code });
    }
  });
});

describe("bubblehouse", () => {
  it("bubblehouse.checkEndpoint() wants :name in the URL's path", () => {
    const problems = bubblehouse.checkEndpoint({
      url: "https://shop.example/bh?:name",
      secret: undefined,
      settings: {},
    });
    assert.deepEqual(
      problems.map(({ pointer }) => pointer),
      ["/url"],
    );
  });

  it("bubblehouse.checkEndpoint() takes secrets of 16 to 256 bytes in standard base64 only", () => {
    const pointers = (given: string) =>
      bubblehouse.checkEndpoint({ url, secret: given, settings: {} }).map(({ pointer }) => pointer);
    for (const bytes of [16, 32, 256]) {
      assert.deepEqual(pointers(Buffer.alloc(bytes, 3).toString("base64")), [], String(bytes));
    }
    for (const refused of [
      Buffer.alloc(15).toString("base64"),
      Buffer.alloc(257).toString("base64"),
      "not base64, at all",
    ]) {
      assert.deepEqual(pointers(refused), ["/secret"]);
    }
  });

  it("bubblehouse.checkEndpoint() takes another secret where the settings say that it is a text", () => {
    const settings = { secret_encoding: "text" };
    assert.deepEqual(bubblehouse.checkEndpoint({ url, secret: "not base64, at all", settings }), []);
    const [problem] = bubblehouse.checkEndpoint({ url, secret: "too short", settings });
    assert.match(
      problem?.detail ?? "",
      /must be a text of 16 to 256 bytes, got another text of 9 characters/,
    );
  });

  it("bubblehouse.checkEndpoint() refuses settings that a kept secret does not fit", () => {
    const pointers = (settings: Record<string, unknown>) =>
      bubblehouse
        .checkEndpoint({ url, secret: undefined, keptSecrets: [secret, "not base64, at all"], settings })
        .map(({ pointer }) => pointer);
    assert.deepEqual(pointers({ secret_encoding: "text" }), []);
    assert.deepEqual(pointers({}), ["/settings"]);
  });

  it("bubblehouse.checkEndpoint() takes settings within their limits, and names the others", () => {
    const pointers = (settings: Record<string, unknown>) =>
      bubblehouse.checkEndpoint({ url, secret, settings }).map(({ pointer }) => pointer);
    const allowed = {
      urgency: "urgent",
      handshake: false,
      secret_encoding: "text",
      key_id: "k",
      audience: "a",
      subject: "s",
      issuer: "i",
      token_lifetime_seconds: 60,
    };
    assert.deepEqual(pointers(allowed), []);
    const refused = {
      urgency: "soon",
      handshake: "no",
      secret_encoding: "utf-8",
      key_id: "",
      audience: ["BH"],
      subject: "a\u0000",
      issuer: "i".repeat(257),
      token_lifetime_seconds: 86_401,
    };
    assert.deepEqual(
      pointers(refused),
      Object.keys(refused).map((name) => `/settings/${name}`),
    );
  });

  it("bubblehouse.defaults give an attempt 30 s, and hold from 1 s to 5 min", () => {
    assert.equal(bubblehouse.defaults.timeoutMs, 30_000);
    assert.deepEqual(bubblehouse.defaults.hold, { firstMs: 1_000, maxMs: 300_000, jitter: 0.2 });
    assert.deepEqual(bubblehouse.defaults.retry.delaysMs, []);
    assert.equal(bubblehouse.discipline, "ordered");
  });

  it("bubblehouse.catalogue is open, as the vendor's list is only of common names", () => {
    assert.equal(bubblehouse.catalogue.kind, "open");
    assert.ok(bubblehouse.catalogue.eventTypes.some(({ name }) => name === "Referral Approved (Receiver)"));
  });
});
