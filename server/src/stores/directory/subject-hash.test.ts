import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSubjectHash } from "./subject-hash.ts";

const KEY = new Uint8Array(16).fill(3);

describe("createSubjectHash()", () => {
  test("hashes to 24 bits, never to 0", () => {
    const hash = createSubjectHash(KEY);
    const hashes = Array.from({ length: 5000 }, (_, index) => hash(`customer ${index}`));

    assert.ok(hashes.every((each) => Number.isInteger(each) && each > 0 && each < 2 ** 24));
    // Of 5,000 in 16.8 million fewer than one pair is expected to meet.
    assert.ok(new Set(hashes).size > 4990);
  });

  test("gives another hash for every byte, and for every length", () => {
    const hash = createSubjectHash(KEY);
    const texts = ["", "\0", "\0\0", "a", "b", "12345678", "12345678\0", "123456789", "é", "e\u0301"];

    assert.equal(new Set(texts.map(hash)).size, texts.length);
  });

  test("depends on the installation's key, all of it", () => {
    const other = KEY.with(15, 4);

    assert.equal(createSubjectHash(KEY)("anna"), createSubjectHash(KEY)("anna"));
    assert.notEqual(createSubjectHash(KEY)("anna"), createSubjectHash(other)("anna"));
  });

  test("takes what is no text as it is stored", () => {
    const hash = createSubjectHash(KEY);
    assert.equal(hash("a\ud800"), hash("a\ud800".toWellFormed()));
  });
});
