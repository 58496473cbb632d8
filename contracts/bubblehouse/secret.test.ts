import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keyOf } from "./secret.ts";

describe("keyOf()", () => {
  it("keyOf() decodes a secret from base64, unless the settings say that it is a text", () => {
    const key = Buffer.alloc(32, 7);
    const secret = key.toString("base64");
    assert.deepEqual(keyOf(secret, {}), key);
    assert.deepEqual(keyOf(secret, { secret_encoding: "base64" }), key);
    assert.deepEqual(keyOf(secret, { secret_encoding: "text" }), Buffer.from(secret));
  });

  it("keyOf() takes keys of 16 to 256 bytes, counted as the encoding has them", () => {
    assert.equal(keyOf(Buffer.alloc(15).toString("base64"), {}), undefined);
    assert.equal(keyOf("not base64, at all", {}), undefined);
    const text = { secret_encoding: "text" };
    assert.equal(keyOf("fifteen letters", text), undefined);
    assert.equal(keyOf("sixteen letters!", text)?.length, 16);
    assert.equal(keyOf("é".repeat(128), text)?.length, 256);
    assert.equal(keyOf("é".repeat(129), text), undefined);
  });
});
