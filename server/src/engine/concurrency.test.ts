import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Verdict } from "@posthorn/contracts/contract.ts";
import fc from "fast-check";
import type { Sent } from "../outbound/sender.ts";
import type { Outcome } from "./attempt.ts";
import { slotsAfter } from "./concurrency.ts";

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

describe("slotsAfter()", () => {
  test("slotsAfter() halves for what took too long or was too much, down to one request", () => {
    for (const outcome of TOO_MUCH) {
      assert.deepEqual(
        [16, 3, 1].map((slots) => slotsAfter(slots, 16, outcome)),
        [8, 1.5, 1],
      );
    }
  });

  test("slotsAfter() stays as it is for failures of any other kind", () => {
    for (const outcome of OTHERS) {
      assert.equal(slotsAfter(4, 16, outcome), 4);
    }
  });

  test("slotsAfter() adds one request for about as many as are in flight, up to the limit", () => {
    let slots = 4;
    for (let count = 0; count < 5; count += 1) {
      slots = slotsAfter(slots, 16, DELIVERED);
    }
    assert.equal(Math.floor(slots), 5);
    assert.equal(slotsAfter(15.99, 16, DELIVERED), 16);
  });

  test("slotsAfter() begins with the limit, and follows it down", () => {
    assert.equal(slotsAfter(Number.POSITIVE_INFINITY, 10, TIMED_OUT), 5);
    assert.equal(slotsAfter(10, 4, REFUSED), 4);
  });

  test("slotsAfter() stays between one and the limit, whatever comes", () => {
    const outcomes = fc.array(fc.constantFrom(DELIVERED, ...TOO_MUCH, ...OTHERS), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), outcomes, (max, all) => {
        let slots = Number.POSITIVE_INFINITY;
        for (const outcome of all) {
          slots = slotsAfter(slots, max, outcome);
          assert.ok(slots >= 1 && slots <= max, `${slots} of ${max}`);
        }
      }),
    );
  });
});
