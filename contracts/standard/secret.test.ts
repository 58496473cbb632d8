import assert from "node:assert/strict";
import { createPublicKey, verify, webcrypto } from "node:crypto";
import { describe, it } from "node:test";
import { calculateJwkThumbprint, importJWK } from "jose";
import { jwkOf, makeSecretOf, publicKeyOf, schemeOf, signatureOf } from "./secret.ts";
import { goVector, sharedVector, svixVector, vectorMessage } from "./vectors.ts";

const { id, timestamp, payload } = vectorMessage;
const head = `${id}.${timestamp}.`;

// RFC 8037, appendix A: the key pair of its examples, and its thumbprint.
const rfcPrivateKey = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const rfcPublicKey = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const rfcThumbprint = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

const standardBase64 = (text: string) => Buffer.from(text, "base64url").toString("base64");

describe("signatureOf()", () => {
  it("signatureOf() signs as the published vectors do, by the secret's prefix", () => {
    const signed = (secret: string) => signatureOf(secret, head, Buffer.from(payload));
    assert.equal(signed(sharedVector.secret), sharedVector.signature);
    assert.equal(signed(goVector.privateKey), goVector.signature);
    assert.equal(signed(svixVector.privateKey), svixVector.signature);
  });

  it("signatureOf() needs no more of a key pair than its private key", () => {
    const pair = Buffer.from(svixVector.privateKey.slice("whsk_".length), "base64");
    const alone = `whsk_${pair.subarray(0, 32).toString("base64")}`;
    assert.equal(signatureOf(alone, head, Buffer.from(payload)), svixVector.signature);
  });

  it("signatureOf() signs the bytes themselves, even where they are no text (invariant 6)", () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    const [, signature = ""] = signatureOf(goVector.privateKey, "a.1.", bytes).split(",");
    const key = createPublicKey({
      key: { ...jwkOf(publicKeyOf(goVector.privateKey) ?? "") },
      format: "jwk",
    });
    const isOf = (signed: Buffer) => verify(null, signed, key, Buffer.from(signature, "base64"));
    assert.equal(isOf(Buffer.concat([Buffer.from("a.1."), bytes])), true);
    assert.equal(isOf(Buffer.concat([Buffer.from("a.1."), Buffer.from(bytes.toString())])), false);
  });
});

describe("publicKeyOf()", () => {
  it("publicKeyOf() derives the public keys that others published, and none of a shared secret", () => {
    assert.equal(publicKeyOf(svixVector.privateKey), svixVector.publicKey);
    assert.equal(
      publicKeyOf(`whsk_${standardBase64(rfcPrivateKey)}`),
      `whpk_${standardBase64(rfcPublicKey)}`,
    );
    assert.equal(publicKeyOf(sharedVector.secret), undefined);
  });
});

describe("jwkOf()", () => {
  it("jwkOf() is the RFC's example, with nothing private in it", async () => {
    const jwk = jwkOf(`whpk_${standardBase64(rfcPublicKey)}`);
    const required = { kty: "OKP", crv: "Ed25519", x: rfcPublicKey };
    assert.deepEqual(jwk, { ...required, kid: rfcThumbprint, alg: "EdDSA", use: "sig" });
    assert.equal(await calculateJwkThumbprint(required), rfcThumbprint);
  });

  it("jwkOf() is a key that jose imports, and WebCrypto verifies with", async () => {
    const key = await importJWK({ ...jwkOf(svixVector.publicKey) });
    const [, signature = ""] = svixVector.signature.split(",");
    assert.ok(!(key instanceof Uint8Array));
    const isRight = await webcrypto.subtle.verify(
      "Ed25519",
      key,
      Buffer.from(signature, "base64"),
      Buffer.from(head + payload),
    );
    assert.equal(isRight, true);
  });
});

describe("schemeOf()", () => {
  it("schemeOf() knows what is made, and the keys that others publish", () => {
    const random = (count: number) => Buffer.alloc(count, 7);
    assert.equal(schemeOf(makeSecretOf("v1", random)), "v1");
    assert.equal(schemeOf(makeSecretOf("v1a", random)), "v1a");
    assert.equal(schemeOf(goVector.privateKey), "v1a");
    assert.equal(schemeOf(svixVector.privateKey), "v1a");
  });

  it("schemeOf() refuses what is no secret", () => {
    const pair = Buffer.from(svixVector.privateKey.slice("whsk_".length), "base64");
    const written = (bytes: Uint8Array) => `whsk_${Buffer.from(bytes).toString("base64")}`;
    const wrong = {
      empty: "whsk_",
      "a public key": svixVector.publicKey,
      "a private key that is too short": written(pair.subarray(0, 31)),
      "a pair that is cut": written(pair.subarray(0, 63)),
      "a pair with more behind it": written(Buffer.concat([pair, pair])),
      "another's public key behind it": written(Buffer.concat([pair.subarray(0, 32), Buffer.alloc(32, 1)])),
      "no standard base64": `whsk_${pair.subarray(0, 32).toString("base64url")}`,
      "in capitals": goVector.privateKey.replace("whsk_", "WHSK_"),
      "no prefix": goVector.privateKey.slice("whsk_".length),
    };
    for (const [why, secret] of Object.entries(wrong)) {
      assert.equal(schemeOf(secret), undefined, why);
    }
  });
});
