import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseNetwork } from "./network.ts";

describe("parseNetwork()", () => {
  const REFUSED: readonly (readonly [string, RegExp])[] = [
    ["", /an address and a prefix/],
    ["localhost/8", /an address and a prefix/],
    ["10/8", /an address and a prefix/],
    ["0x0a.0.0.0/8", /an address and a prefix/],
    ["fe80::1%eth0/64", /an address and a prefix/],
    ["127.0.0.1", /write "127.0.0.1\/32"/],
    ["::1", /write "::1\/128"/],
    ["10.0.0.0/33", /from 0 to 32/],
    ["10.0.0.0/", /from 0 to 32/],
    ["10.0.0.0/08", /from 0 to 32/],
    ["10.0.0.0/-1", /from 0 to 32/],
    ["10.0.0.0/8/9", /from 0 to 32/],
    ["::/129", /from 0 to 128/],
    ["10.0.0.5/8", /write "10.0.0.0\/8" or "10.0.0.5\/32"/],
    ["fd00::5/8", /write "fd00::\/8" or "fd00::5\/128"/],
  ];

  for (const [text, message] of REFUSED) {
    it(`refuses ${JSON.stringify(text)} and says what is wrong`, () => {
      assert.throws(() => parseNetwork(text), message);
    });
  }

  it("reads both families", () => {
    assert.equal(parseNetwork("10.0.0.0/8")[1], 8);
    assert.equal(parseNetwork("::1/128")[1], 128);
  });
});
