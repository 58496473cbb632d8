import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { headersOf } from "./attempt-headers.ts";

describe("headersOf()", () => {
  test("headersOf() keeps a customer's own headers, but none that the contract sets in any spelling", () => {
    const own = { "x-SECRET": "forged", "x-secret": "forged", "X-Mine": "1" };
    assert.deepEqual(headersOf(own, { "X-Secret": "true one" }), { "X-Mine": "1", "X-Secret": "true one" });
    assert.deepEqual(headersOf({}, { "X-Secret": "true one" }), { "X-Secret": "true one" });
    assert.deepEqual(headersOf({ "X-Mine": "1" }, {}), { "X-Mine": "1" });
  });
});
