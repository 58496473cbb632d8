import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { systemRandom } from "./random.ts";
import { createSeal, masterKeyId, secretContext } from "./seal.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

function setup() {
  const key = Uint8Array.from({ length: 32 }, (_, index) => index);
  const seal = createSeal({ key, keyId: masterKeyId(key), random: systemRandom });
  return { key, seal, context: secretContext(1, 2) };
}

describe("createSeal()", () => {
  test("unseal() gives back what seal() was given", () => {
    const { seal, context } = setup();
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        assert.equal(seal.unseal(seal.seal(text, context), context), text);
      }),
    );
  });

  test("seal() never gives the same envelope twice, nor the secret in it", () => {
    const { seal, context } = setup();
    const one = Buffer.from(seal.seal(SECRET, context));
    assert.equal(one.equals(seal.seal(SECRET, context)), false);
    assert.equal(one.includes(SECRET.slice(6, 14)), false);
  });

  test("unseal() refuses an envelope with any one bit changed", () => {
    const { seal, context } = setup();
    const sealed = seal.seal("secret", context);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.throws(() => seal.unseal(changed, context), Error, `bit ${bit}`);
    }
  });

  test("unseal() refuses an envelope that was cut anywhere", () => {
    const { seal, context } = setup();
    const sealed = seal.seal("secret", context);
    for (let length = 0; length < sealed.length; length += 1) {
      assert.throws(() => seal.unseal(sealed.subarray(0, length), context), Error, `${length} bytes`);
    }
  });

  test("unseal() refuses an envelope of another tenant or endpoint", () => {
    const { seal, context } = setup();
    const sealed = seal.seal(SECRET, context);
    for (const other of [secretContext(1, 3), secretContext(2, 2), secretContext(12, 2), ""]) {
      assert.throws(() => seal.unseal(sealed, other), /another place/);
    }
  });

  test("unseal() refuses an envelope of another key, and names the key it has", () => {
    const { seal, context } = setup();
    const key = new Uint8Array(32);
    const other = createSeal({ key, keyId: masterKeyId(key), random: systemRandom });
    assert.throws(() => other.unseal(seal.seal(SECRET, context), context), new RegExp(masterKeyId(key)));
    const sameId = createSeal({ key, keyId: masterKeyId(setup().key), random: systemRandom });
    assert.throws(() => sameId.unseal(seal.seal(SECRET, context), context), /changed/);
  });

  test("unseal() repeats nothing of the secret in its errors", () => {
    const { seal, context } = setup();
    const sealed = seal.seal(SECRET, context);
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    assert.throws(
      () => seal.unseal(sealed, context),
      (error) =>
        error instanceof Error && !error.message.includes(SECRET.slice(6, 12)) && error.cause === undefined,
    );
  });

  test("createSeal() refuses a key or key id of another length", () => {
    const { key } = setup();
    assert.throws(
      () => createSeal({ key: key.subarray(1), keyId: "a", random: systemRandom }),
      /32 bytes, got 31/,
    );
    assert.throws(() => createSeal({ key, keyId: "", random: systemRandom }), /key id/);
    assert.throws(() => createSeal({ key, keyId: "x".repeat(33), random: systemRandom }), /key id/);
  });
});
