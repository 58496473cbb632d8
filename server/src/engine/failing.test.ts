import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Verdict } from "@posthorn/contracts/contract";
import { emptyFacts } from "../facts.ts";
import { DAY_MS } from "../model/duration.ts";
import type { Outcome } from "./attempt.ts";
import { endpointOf } from "./engine-fixture.ts";
import { type Failing, failingAfter, isReceiversDoing, noteFailing } from "./failing.ts";
import { CLOCK_JUMP_MS_MIN } from "./limits.ts";
import type { Moment } from "./moment.ts";

const FAILURES: readonly [Verdict, Verdict] = [
  { kind: "retry", reason: "status_500" },
  { kind: "hold", reason: "status_429" },
];
const SUCCESSES: readonly Verdict[] = [
  { kind: "delivered" },
  { kind: "rejected", reason: "status_422" },
  { kind: "disable", reason: "status_410" },
];

type Answer = NonNullable<Outcome["sent"]>["answer"];

const REFUSED: Answer = { kind: "unreachable", code: "connection_refused", detail: "" };

function outcome(verdict: Verdict, endedAt: number, answer: Answer | undefined): Outcome {
  const sent = answer && { answer, phases: { endMs: 1 } };
  return { verdict, startedAt: endedAt - 1, endedAt, sent, payloadHash: undefined, unrenderable: [] };
}

interface Setup {
  readonly since?: number;
  readonly seen?: Moment;
  readonly updatedAt?: number;
}

function setup({ since, seen, updatedAt = 0 }: Setup = {}) {
  const endpoint = { ...endpointOf(), updatedAt };
  const { number } = endpoint;
  const failing = new Map(since === undefined ? [] : [[number, since]]);
  const failuresSeen = new Map(seen === undefined ? [] : [[number, seen]]);
  const known = { failing, failuresSeen };
  const facts = emptyFacts(0, 0);
  return {
    ...known,
    facts,
    after: (verdict: Verdict, at: number, { elapsed = at, answer = REFUSED }: Other = {}) =>
      failingAfter(known, endpoint, { outcome: outcome(verdict, at, answer), elapsed }),
    note: (now: Failing | undefined) => noteFailing(known, facts, { endpoint: number, now }),
  };
}

interface Other {
  readonly elapsed?: number;
  readonly answer?: Answer;
}

describe("failingAfter()", () => {
  test("failingAfter() begins with the first failure, and stays with it", () => {
    const seen = { at: 50, elapsed: 50 };
    for (const verdict of FAILURES) {
      assert.deepEqual(setup().after(verdict, 70), { since: 70, seen: { at: 70, elapsed: 70 } });
      assert.deepEqual(setup({ since: 40, seen }).after(verdict, 70), { since: 40, seen });
    }
  });

  test("failingAfter() goes on with what is stored, and knows what this owner has seen of it", () => {
    const seen = { at: 70, elapsed: 3 };
    for (const verdict of FAILURES) {
      assert.deepEqual(setup({ since: 40 }).after(verdict, 70, seen), { since: 40, seen });
      const ofAnotherClock = setup({ since: 900 }).after(verdict, 70, seen);
      assert.deepEqual(ofAnotherClock, { since: 70, seen }, "it has not begun later than now");
    }
  });

  test("failingAfter() counts no time that only the clock on the wall has seen, and forgets none", () => {
    const [verdict] = FAILURES;
    const seen = { at: DAY_MS, elapsed: 10 };
    const { after } = setup({ since: DAY_MS - 40, seen });
    for (const setByMs of [3 * DAY_MS, -DAY_MS / 2, CLOCK_JUMP_MS_MIN]) {
      const failing = after(verdict, DAY_MS + 1000 + setByMs, { elapsed: 1010 });
      const moved = { since: DAY_MS - 40 + setByMs, seen: { at: DAY_MS + setByMs, elapsed: 10 } };
      assert.deepEqual(failing, moved);
    }
    const drifted = after(verdict, DAY_MS + 999 + CLOCK_JUMP_MS_MIN, { elapsed: 1010 });
    assert.deepEqual(drifted, { since: DAY_MS - 40, seen }, "drift is no news");
    assert.equal(after(verdict, 0, { elapsed: 1010 })?.since, 0, "a store takes no time before 1970");
  });

  test("failingAfter() ends with what the receiver took, refused, or wants no more", () => {
    for (const verdict of SUCCESSES) {
      assert.equal(setup({ since: 40 }).after(verdict, 70), undefined);
    }
  });

  test("failingAfter() learns nothing from what was not the receiver's doing", () => {
    const unsaid = outcome({ kind: "rejected", reason: "subject_missing" }, 70, undefined);
    const ours: readonly [Verdict, Answer][] = [
      [
        { kind: "hold", reason: "proxy_unreachable" },
        { kind: "sender_failed", code: "proxy_unreachable", detail: "" },
      ],
      [
        { kind: "rejected", reason: "request_invalid" },
        { kind: "unsendable", code: "request_invalid", detail: "" },
      ],
    ];
    for (const one of [unsaid, ...ours.map(([verdict, answer]) => outcome(verdict, 70, answer))]) {
      assert.equal(isReceiversDoing(one), false);
      const { failing, failuresSeen } = setup({ since: 40 });
      const known = { failing, failuresSeen };
      const failed = { since: 40, seen: undefined };
      assert.deepEqual(failingAfter(known, endpointOf(), { outcome: one, elapsed: 70 }), failed);
      assert.equal(failingAfter(setup(), endpointOf(), { outcome: one, elapsed: 70 }), undefined);
    }
    assert.equal(
      isReceiversDoing(outcome({ kind: "retry", reason: "connection_refused" }, 70, REFUSED)),
      true,
    );
  });

  test("failingAfter() begins anew where the endpoint was changed since: it may be mended", () => {
    for (const verdict of FAILURES) {
      const anew = setup({ since: 40, seen: { at: 40, elapsed: 40 }, updatedAt: 40 }).after(verdict, 70);
      assert.deepEqual(anew, { since: 70, seen: { at: 70, elapsed: 70 } });
      assert.equal(setup({ since: 40, updatedAt: 39 }).after(verdict, 70)?.since, 40);
    }
  });
});

describe("noteFailing()", () => {
  test("noteFailing() writes a fact when an endpoint begins or ends to fail, and none between", () => {
    const { failing, failuresSeen, facts, note } = setup();
    const seen = { at: 40, elapsed: 4 };
    note(undefined);
    assert.deepEqual(facts.failing, [], "an endpoint that goes well costs nothing");
    note({ since: 40, seen });
    note({ since: 40, seen });
    assert.deepEqual(facts.failing, [{ endpoint: 1, since: 40 }]);
    assert.deepEqual([[...failing], [...failuresSeen]], [[[1, 40]], [[1, seen]]]);
    note(undefined);
    note(undefined);
    assert.deepEqual(facts.failing, [
      { endpoint: 1, since: 40 },
      { endpoint: 1, since: undefined },
    ]);
    assert.deepEqual([failing.size, failuresSeen.size], [0, 0]);
  });
});
