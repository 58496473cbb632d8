import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Attempt, Cursor, DeadLetter, Gap, GapReason, Retry, VerdictKind } from "./delivery.ts";
import { type StoredFacts, standingOf, standingOfReplayed } from "./delivery-state.ts";

const OFFSET = 1000;
const NOTHING: StoredFacts = { attempts: [], retries: [], deadLetters: [], gaps: [] };

function attempt(verdict: VerdictKind, number = 1, cursor: Cursor = 0): Attempt {
  return {
    endpoint: 1,
    cursor,
    offset: OFFSET,
    number,
    startedAt: number,
    durationMs: 1,
    connectedMs: undefined,
    headersMs: undefined,
    verdict,
    reason: verdict === "delivered" ? undefined : `${verdict}_${number}`,
    status: undefined,
    answer: undefined,
    detail: undefined,
    payloadHash: undefined,
    batch: undefined,
  };
}

function retry(cursor: Cursor = 0): Retry {
  return { endpoint: 1, cursor, offset: OFFSET, requests: 1, used: 1, dueAt: 5, reason: "status_503" };
}

function deadLetter(cursor: Cursor = 0): DeadLetter {
  return { endpoint: 1, cursor, offset: OFFSET, reason: "retries_exhausted", at: 9 };
}

function gap(reason: GapReason, change: Partial<Gap> = {}): Gap {
  return { endpoint: 1, from: OFFSET, to: OFFSET, reason, at: 1, ...change };
}

describe("standingOf()", () => {
  test("standingOf() is pending where nothing is stored", () => {
    assert.deepEqual(standingOf(NOTHING, OFFSET), { state: "pending", reason: undefined });
  });

  test("standingOf() takes the first of delivered, rejected, dead, retry, gap and tried that holds", () => {
    const ladder: readonly (readonly [Partial<StoredFacts>, string, string | undefined])[] = [
      [{ attempts: [attempt("delivered", 9)] }, "delivered", undefined],
      [{ attempts: [attempt("rejected", 8)] }, "rejected", "rejected_8"],
      [{ deadLetters: [deadLetter()] }, "dead", "retries_exhausted"],
      [{ retries: [retry()] }, "retrying", "status_503"],
      [{ gaps: [gap("disabled")] }, "cancelled", "disabled"],
      [{ attempts: [attempt("retry", 1), attempt("hold", 2)] }, "retrying", "hold_2"],
    ];
    for (const [rung, [facts, state, reason]] of ladder.entries()) {
      assert.deepEqual(standingOf({ ...NOTHING, ...facts }, OFFSET), { state, reason });
      const withLower = ladder.slice(rung).reduce<StoredFacts>(
        (all, [lower]) => ({
          attempts: [...(lower.attempts ?? []), ...all.attempts],
          retries: [...all.retries, ...(lower.retries ?? [])],
          deadLetters: [...all.deadLetters, ...(lower.deadLetters ?? [])],
          gaps: [...all.gaps, ...(lower.gaps ?? [])],
        }),
        NOTHING,
      );
      assert.deepEqual(standingOf(withLower, OFFSET), { state, reason });
    }
  });

  test("standingOf() counts a replay that delivered, and nothing else of a replay", () => {
    assert.equal(
      standingOf({ ...NOTHING, attempts: [attempt("delivered", 1, 7)] }, OFFSET).state,
      "delivered",
    );
    const ofReplay = {
      attempts: [attempt("rejected", 1, 7)],
      retries: [retry(7)],
      deadLetters: [deadLetter(7)],
      gaps: [],
    };
    assert.equal(standingOf(ofReplay, OFFSET).state, "pending");
    const dead = { ...ofReplay, deadLetters: [deadLetter(7), deadLetter(0)] };
    assert.equal(standingOf(dead, OFFSET).state, "dead");
  });

  test("standingOf() shows every gap but an expired one as cancelled, with its reason", () => {
    for (const reason of ["cancelled", "skipped", "disabled", "superseded", "erased"] as const) {
      assert.deepEqual(standingOf({ ...NOTHING, gaps: [gap(reason)] }, OFFSET), {
        state: "cancelled",
        reason,
      });
    }
    assert.equal(standingOf({ ...NOTHING, gaps: [gap("expired")] }, OFFSET).state, "expired");
  });

  test("standingOf() looks only at gaps that cover the event, both ends included, the oldest first", () => {
    const around = [
      gap("erased", { at: 1, from: OFFSET - 9, to: OFFSET - 1 }),
      gap("erased", { at: 1, from: OFFSET + 1, to: OFFSET + 9 }),
    ];
    assert.equal(standingOf({ ...NOTHING, gaps: around }, OFFSET).state, "pending");
    const both = [
      gap("erased", { at: 5, from: OFFSET - 9, to: OFFSET }),
      gap("skipped", { at: 4, from: OFFSET, to: OFFSET + 9 }),
    ];
    assert.equal(standingOf({ ...NOTHING, gaps: both }, OFFSET).reason, "skipped");
  });
});

test("standingOfReplayed() goes by what replays came to, whatever else there is", () => {
  const facts = { ...NOTHING, attempts: [attempt("retry", 1, 3), attempt("rejected", 1, 4)] };
  assert.deepEqual(standingOfReplayed(facts), { state: "rejected", reason: "rejected_1" });
  assert.deepEqual(standingOfReplayed({ ...facts, retries: [retry(3)] }).state, "retrying");
  assert.deepEqual(
    standingOfReplayed({ ...facts, attempts: [...facts.attempts, attempt("delivered", 2, 3)] }).state,
    "delivered",
  );
  assert.deepEqual(standingOfReplayed({ ...NOTHING, attempts: [attempt("retry", 1, 3)] }), {
    state: "cancelled",
    reason: "cancelled",
  });
});
