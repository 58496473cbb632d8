import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { standard } from "@posthorn/contracts/standard/send";
import fc from "fast-check";
import type { Hold } from "../model/delivery.ts";
import { RETRY_AFTER_MS_MAX } from "./limits.ts";
import { nextHold, retryDueAt } from "./schedule.ts";

const NOW = 1_767_225_600_000;
const schedule = { delaysMs: [1000, 60_000], jitter: 0.2 };
const backOff = { firstMs: 1000, maxMs: 300_000, jitter: 0 };
const half = () => 0.5;

function dueAt(used: number, afterMs?: number, fraction: () => number = half) {
  return retryDueAt(schedule, { used, now: NOW, afterMs, fraction });
}

function holdAfter(options: Partial<Parameters<typeof nextHold>[1]> = {}) {
  return nextHold(backOff, {
    hold: undefined,
    reason: "status_503",
    startedAt: NOW - 100,
    now: NOW,
    afterMs: undefined,
    requests: 0,
    fraction: half,
    ...options,
  });
}

describe("retryDueAt()", () => {
  test("retryDueAt() follows the schedule, and ends with it", () => {
    assert.equal(dueAt(0), NOW + 1000);
    assert.equal(dueAt(1), NOW + 60_000);
    assert.equal(dueAt(2), undefined);
  });

  test("retryDueAt() varies by the jitter and no more, in whole milliseconds", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (fraction) => {
        const at = dueAt(1, undefined, () => fraction) ?? Number.NaN;
        assert.ok(Number.isSafeInteger(at));
        assert.ok(at >= NOW + 48_000 && at <= NOW + 72_000);
      }),
    );
  });

  test("retryDueAt() is never sooner for a Retry-After, and at most a day later", () => {
    for (const afterMs of [0, -5, Number.NaN, 999]) {
      assert.equal(dueAt(0, afterMs), NOW + 1000, `after ${afterMs}`);
    }
    assert.equal(dueAt(0, 5000.4), NOW + 5000);
    for (const afterMs of [1e300, Infinity, RETRY_AFTER_MS_MAX + 1]) {
      assert.equal(dueAt(0, afterMs), NOW + RETRY_AFTER_MS_MAX, `after ${afterMs}`);
    }
  });

  test("retryDueAt() stays within its bounds for whatever stands in a Retry-After header", () => {
    const values = [
      "0",
      "1",
      "120",
      "86400",
      "999999999",
      "1e300",
      "Infinity",
      "NaN",
      "-5",
      "0x10",
      " 7 ",
      "1.5",
    ];
    const dates = ["Wed, 21 Oct 2099 07:28:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "9".repeat(400), ""];
    for (const value of [...values, ...dates]) {
      const headers = { "retry-after": value };
      const answer = {
        kind: "status",
        status: 500,
        headers,
        body: new Uint8Array(),
        bodyState: "whole",
      } as const;
      const verdict = standard.verdict(answer, NOW);
      assert.equal(verdict.kind, "retry");
      const at = dueAt(0, verdict.kind === "retry" ? verdict.afterMs : undefined) ?? Number.NaN;
      assert.ok(at >= NOW + 1000 && at <= NOW + RETRY_AFTER_MS_MAX, `Retry-After: ${value}`);
    }
  });
});

describe("nextHold()", () => {
  test("nextHold() doubles its wait with every round, up to the limit", () => {
    let hold: Hold | undefined;
    const waits: number[] = [];
    for (let round = 1; round <= 11; round += 1) {
      const now: number = hold?.until ?? NOW;
      hold = holdAfter({ hold, startedAt: now, now });
      waits.push(hold.until - now);
    }
    assert.deepEqual(waits.slice(0, 5), [1000, 2000, 4000, 8000, 16_000]);
    assert.deepEqual(waits.slice(-2), [300_000, 300_000]);
    assert.equal(hold?.since, NOW);
  });

  test("nextHold() keeps to whole numbers and its limit after any number of rounds", () => {
    const hold = { since: 0, until: 0, reason: "", rounds: 1_000_000, requests: 0 };
    assert.equal(holdAfter({ hold, startedAt: NOW }).until, NOW + 300_000);
  });

  test("nextHold() is prolonged, not doubled, by an answer to a request from before it", () => {
    const hold = holdAfter();
    const again = holdAfter({ hold, startedAt: NOW - 5, now: NOW + 10, requests: 3 });
    assert.deepEqual(again, { ...hold, requests: 3 });

    const longer = holdAfter({ hold, startedAt: NOW - 5, now: NOW + 10, afterMs: 60_000 });
    assert.equal(longer.until, NOW + 10 + 60_000);
    assert.equal(longer.rounds, 1);
  });

  test("nextHold() waits as long as the receiver asks, at most a day", () => {
    assert.equal(holdAfter({ afterMs: 7000 }).until, NOW + 7000);
    assert.equal(holdAfter({ afterMs: 1e300 }).until, NOW + RETRY_AFTER_MS_MAX);
    assert.equal(holdAfter({ afterMs: -1 }).until, NOW + 1000);
  });
});
