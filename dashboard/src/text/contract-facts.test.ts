import assert from "node:assert/strict";
import { test } from "node:test";
import { holdText, retryText } from "./contract-facts.ts";

const DEFAULTS = {
  timeout_ms: 1,
  max_in_flight: 1,
  retry: { delays_ms: [1000, 1000, 60_000], jitter: 0 },
  hold: { first_ms: 1000, max_ms: 300_000, jitter: 0.2 },
  batch: null,
  disable_after_ms: null,
};

test("retryText() says how many, within what, and the first of them", () => {
  assert.equal(retryText(DEFAULTS), "3 retries within 1 m 2 s: after 1 s, 1 s, 1 m");
  const many = { ...DEFAULTS, retry: { delays_ms: Array.from({ length: 8 }, () => 500), jitter: 0.2 } };
  assert.equal(
    retryText(many),
    "8 retries within 4 s: after 500 ms, 500 ms, 500 ms, 500 ms, 500 ms, 500 ms, …, ± 20 %",
  );
  assert.match(retryText({ ...DEFAULTS, retry: { delays_ms: [], jitter: 0 } }), /holds the lane/);
});

test("holdText() says where a hold begins and ends", () => {
  assert.equal(holdText(DEFAULTS), "1 s, doubling to 5 m, ± 20 %");
});
