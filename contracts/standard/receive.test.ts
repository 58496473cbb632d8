import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Webhook as ReferenceWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import type { ReceivedRequest } from "../receiving.ts";
import { rendered, sampleAttempt, sampleEndpoint, sampleEvent } from "../samples.ts";
import { receiveStandard, type StandardEvent } from "./receive.ts";
import { publicKeyOf } from "./secret.ts";
import { standard } from "./send.ts";
import { goVector, sharedVector, svixVector, vectorMessage } from "./vectors.ts";

const vector = { ...vectorMessage, ...sharedVector };

function setup(given: { signature?: string; payload?: string; secret?: string; id?: string } = {}) {
  const {
    signature = vector.signature,
    payload = vector.payload,
    secret = vector.secret,
    id = vector.id,
  } = given;
  const half = receiveStandard({ secrets: [secret], now: () => vector.timestamp * 1_000 });
  const request: ReceivedRequest = {
    method: "POST",
    url: "/hooks",
    headers: {
      "webhook-id": id,
      "webhook-timestamp": String(vector.timestamp),
      "webhook-signature": signature,
    },
    payload: Buffer.from(payload),
  };
  return { half, request, verify: async () => (await half.verify(request)).kind };
}

describe("receiveStandard()", () => {
  it("receiveStandard() verifies the published vector, and no other id", async () => {
    assert.equal(await setup().verify(), "ok");
    assert.equal(await setup({ id: "msg_other" }).verify(), "refused");
    assert.equal(await setup({ payload: '{"test":2432232314}' }).verify(), "refused");
  });

  it("receiveStandard() finds the right signature among many, and nothing that resembles it", async () => {
    const right = vector.signature;
    const digest = Buffer.from(right.slice(3), "base64");
    const wrong = `v1,${Buffer.alloc(32, 9).toString("base64")}`;
    for (const signature of [
      `${wrong} ${right}`,
      `v1a,xyz v2,abc ${right}`,
      `${`${wrong} `.repeat(1_000)}${right}`,
    ]) {
      assert.equal(await setup({ signature }).verify(), "ok", signature.slice(0, 80));
    }
    const refused = {
      empty: "",
      "no signature after the version": "v1,",
      truncated: right.slice(0, -4),
      "a prefix that decodes": `v1,${digest.subarray(0, 31).toString("base64")}`,
      longer: `v1,${Buffer.concat([digest, Buffer.alloc(1)]).toString("base64")}`,
      "another version": right.replace("v1,", "v2,"),
      "no version": right.slice(3),
      "joined by a comma": `${wrong},${right.slice(3)}`,
      many: Array.from({ length: 1_000 }, () => wrong).join(" "),
    };
    for (const [why, signature] of Object.entries(refused)) {
      assert.equal(await setup({ signature }).verify(), "refused", why);
    }
  });

  it("receiveStandard() verifies the published vectors of Ed25519, with the public key alone", async () => {
    const { publicKey: svixKey, signature: svixSignature } = svixVector;
    const goKey = publicKeyOf(goVector.privateKey) ?? "";
    const { signature: goSignature } = goVector;
    assert.equal(await setup({ secret: svixKey, signature: svixSignature }).verify(), "ok");
    assert.equal(await setup({ secret: goKey, signature: goSignature }).verify(), "ok");
    assert.equal(await setup({ secret: goKey, signature: svixSignature }).verify(), "refused");
    assert.equal(await setup({ secret: svixKey, signature: svixSignature, id: "other" }).verify(), "refused");
    assert.equal(
      await setup({ secret: svixKey, signature: svixSignature, payload: "{}" }).verify(),
      "refused",
    );
  });

  it("receiveStandard() finds its Ed25519 signature among many, nothing that resembles it", async () => {
    const { publicKey, signature: right } = svixVector;
    const verify = (signature: string) => setup({ secret: publicKey, signature }).verify();
    const wrong = `v1a,${Buffer.alloc(64, 9).toString("base64")}`;
    for (const signature of [`${sharedVector.signature} ${right}`, `${wrong} v1a,xyz v2,abc ${right}`]) {
      assert.equal(await verify(signature), "ok", signature);
    }
    const bytes = Buffer.from(right.slice("v1a,".length), "base64");
    const refused = {
      "no signature after the version": "v1a,",
      "cut off": `v1a,${bytes.subarray(0, 63).toString("base64")}`,
      longer: `v1a,${Buffer.concat([bytes, Buffer.alloc(1)]).toString("base64")}`,
      "as if it were an HMAC": right.replace("v1a,", "v1,"),
      "joined by a comma": `${wrong},${right.slice("v1a,".length)}`,
    };
    for (const [why, signature] of Object.entries(refused)) {
      assert.equal(await verify(signature), "refused", why);
    }
  });

  it("receiveStandard() tries so many Ed25519 signatures and no more", async () => {
    const { publicKey, signature: right } = svixVector;
    const wrong = `v1a,${Buffer.alloc(64, 9).toString("base64")} `;
    const verify = (signature: string) => setup({ secret: publicKey, signature }).verify();
    assert.equal(await verify(wrong.repeat(15) + right), "ok");
    assert.equal(await verify(wrong.repeat(16) + right), "refused");
    // What is no signature by its length costs nothing, and counts for none.
    assert.equal(await verify("v1a,AAAA ".repeat(16) + right), "ok");
  });

  it("receiveStandard() never takes a public key for a shared secret", async () => {
    // Whoever knows the public key, and that is everyone, could sign with it.
    const { publicKey } = svixVector;
    const asSecret = publicKey.replace("whpk_", "whsec_");
    const signature = new ReferenceWebhook(asSecret).sign(
      vector.id,
      new Date(vector.timestamp * 1_000),
      vector.payload,
    );
    assert.equal(await setup({ secret: asSecret, signature }).verify(), "ok");
    assert.equal(await setup({ secret: publicKey, signature }).verify(), "refused");
  });

  it("receiveStandard() takes either signature while a rotation between the schemes overlaps", async () => {
    const endpoint = sampleEndpoint({ secrets: [svixVector.privateKey, sharedVector.secret] });
    const attempt = sampleAttempt();
    const { payload, headers } = rendered(standard.request(endpoint, [sampleEvent()], attempt));
    const request = { method: "POST", url: "/", headers, payload };
    for (const secrets of [
      [svixVector.publicKey],
      [sharedVector.secret],
      [svixVector.publicKey, sharedVector.secret],
    ]) {
      const half = receiveStandard({ secrets, now: () => attempt.at });
      assert.deepEqual(await half.verify(request), { kind: "ok" });
    }
  });

  it("receiveStandard() wants the public key, and says so of a private one without repeating it", () => {
    const { privateKey, publicKey } = svixVector;
    assert.throws(
      () => receiveStandard({ secrets: [privateKey] }),
      /^Error: a public key of standard must be "whpk_" .* got the sender's private key of \d+ characters$/,
    );
    for (const key of [
      "whpk_",
      publicKey.slice(0, -4),
      `${publicKey}AAAA`,
      publicKey.replace("+", "-").slice(0, -1),
    ]) {
      assert.throws(() => receiveStandard({ secrets: [key] }), /got another text of \d+ characters$/, key);
    }
  });

  it("receiveStandard() says which header it misses", async () => {
    const reasons = {
      "webhook-id": "id_missing",
      "webhook-timestamp": "timestamp_missing",
      "webhook-signature": "signature_missing",
    };
    for (const [name, reason] of Object.entries(reasons)) {
      const { half, request } = setup();
      const verification = await half.verify({
        ...request,
        headers: { ...request.headers, [name]: undefined },
      });
      assert.deepEqual(verification, { kind: "refused", reason });
    }
  });

  it("receiveStandard() takes what the reference library and Svix's sign", async () => {
    const text = fc.string({ unit: "binary" });
    const anyId = fc.stringMatching(/^[A-Za-z0-9_]{1,40}$/);
    const anyKey = fc.uint8Array({ minLength: 24, maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(anyKey, anyId, text, async (key, id, payload) => {
        const secret = `whsec_${Buffer.from(key).toString("base64")}`;
        for (const Webhook of [ReferenceWebhook, SvixWebhook]) {
          const signature = new Webhook(secret).sign(id, new Date(vector.timestamp * 1_000), payload);
          assert.equal(await setup({ secret, id, payload, signature }).verify(), "ok");
        }
      }),
      { numRuns: 30 },
    );
  });

  it("standard.request() is taken by Svix's library as well", () => {
    const endpoint = sampleEndpoint({ secrets: [vector.secret] });
    const { payload, headers } = rendered(
      standard.request(endpoint, [sampleEvent()], sampleAttempt({ at: Date.now() })),
    );
    assert.doesNotThrow(() => new SvixWebhook(vector.secret).verify(Buffer.from(payload), { ...headers }));
    const stranger = new SvixWebhook(`whsec_${Buffer.alloc(24, 1).toString("base64")}`);
    assert.throws(() => stranger.verify(Buffer.from(payload), { ...headers }), /No matching signature/);
  });

  it("receiveStandard() takes a secret without its prefix, says of a bad one only its length", async () => {
    assert.equal(await setup({ secret: vector.secret.slice("whsec_".length) }).verify(), "ok");
    for (const secret of ["whsec_", "whsec_-_-_", "hunter2 is no base64"]) {
      assert.throws(() => receiveStandard({ secrets: [secret] }), /of \d+ characters$/, secret);
    }
    assert.throws(() => receiveStandard({ secrets: [] }), /needs at least one secret .* got none/);
    assert.throws(() => receiveStandard({ secrets: [undefined, ""] }), /got undefined, 0 characters/);
  });

  it("parse() gives id, type, time and data, and no time where there is none", () => {
    const parse = (payload: string) => {
      const { half, request } = setup({ payload });
      return half.parse(request);
    };
    assert.deepEqual(parse('{"type":"a","timestamp":"2026-01-02T03:04:05Z","data":null}'), {
      kind: "events",
      events: [
        { id: vector.id, type: "a", name: "a", occurredAt: new Date("2026-01-02T03:04:05Z"), data: null },
      ],
    });
    const [event] = Object(parse('{"type":"a","timestamp":"soon","data":1}')).events;
    assert.equal(event.occurredAt, undefined);
  });

  it("parse() answers 400 to what is no event, whatever it is", () => {
    const payloads = ["", "null", "[]", '{"type":7,"data":1}', '{"type":"a"}', "\ufeff{}", "{", '"\ud800"'];
    for (const payload of payloads) {
      const { half, request } = setup({ payload });
      const parsed = half.parse(request);
      assert.equal(parsed.kind === "answered" && parsed.answer.status, 400, payload);
    }
    const { half, request } = setup();
    const parsed = half.parse({ ...request, payload: Buffer.from([0x7b, 0xff, 0x7d]) });
    assert.equal(parsed.kind, "answered");
  });

  it("answer() is a success unless something is to be sent again", () => {
    const { half } = setup();
    const statuses = (["sent", "skipped", "invalid_data", "unsubscribed", "failure"] as const).map(
      (outcome) => half.answer([outcome]).status,
    );
    assert.deepEqual(statuses, [204, 204, 204, 204, 500]);
  });

  it("StandardEvent narrows by the sender's types", () => {
    interface Types {
      readonly "invoice.paid": { readonly amount: number };
      readonly "invoice.void": { readonly reason: string };
    }
    const said = (event: StandardEvent<Types>): string | number => {
      switch (event.type) {
        case "invoice.paid":
          return event.data.amount;
        case "invoice.void":
          return event.data.reason;
      }
    };
    const event = { id: "1", name: "invoice.paid", occurredAt: undefined, data: { amount: 7 } };
    assert.equal(said({ ...event, type: "invoice.paid" }), 7);
  });
});
