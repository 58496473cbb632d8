import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { sampleAttempt, sampleEndpoint } from "../samples.ts";
import { signatureHeaders } from "./signature.ts";

const secret = "5f".repeat(32);
const payload = Buffer.from('{"results":[]}');
const attempt = sampleAttempt({ at: 1_752_824_000_999 });

function setup(given: { settings?: Record<string, unknown>; secrets?: string[] } = {}) {
  const { settings = {}, secrets = [secret] } = given;
  return signatureHeaders(sampleEndpoint({ secrets, settings }), payload, attempt);
}

describe("signatureHeaders()", () => {
  it("signatureHeaders() signs each of the strings that can be set, timestamp.body by default", () => {
    const hmac = (signed: string) => createHmac("sha256", secret).update(signed).digest("hex");
    const strings = {
      "timestamp.body": '1752824000.{"results":[]}',
      timestampbody: '1752824000{"results":[]}',
      body: '{"results":[]}',
    };
    for (const [signed_string, signed] of Object.entries(strings)) {
      assert.equal(setup({ settings: { signed_string } })["x-signature"], hmac(signed), signed_string);
    }
    assert.equal(setup()["x-signature"], hmac(strings["timestamp.body"]));
  });

  it("signatureHeaders() signs the bytes themselves, even where they are no text (invariant 6)", () => {
    const bytes = Buffer.from([0x22, 0xff, 0x22]);
    const settings = { signed_string: "body" };
    const headers = signatureHeaders(sampleEndpoint({ secrets: [secret], settings }), bytes, attempt);
    assert.equal(headers["x-signature"], createHmac("sha256", secret).update(bytes).digest("hex"));
  });

  it("signatureHeaders() names the algorithm, the attempt's second and the secret", () => {
    const { "x-signature": signature, ...others } = setup({ settings: { key_id: "key-2026" } });
    assert.match(signature ?? "", /^[0-9a-f]{64}$/);
    assert.deepEqual(others, {
      "x-signature-alg": "sha256",
      "x-signature-timestamp": "1752824000",
      "x-signature-key-id": "key-2026",
    });
  });

  it("signatureHeaders() tells secrets apart by a derived key id, and signs with the newest", () => {
    const rotated = setup({ secrets: ["fresh-secret-of-spektr", secret] });
    assert.match(rotated["x-signature-key-id"] ?? "", /^[0-9a-f]{8}$/);
    assert.notEqual(rotated["x-signature-key-id"], setup()["x-signature-key-id"]);
    assert.deepEqual(rotated, setup({ secrets: ["fresh-secret-of-spektr"] }));
  });

  it("signatureHeaders() gives none without a secret, unless the endpoint was to be signed", () => {
    assert.deepEqual(setup({ secrets: [] }), {});
    assert.throws(() => setup({ secrets: [], settings: { hmac: true } }), /needs a live secret/);
  });
});
