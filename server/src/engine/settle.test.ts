import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Discipline, Verdict } from "@posthorn/contracts/contract";
import fc from "fast-check";
import { FAILING_SEEN_MS_MIN } from "./limits.ts";
import { type Settling, settle } from "./settle.ts";

const NOW = 1_767_225_600_000;
const DISCIPLINES: readonly Discipline[] = ["each", "batched", "ordered"];

function settling(verdict: Verdict, options: Partial<Settling> = {}): Settling {
  return {
    verdict,
    discipline: "each",
    retry: { delaysMs: [1000, 2000], jitter: 0 },
    holdBackOff: { firstMs: 500, maxMs: 8000, jitter: 0 },
    hold: undefined,
    headRequests: 0,
    used: 0,
    startedAt: NOW - 10,
    now: NOW,
    fraction: () => 0.5,
    failing: undefined,
    disableAfterMs: undefined,
    isReceiverFailing: false,
    ...options,
  };
}

/** An endpoint that has failed for so long, and that this owner has seen fail. */
function failingFor(ms: number, seenMs = ms): Settling["failing"] {
  return { since: NOW - ms, seen: { at: NOW - seenMs, elapsed: 0 } };
}

describe("settle()", () => {
  test("settle() ends what was delivered or rejected, in every discipline", () => {
    for (const discipline of DISCIPLINES) {
      assert.deepEqual(settle(settling({ kind: "delivered" }, { discipline })), { kind: "final" });
      assert.deepEqual(settle(settling({ kind: "rejected", reason: "status_422" }, { discipline })), {
        kind: "final",
      });
    }
  });

  test("settle() retries on schedule, and gives up when it is used up", () => {
    const verdict = { kind: "retry", reason: "status_500" } as const;
    for (const discipline of ["each", "batched"] as const) {
      const retried = (used: number) => settle(settling(verdict, { discipline, used }));
      const rest = { reason: "status_500", circuit: undefined };
      assert.deepEqual(retried(0), { kind: "retry", dueAt: NOW + 1000, used: 1, ...rest });
      assert.deepEqual(retried(1), { kind: "retry", dueAt: NOW + 2000, used: 2, ...rest });
      assert.deepEqual(retried(2), { kind: "dead", ...rest });
    }
  });

  test("settle() holds an ordered lane where others would retry, and never gives up", () => {
    const verdict = { kind: "retry", reason: "timeout_headers" } as const;
    const settlement = settle(settling(verdict, { discipline: "ordered", used: 99, headRequests: 4 }));
    assert.deepEqual(settlement, {
      kind: "hold",
      hold: { since: NOW, until: NOW + 500, reason: "timeout_headers", rounds: 1, requests: 4 },
    });
  });

  test("settle() retries on schedule and holds the lane, of each only, where the receiver fails", () => {
    const verdict = { kind: "retry", reason: "status_500", afterMs: 700 } as const;
    const settled = (used: number, discipline: Discipline = "each") =>
      settle(settling(verdict, { discipline, used, isReceiverFailing: true }));
    const reason = "circuit_open_status_500";
    const circuit = { since: NOW, until: NOW + 700, reason, rounds: 1, requests: 0 };
    assert.deepEqual(settled(0), {
      kind: "retry",
      dueAt: NOW + 1000,
      used: 1,
      reason: "status_500",
      circuit,
    });
    assert.deepEqual(settled(2), { kind: "dead", reason: "status_500", circuit });
    const batched = settled(0, "batched");
    assert.equal(batched.kind === "retry" && batched.circuit, undefined);
    const ordered = settled(0, "ordered");
    assert.equal(ordered.kind === "hold" && ordered.hold.reason, "status_500");
  });

  test("settle() passes on what the receiver asked for", () => {
    const retried = settle(settling({ kind: "retry", reason: "status_500", afterMs: 9000 }));
    assert.equal(retried.kind === "retry" && retried.dueAt, NOW + 9000);
    const held = settle(settling({ kind: "hold", reason: "status_429", afterMs: 9000 }));
    assert.equal(held.kind === "hold" && held.hold.until, NOW + 9000);
  });

  test("settle() disables when the receiver wants nothing more", () => {
    assert.deepEqual(settle(settling({ kind: "disable", reason: "status_410" })), {
      kind: "disable",
      reason: "status_410",
    });
  });

  test("settle() disables an endpoint that has failed for as long as its contract allows, not sooner", () => {
    const failures = [
      { kind: "retry", reason: "status_500" },
      { kind: "hold", reason: "status_429" },
    ] as const;
    for (const discipline of DISCIPLINES) {
      for (const verdict of failures) {
        const settled = (failingMs: number, disableAfterMs?: number) =>
          settle(settling(verdict, { discipline, failing: failingFor(failingMs), disableAfterMs }));
        assert.deepEqual(settled(5000, 5000), { kind: "disable", reason: "failing_for_too_long" });
        assert.notEqual(settled(4999, 5000).kind, "disable");
        assert.notEqual(settled(1e12).kind, "disable", "without a limit it goes on");
      }
    }
  });

  test("settle() disables rather than makes a dead letter of what can be recovered later", () => {
    const verdict = { kind: "retry", reason: "status_500" } as const;
    const failing = { used: 2, failing: failingFor(5000), disableAfterMs: 5000 };
    assert.equal(settle(settling(verdict, failing)).kind, "disable");
  });

  test("settle() disables only what this owner has seen fail for a while, whatever is stored", () => {
    const verdict = { kind: "retry", reason: "status_500" } as const;
    const kindOf = (seenMs: number, disableAfterMs: number) =>
      settle(settling(verdict, { failing: failingFor(1e9, seenMs), disableAfterMs })).kind;
    const kinds = [0, FAILING_SEEN_MS_MIN - 1, FAILING_SEEN_MS_MIN].map((seenMs) => kindOf(seenMs, 1e9));
    assert.deepEqual(kinds, ["retry", "retry", "disable"]);
    assert.deepEqual([kindOf(2499, 5000), kindOf(2500, 5000)], ["retry", "disable"], "half of a short limit");
  });

  test("settle() does not disable by what got through", () => {
    const failing = { failing: failingFor(5000), disableAfterMs: 1 };
    assert.deepEqual(settle(settling({ kind: "delivered" }, failing)), { kind: "final" });
    assert.deepEqual(settle(settling({ kind: "rejected", reason: "status_422" }, failing)), {
      kind: "final",
    });
  });

  test("settle() gives whole milliseconds that are not in the past, for every input", () => {
    const verdicts = fc.constantFrom<Verdict>(
      { kind: "retry", reason: "r", afterMs: 1.7 },
      { kind: "hold", reason: "h", afterMs: -4 },
      { kind: "hold", reason: "h", afterMs: Infinity },
    );
    const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(verdicts, fractions, fc.constantFrom(...DISCIPLINES), (verdict, fraction, discipline) => {
        const jittery = { delaysMs: [3333], jitter: 1 };
        const options = { discipline, retry: jittery, fraction: () => fraction };
        const settlement = settle(settling(verdict, options));
        const at = settlement.kind === "retry" ? settlement.dueAt : undefined;
        const until = settlement.kind === "hold" ? settlement.hold.until : at;
        assert.ok(Number.isSafeInteger(until) && Number(until) >= NOW);
      }),
    );
  });
});
