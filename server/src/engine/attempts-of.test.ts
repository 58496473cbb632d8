import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ANSWER_STORED_BYTES_MAX, ATTEMPT_DETAIL_MAX, LIVE } from "../model/delivery.ts";
import type { Sent } from "../outbound/sender.ts";
import { attemptsOf } from "./attempts-of.ts";

function attemptsAfter(answer: Sent["answer"], offsets: readonly number[] = [7]) {
  const outcome = {
    verdict: { kind: "retry", reason: "busy" },
    startedAt: 1000,
    endedAt: 1030,
    sent: { answer, phases: { endMs: 30 } },
    payloadHash: new Uint8Array(16),
    unrenderable: [],
  } as const;
  const item = { cursor: LIVE, offsets, requests: 2, used: 1, retry: undefined };
  return attemptsOf({ item, outcome }, 3);
}

function answerOf(body: Uint8Array): Sent["answer"] {
  return { kind: "status", status: 503, headers: {}, body, bodyState: "whole" };
}

describe("attemptsOf()", () => {
  test("attemptsOf() keeps what failed in words, at most so many, where there was no answer", () => {
    const detail = "The receiver's TLS certificate has expired (CERT_HAS_EXPIRED).";
    const [attempt] = attemptsAfter({ kind: "unreachable", code: "tls_certificate_expired", detail });
    assert.deepEqual([attempt?.detail, attempt?.status], [detail, undefined]);
    const [long] = attemptsAfter({ kind: "sender_failed", code: "proxy_failed", detail: "x".repeat(1000) });
    assert.equal(long?.detail?.length, ATTEMPT_DETAIL_MAX);
  });

  test("attemptsOf() keeps the beginning of an answer, and no words beside it", () => {
    const [attempt] = attemptsAfter(answerOf(new Uint8Array(2 * ANSWER_STORED_BYTES_MAX)));
    assert.deepEqual([attempt?.status, attempt?.detail, attempt?.number], [503, undefined, 3]);
    assert.equal(attempt?.answer?.length, ANSWER_STORED_BYTES_MAX);
  });

  test("attemptsOf() keeps a batch in full at its last member, at which the others point", () => {
    const [first, last] = attemptsAfter({ kind: "timed_out", code: "timeout_dns", detail: "No." }, [7, 9]);
    assert.deepEqual([first?.batch, first?.detail, first?.payloadHash], [9, undefined, undefined]);
    assert.deepEqual([last?.batch, last?.detail, last?.verdict], [undefined, "No.", "retry"]);
  });
});
