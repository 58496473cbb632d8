import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Answer, Settings } from "../contract.ts";
import { answersWithoutStatus, sampleAnswer, sampleEndpoint } from "../samples.ts";
import { permissionHandshake } from "./handshake.ts";
import { type Permission, permissionAnswerer } from "./permission.ts";
import { cloudEvents, cloudEventsBatch } from "./send.ts";

const at = Date.UTC(2026, 0, 1);
const greeting = { id: "grt_0123456789abcdef0123456789abcdef", at } as const;

function setup(settings: Settings = {}) {
  const endpoint = sampleEndpoint({
    secrets: ["a-token-of-the-test"],
    settings: { handshake: true, ...settings },
  });
  return {
    request: permissionHandshake.request(endpoint, greeting),
    reception: (answer: Answer) => permissionHandshake.reception({ endpoint, greeting, answer, at }),
  };
}

const permitting = (origin: string, rate?: string) =>
  sampleAnswer(200, {
    headers: {
      "webhook-allowed-origin": origin,
      ...(rate === undefined ? {} : { "webhook-allowed-rate": rate }),
    },
  });

describe("permissionHandshake", () => {
  it("both contracts have it, and ask only where the endpoint wants it", () => {
    assert.equal(cloudEvents.handshake, permissionHandshake);
    assert.equal(cloudEventsBatch.handshake, permissionHandshake);
    assert.equal(permissionHandshake.request(sampleEndpoint(), greeting), undefined);
  });

  it("request() asks by OPTIONS at the endpoint's URL, by name, and without the token", () => {
    assert.deepEqual(setup().request, {
      kind: "request",
      method: "OPTIONS",
      url: "https://receiver.example/hooks",
      headers: { "webhook-request-origin": "posthorn" },
      payload: new Uint8Array(),
    });
    const named = setup({ origin: "events.shop.example" }).request;
    assert.deepEqual(named?.headers, { "webhook-request-origin": "events.shop.example" });
  });

  it("reception() takes the consent to everybody, or to this sender, whatever the status", () => {
    const { reception } = setup({ origin: "events.shop.example" });
    for (const origin of ["*", "events.shop.example", "Events.Shop.Example"]) {
      for (const rate of [undefined, "*"]) {
        assert.deepEqual(reception(permitting(origin, rate)), { kind: "accepted" });
      }
    }
    const { headers } = { headers: { "webhook-allowed-origin": "*" } };
    assert.deepEqual(reception(sampleAnswer(500, { headers })), { kind: "accepted" });
  });

  it("reception() turns requests a minute into requests a second", () => {
    const { reception } = setup();
    const rateOf = (rate: string) => reception(permitting("*", rate));
    assert.deepEqual(rateOf("120"), { kind: "accepted", ratePerSecond: 2 });
    assert.deepEqual(rateOf("1"), { kind: "accepted", ratePerSecond: 1 / 60 });
    for (const rate of ["0", "-1", "1.5", "", "many", "1e3", "9999999999", "60, 60"]) {
      assert.deepEqual(rateOf(rate), { kind: "refused", reason: "rate_malformed" }, rate);
    }
  });

  it("reception() takes no other answer for a consent", () => {
    const { reception } = setup();
    for (const origin of ["", "other", "posthorn.example", "*, *", "null"]) {
      assert.deepEqual(reception(permitting(origin)), { kind: "refused", reason: "origin_not_allowed" });
    }
    for (const status of [200, 204, 405]) {
      const reason = `status_${status}_no_permission`;
      assert.deepEqual(reception(sampleAnswer(status)), { kind: "refused", reason });
    }
    const busy = sampleAnswer(429, { headers: { "retry-after": "60" } });
    assert.deepEqual(reception(busy), {
      kind: "refused",
      reason: "status_429_no_permission",
      afterMs: 60_000,
    });
    for (const answer of answersWithoutStatus) {
      assert.deepEqual(reception(answer), { kind: "refused", reason: answer.code });
    }
  });
});

describe("permissionHandshake and permissionAnswerer()", () => {
  const anyName = fc.stringMatching(/^[a-z0-9-]{1,20}(\.[a-z0-9-]{1,20}){0,2}$/);

  /** What a receiver with this permission makes of a sender's handshake. */
  function receptionOf(permission: Permission, settings: Settings) {
    const { request, reception } = setup(settings);
    assert.ok(request);
    const { url, headers, payload } = request;
    const { status, headers: answered } = permissionAnswerer(permission)({
      method: "OPTIONS",
      url,
      headers: { ...headers },
      payload,
    });
    return reception(sampleAnswer(status, { headers: answered }));
  }

  it("a receiver's permission is what the sender reads", () => {
    fc.assert(
      fc.property(
        anyName,
        anyName,
        fc.integer({ min: 1, max: 999_999_999 }),
        (origin, other, allowedRate) => {
          fc.pre(origin !== other);
          const accepted = { kind: "accepted", ratePerSecond: allowedRate / 60 };
          const allowedOrigins = [other, origin];
          assert.deepEqual(receptionOf({ allowedOrigins, allowedRate }, { origin }), accepted);
          assert.deepEqual(receptionOf({ allowedRate }, { origin }), accepted);
          assert.deepEqual(receptionOf({}, { origin }), { kind: "accepted" });
          const refused = { kind: "refused", reason: "status_403_no_permission" };
          assert.deepEqual(receptionOf({ allowedOrigins: [other] }, { origin }), refused);
        },
      ),
    );
  });
});
