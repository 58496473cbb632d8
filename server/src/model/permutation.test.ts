import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createPermutation } from "./permutation.ts";

const VECTOR_KEY = Uint8Array.from([0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]);

test("permute() gives the published vector of Speck64/128", () => {
  const { permute } = createPermutation(VECTOR_KEY);

  assert.deepEqual(permute({ high: 0x3b726574, low: 0x7475432d }), { high: 0x8c6fa548, low: 0x454e028b });
});

test("restore() undoes permute() for every block and key", () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), word, word, (key, high, low) => {
      const { permute, restore } = createPermutation(key);
      assert.deepEqual(restore(permute({ high, low })), { high, low });
    }),
  );
});

test("createPermutation() refuses a key of another length", () => {
  assert.throws(() => createPermutation(new Uint8Array(8)), /16 bytes, got 8/);
});
