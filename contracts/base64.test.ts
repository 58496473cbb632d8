import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeBase64 } from "./base64.ts";

describe("decodeBase64()", () => {
  it("decodeBase64() gives back the bytes that were encoded", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        assert.deepEqual(decodeBase64(Buffer.from(bytes).toString("base64")), Buffer.from(bytes));
      }),
    );
  });

  it("decodeBase64() refuses text that some receiver would decode otherwise", () => {
    const refused = {
      "URL-safe alphabet": "-_-_",
      "missing padding": "YQ",
      "padding in excess": "YWJj=",
      "bits left over": "YR==",
      "a space": "YW Jj",
      "a line break": "YWJj\n",
      "no base64 at all": "é!",
    };
    for (const [why, text] of Object.entries(refused)) {
      assert.equal(decodeBase64(text), undefined, why);
    }
  });
});
