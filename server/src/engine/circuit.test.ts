import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Verdict } from "@posthorn/contracts/contract";
import type { Sent } from "../outbound/sender.ts";
import type { Outcome } from "./attempt.ts";
import { runAfter } from "./circuit.ts";
import { endpointOf } from "./engine-fixture.ts";
import { type FailureRun, isReceiverFailing } from "./failure-run.ts";
import { CIRCUIT_FAILING_MS_MIN, CIRCUIT_FAILURES_MIN } from "./limits.ts";

const FAILED: Verdict = { kind: "retry", reason: "status_500" };
const UNREACHABLE = { kind: "unreachable", code: "connection_refused", detail: "" } as const;
const UNSENDABLE = { kind: "unsendable", code: "request_invalid", detail: "" } as const;
const OURS = { kind: "sender_failed", code: "sender_exhausted", detail: "" } as const;

function outcomeOf(
  verdict: Verdict,
  endedAt: number,
  answer: Sent["answer"] | undefined = UNREACHABLE,
): Outcome {
  const sent = answer && { answer, phases: { endMs: 1 } };
  return { verdict, startedAt: endedAt - 1, endedAt, sent, payloadHash: undefined, unrenderable: [] };
}

function unrendered(endedAt: number): Outcome {
  return { ...outcomeOf({ kind: "rejected", reason: "too_long" }, endedAt), sent: undefined };
}

/** The run after these failures, each of a delivery at a time. */
function runOf(failures: readonly (readonly [offset: number, at: number])[], updatedAt = 0) {
  const endpoint = { ...endpointOf(), updatedAt };
  return failures.reduce<FailureRun | undefined>(
    (run, [offset, at]) => runAfter(run, { endpoint, offset, outcome: outcomeOf(FAILED, at) }),
    undefined,
  );
}

const START = 1000;
const LAST = START + CIRCUIT_FAILING_MS_MIN;
const FIVE = Array.from({ length: CIRCUIT_FAILURES_MIN }, (_, index) => index + 1);

describe("isReceiverFailing()", () => {
  test("isReceiverFailing() takes enough different deliveries, over enough time", () => {
    const run = runOf(FIVE.map((offset) => [offset, START]));
    assert.equal(isReceiverFailing(run, LAST), true);
    assert.equal(isReceiverFailing(run, LAST - 1), false);
    assert.equal(isReceiverFailing(runOf(FIVE.slice(1).map((offset) => [offset, START])), LAST), false);
    assert.equal(isReceiverFailing(undefined, LAST), false);
  });

  test("isReceiverFailing() says no to one delivery that fails again and again", () => {
    assert.equal(isReceiverFailing(runOf(FIVE.map((at) => [7, at])), LAST + 5), false);
  });

  test("isReceiverFailing() begins anew where the endpoint was changed since", () => {
    const failures = [1, 2, 3, 4, 5, 6].map((offset) => [offset, START + offset] as const);
    assert.equal(isReceiverFailing(runOf(failures, START + 1), LAST + 1), false);
    assert.equal(isReceiverFailing(runOf(failures, START), LAST + 1), true);
  });
});

describe("runAfter()", () => {
  const run = runOf([[1, START]]);
  const after = (outcome: Outcome) => runAfter(run, { endpoint: endpointOf(), offset: 2, outcome });

  test("runAfter() ends with what got through, or was refused by a receiver that is there", () => {
    for (const verdict of [
      { kind: "delivered" },
      { kind: "rejected", reason: "status_422" },
      { kind: "disable", reason: "status_410" },
    ] as const) {
      assert.equal(after(outcomeOf(verdict, LAST)), undefined, verdict.kind);
    }
  });

  test("runAfter() stays as it was after what says nothing about the receiver, or is held anyway", () => {
    for (const outcome of [
      outcomeOf({ kind: "hold", reason: "status_429" }, LAST),
      outcomeOf({ kind: "hold", reason: "sender_exhausted" }, LAST, OURS),
      outcomeOf({ kind: "rejected", reason: "request_invalid" }, LAST, UNSENDABLE),
      unrendered(LAST),
    ]) {
      assert.equal(after(outcome), run);
    }
  });

  test("runAfter() keeps no more deliveries than are needed", () => {
    const many = runOf(Array.from({ length: 100 }, (_, index) => [index, START]));
    assert.equal(many?.offsets.length, CIRCUIT_FAILURES_MIN);
  });
});
