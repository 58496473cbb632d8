import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bytesOfBase64, bytesOfBase64Url, bytesOfHex, concatBytes, jsonOfBytes } from "./web-bytes.ts";

const plain = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : [...bytes]);

describe("the bytes of the receiving halves", () => {
  it("bytesOfBase64(), bytesOfBase64Url() and bytesOfHex() give back what Node encodes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const buffer = Buffer.from(bytes);
        assert.deepEqual(plain(bytesOfBase64(buffer.toString("base64"))), [...bytes]);
        assert.deepEqual(plain(bytesOfBase64Url(buffer.toString("base64url"))), [...bytes]);
        assert.deepEqual(plain(bytesOfHex(buffer.toString("hex"))), [...bytes]);
      }),
    );
  });

  it("bytesOfBase64() and its kin take no second spelling of the same bytes", () => {
    for (const text of ["YQ", "YR==", "YWJ=", "YW Jj", "YWJj\n", "-_-_", "YWJj=", "=", "é"]) {
      assert.equal(bytesOfBase64(text), undefined, text);
    }
    for (const text of ["YQ==", "YR", "YWJ", "+/+/", "YWJjZ"]) {
      assert.equal(bytesOfBase64Url(text), undefined, text);
    }
    for (const text of ["0", "0g", "AB", "0x", " 00"]) {
      assert.equal(bytesOfHex(text), undefined, text);
    }
  });

  it("concatBytes() joins texts as UTF-8 and bytes as they are", () => {
    assert.deepEqual(plain(concatBytes("é.", Uint8Array.of(0xff), "")), [0xc3, 0xa9, 0x2e, 0xff]);
  });

  it("jsonOfBytes() refuses bytes that are no UTF-8, a byte order mark, and no JSON", () => {
    const refused = [
      [],
      [0x22, 0xff, 0x22],
      [0xef, 0xbb, 0xbf, 0x31],
      [0x7b],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ];
    for (const bytes of refused) {
      assert.equal(jsonOfBytes(Uint8Array.from(bytes)), undefined);
    }
    assert.equal(jsonOfBytes(Uint8Array.of(0x31)), 1);
  });
});
