import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { systemRandom } from "./random.ts";
import { createSeal, keyIdOf, secretContext } from "./seal.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

function setup() {
  const key = Uint8Array.from({ length: 32 }, (_, index) => index);
  const seal = createSeal({ key, random: systemRandom });
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

  test("unseal() refuses an envelope of another key, and names both", () => {
    const { seal, context } = setup();
    const other = createSeal({ key: new Uint8Array(32), random: systemRandom });
    const names = new RegExp(`master key ${seal.keyId}, only ${other.keyId} known`);
    assert.throws(() => other.unseal(seal.seal(SECRET, context), context), names);
    assert.equal(other.knows(seal.keyId), false);
  });

  test("unseal() opens what an older key sealed, and seal() uses the newer one", () => {
    const { key, seal, context } = setup();
    const newer = createSeal({ key: new Uint8Array(32), olderKeys: [key], random: systemRandom });
    const old = seal.seal(SECRET, context);

    assert.equal(newer.unseal(old, context), SECRET);
    assert.equal(keyIdOf(old), seal.keyId);
    assert.equal(keyIdOf(newer.seal(SECRET, context)), newer.keyId);
    assert.notEqual(newer.keyId, seal.keyId);
    assert.deepEqual(
      [newer.knows(seal.keyId), newer.knows(newer.keyId), newer.knows("")],
      [true, true, false],
    );
  });

  test("unseal() takes no older key's word for another's envelope", () => {
    const { key, seal, context } = setup();
    const newer = createSeal({ key: new Uint8Array(32), olderKeys: [key], random: systemRandom });
    const mixed = Buffer.from(seal.seal(SECRET, context));
    mixed.set(Buffer.from(newer.keyId, "latin1"), 2);

    assert.throws(() => newer.unseal(mixed, context), /changed/);
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

  test("createSeal() refuses a key of another length, an older one too", () => {
    const { key } = setup();
    const short = key.subarray(1);
    assert.throws(() => createSeal({ key: short, random: systemRandom }), /32 bytes, got 31/);
    const olderKeys = [short];
    assert.throws(() => createSeal({ key, olderKeys, random: systemRandom }), /32 bytes, got 31/);
  });
});
