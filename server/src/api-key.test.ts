import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isMistypedApiKey, makeApiKey, makeApiKeyId } from "./api-key.ts";
import { systemRandom } from "./random.ts";

const randomOf = (byte: number) => ({
  fraction: () => 0,
  bytes: (count: number) => new Uint8Array(count).fill(byte),
});

describe("makeApiKey()", () => {
  test("gives prefix, 256 bits and checksum in one word of fixed length", () => {
    for (const random of [randomOf(0), randomOf(255), systemRandom]) {
      assert.match(makeApiKey(random), /^phk_[0-9A-Za-z]{49}$/);
    }
    // CRC-32 of 43 zeros is 0x7849568f.
    assert.equal(makeApiKey(randomOf(0)), `phk_${"0".repeat(43)}2CZclj`);
    assert.equal(makeApiKey(randomOf(255)).charAt(4), "y");
  });

  test("loses none of the random bits", () => {
    const keys = new Set(Array.from({ length: 256 }, (_, byte) => makeApiKey(randomOf(byte))));
    assert.equal(keys.size, 256);
    assert.match(makeApiKeyId(systemRandom), /^key_[A-Za-z0-9_-]{16}$/);
  });
});

describe("isMistypedApiKey()", () => {
  test("is false for keys that were made, also before they had a checksum", () => {
    const earlier = `phk_${Buffer.from(systemRandom.bytes(32)).toString("base64url")}`;
    for (const key of [makeApiKey(systemRandom), makeApiKey(randomOf(0)), earlier]) {
      assert.equal(isMistypedApiKey(key), false);
    }
  });

  test("is true for every key with one character changed, left out, doubled or swapped", () => {
    const key = makeApiKey(systemRandom);
    for (let at = "phk_".length; at < key.length; at += 1) {
      const [before, character = "", after] = [key.slice(0, at), key.at(at), key.slice(at + 1)];
      const other = character === "a" ? "b" : "a";
      const typos = [before + other + after, before + after, before + character + character + after];
      const next = after.charAt(0);
      if (next !== "" && next !== character) {
        typos.push(before + next + character + after.slice(1));
      }
      for (const typo of typos) {
        assert.equal(isMistypedApiKey(typo), true, `changed at ${at}`);
      }
    }
  });

  test("is false for what is no key of ours at all", () => {
    for (const text of ["", "phk", "an admin key of thirty-two bytes", `PHK_${"0".repeat(49)}`]) {
      assert.equal(isMistypedApiKey(text), false);
    }
  });
});
