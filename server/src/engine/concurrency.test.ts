import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Verdict } from "@posthorn/contracts/contract";
import fc from "fast-check";
import type { Sent } from "../outbound/sender.ts";
import type { Outcome } from "./attempt.ts";
import { type Concurrency, concurrencyAfter, FIRST_CONCURRENCY, isSlow } from "./concurrency.ts";

const FAILED: Verdict = { kind: "retry", reason: "failed" };

function statusOf(status: number): Sent["answer"] {
  return { kind: "status", status, headers: {}, body: new Uint8Array(), bodyState: "whole" };
}

function outcomeOf(answer: Sent["answer"], verdict: Verdict = FAILED): Outcome {
  const sent = { answer, phases: { endMs: 1 } };
  return { verdict, startedAt: 0, endedAt: 1, sent, payloadHash: undefined, unrenderable: [] };
}

const DELIVERED = outcomeOf(statusOf(200), { kind: "delivered" });
const TIMED_OUT = outcomeOf({ kind: "timed_out", code: "timeout_headers", detail: "" });
const REFUSED = outcomeOf({ kind: "unreachable", code: "connection_refused", detail: "" });
const FAULT_OF_OURS = outcomeOf({ kind: "sender_failed", code: "sender_exhausted", detail: "" });
const TOO_MUCH = [TIMED_OUT, outcomeOf(statusOf(429)), outcomeOf(statusOf(503))];
const OTHERS = [REFUSED, FAULT_OF_OURS, outcomeOf(statusOf(500)), { ...TIMED_OUT, sent: undefined }];

const WARY: Pick<Concurrency, "isOpening"> = { isOpening: false };

describe("concurrencyAfter()", () => {
  test("concurrencyAfter() halves for what took too long or was too much, down to one request", () => {
    for (const outcome of TOO_MUCH) {
      assert.deepEqual(
        [16, 3, 1].map((slots) => concurrencyAfter({ slots, isOpening: true }, 16, outcome)),
        [8, 1.5, 1].map((slots) => ({ slots, ...WARY })),
      );
    }
  });

  test("concurrencyAfter() stays as it is for failures of any other kind", () => {
    for (const outcome of OTHERS) {
      assert.deepEqual(concurrencyAfter({ slots: 4, ...WARY }, 16, outcome), { slots: 4, ...WARY });
    }
  });

  test("concurrencyAfter() opens by one request for each that gets through, until one was too much", () => {
    let concurrency = FIRST_CONCURRENCY;
    for (let count = 0; count < 20; count += 1) {
      concurrency = concurrencyAfter(concurrency, 10, DELIVERED);
    }
    assert.deepEqual(concurrency, { slots: 10, isOpening: true });
    assert.deepEqual(concurrencyAfter(concurrency, 10, TIMED_OUT), { slots: 5, ...WARY });
  });

  test("concurrencyAfter() then adds one for about as many as are in flight, up to the limit", () => {
    let concurrency: Concurrency = { slots: 4, ...WARY };
    for (let count = 0; count < 5; count += 1) {
      concurrency = concurrencyAfter(concurrency, 16, DELIVERED);
    }
    assert.equal(Math.floor(concurrency.slots), 5);
    assert.equal(concurrencyAfter({ slots: 15.99, ...WARY }, 16, DELIVERED).slots, 16);
  });

  test("concurrencyAfter() follows the limit down", () => {
    assert.equal(concurrencyAfter({ slots: 10, ...WARY }, 4, REFUSED).slots, 4);
  });

  test("concurrencyAfter() stays between one and the limit, whatever comes", () => {
    const outcomes = fc.array(fc.constantFrom(DELIVERED, ...TOO_MUCH, ...OTHERS), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), outcomes, (max, all) => {
        let concurrency = FIRST_CONCURRENCY;
        for (const outcome of all) {
          concurrency = concurrencyAfter(concurrency, max, outcome);
          const { slots } = concurrency;
          assert.ok(slots >= 1 && slots <= max, `${slots} of ${max}`);
        }
      }),
    );
  });
});

describe("isSlow()", () => {
  test("isSlow() is about what took more than two seconds, whatever it came to", () => {
    assert.deepEqual(
      [2000, 2001].map((endedAt) => isSlow({ startedAt: 0, endedAt })),
      [false, true],
    );
  });
});
