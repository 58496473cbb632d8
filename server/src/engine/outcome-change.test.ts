import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Verdict } from "@posthorn/contracts/contract";
import { emptyFacts } from "../facts.ts";
import { type Hold, LIVE, type Retry } from "../model/delivery.ts";
import { createIds } from "../model/ids.ts";
import { createOperationalEvents } from "../operational-events.ts";
import { StoreRefusal } from "../store.ts";
import type { Outcome } from "./attempt.ts";
import { replayOf, routeOf, TENANT } from "./engine-fixture.ts";
import { createLane, offer, retryKey } from "./lane.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { outcomeChange } from "./outcome-change.ts";
import { createReplayCursor } from "./replay-cursor.ts";
import { createRetryWindow } from "./retry-window.ts";
import { take } from "./take.ts";

const NOW = 1_000_000;

const SENT = {
  answer: { kind: "unreachable", code: "connection_refused", detail: "" },
  phases: { endMs: 1 },
} as const;

interface Setup {
  readonly hold?: Hold;
  readonly outcome?: Partial<Outcome>;
  /** What was answered, if it had been tried before. */
  readonly retry?: Retry;
  /** It is of a replay. Default: false. */
  readonly isReplay?: boolean;
  /** Default: those of a process that shares nothing. */
  readonly limits?: Limits;
}

/** A lane with more to send, whose first delivery was answered while a flush is under way. */
function setup(verdict: Verdict, options: Setup = {}) {
  const { hold, outcome: other, retry, isReplay = false, limits = DEFAULT_LIMITS } = options;
  const lane = createLane(routeOf("each"), 0);
  for (const offset of [10, 11, 12]) {
    offer(lane, offset, { now: NOW, readyMax: 100 });
  }
  lane.hold = hold;
  if (retry !== undefined) {
    lane.due.set(retryKey(retry), retry);
    lane.retries = 1;
  }
  const window = createRetryWindow(100);
  const cursor = createReplayCursor(replayOf(7));
  lane.cursors.set(7, cursor);
  const item = take(lane, NOW, DEFAULT_LIMITS);
  assert.ok(item !== undefined && "offsets" in item);
  const outcome = {
    verdict,
    startedAt: NOW,
    endedAt: NOW,
    sent: undefined,
    payloadHash: undefined,
    unrenderable: [],
    ...other,
  };
  const change = outcomeChange(
    { lane, item: { ...item, cursor: isReplay ? 7 : LIVE }, outcome, isPart: false },
    {
      window,
      clock: { monotonic: () => 0 },
      limits,
      failing: new Map(),
      failuresSeen: new Map(),
      toldHolds: new Map(),
      operational: createOperationalEvents({
        operator: { ...TENANT, number: 2 },
        ids: createIds(new Uint8Array(16)),
      }),
      fraction: () => 0.5,
      routedTo: () => 12,
      onReady: () => {},
      onLogGrown: () => {},
      onRetryAdded: () => {},
    },
  );
  lane.requestsOut -= 1;
  return { lane, item, window, change, cursor, takes: (at = NOW) => take(lane, at, DEFAULT_LIMITS) };
}

describe("outcomeChange()", () => {
  for (const verdict of [
    { kind: "hold", reason: "status_429" },
    { kind: "disable", reason: "status_410" },
  ] as const) {
    test(`outcomeChange() sends nothing after ${verdict.reason}, before its flush begins and after`, () => {
      const { change, takes } = setup(verdict);
      assert.equal(takes(), undefined);
      change.contribute(emptyFacts(0, 0));
      const turn = takes();
      assert.ok(turn === undefined || "wakeAt" in turn, "it waits, or is over");
    });
  }

  test("outcomeChange() lets a held lane go on when its hold is over", () => {
    const { change, lane, takes } = setup({ kind: "hold", reason: "status_429" });
    change.contribute(emptyFacts(0, 0));
    change.applied();
    const turn = takes(lane.hold?.until);
    assert.ok(turn !== undefined && "offsets" in turn);
  });

  test("outcomeChange() keeps no lane from sending after any other answer", () => {
    for (const verdict of [
      { kind: "delivered" },
      { kind: "rejected", reason: "status_422" },
      { kind: "retry", reason: "status_500" },
    ] as const) {
      const turn = setup(verdict).takes();
      assert.ok(turn !== undefined && "offsets" in turn, verdict.kind);
    }
  });

  test("outcomeChange() lingers where a delivery is over and nothing follows, and else never", () => {
    const lingers = (verdict: Verdict, options?: Setup) => setup(verdict, options).change.mayLinger;
    assert.equal(lingers({ kind: "delivered" }), true);
    assert.equal(lingers({ kind: "retry", reason: "status_500" }), false);
    assert.equal(lingers({ kind: "hold", reason: "status_429" }), false);
    assert.equal(lingers({ kind: "disable", reason: "status_410" }), false);
    assert.equal(lingers({ kind: "rejected", reason: "status_422" }), false);
    const hold = { until: NOW, since: NOW, reason: "status_429", rounds: 1, requests: 0 };
    assert.equal(lingers({ kind: "delivered" }, { hold }), false);
  });

  test("outcomeChange() lets nothing linger that its lane has to wait for to send on", () => {
    const lingers = (unflushedPerLaneMax: number) =>
      setup({ kind: "delivered" }, { limits: { ...DEFAULT_LIMITS, unflushedPerLaneMax } }).change.mayLinger;
    assert.deepEqual([lingers(1), lingers(2)], [false, true]);
  });
});

test("outcomeChange() counts what a replay delivered only where the store does not refuse it", () => {
  const { change, cursor } = setup({ kind: "delivered" }, { isReplay: true });
  change.contribute(emptyFacts(0, 0));
  assert.equal(cursor.progress.delivered, 1);
  change.failed?.(new StoreRefusal(new Error("a constraint says no")));
  assert.equal(cursor.progress.delivered, 0);
});

describe("outcomeChange() of a retry", () => {
  const RETRY: Retry = {
    endpoint: routeOf("each").endpoint.number,
    cursor: LIVE,
    offset: 5,
    requests: 1,
    used: 1,
    dueAt: NOW + 1000,
    reason: "status_500",
  };

  test("outcomeChange() lets nothing wait that is over, where a page has brought it back", async () => {
    const { change, lane, window } = setup({ kind: "delivered" }, { retry: RETRY });
    await window.load(() => Promise.resolve([RETRY]));
    change.contribute(emptyFacts(0, 0));
    change.applied();
    assert.deepEqual([window.nextDueAt(), lane.retries], [undefined, 0]);
  });
});

test("outcomeChange() lets nothing wait that a replay delivered, where a page brought it back", async () => {
  const { change, lane, window } = setup({ kind: "delivered" }, { isReplay: true });
  lane.retries = 1;
  change.contribute(emptyFacts(0, 0));
  const live = { endpoint: 1, cursor: LIVE, offset: 10, requests: 1, used: 1, reason: "status_500" };
  await window.load(() => Promise.resolve([{ ...live, dueAt: NOW + 1000 }]));
  change.applied();
  assert.deepEqual([window.nextDueAt(), lane.retries, lane.replayed.size], [undefined, 0, 0]);
});

describe("outcomeChange() of an endpoint that fails everything", () => {
  const FAILED = { kind: "retry", reason: "status_500" } as const;
  const OPEN = "circuit_open_status_500";

  /** A lane whose probe came to this. */
  function probed(verdict: Verdict, sent: Outcome["sent"] = SENT) {
    const hold = { since: 0, until: NOW, reason: OPEN, rounds: 3, requests: 0 };
    return setup(verdict, { hold, outcome: { sent } });
  }

  test("outcomeChange() holds the lane for longer when its probe failed, and sends nothing meanwhile", () => {
    const { change, lane, takes } = probed(FAILED);
    assert.equal(takes(), undefined);
    change.contribute(emptyFacts(0, 0));
    assert.deepEqual([lane.hold?.reason, lane.hold?.rounds], [OPEN, 4]);
    assert.ok(Number(lane.hold?.until) > NOW);
  });

  test("outcomeChange() lets the lane go on when its probe got through, or was refused", () => {
    for (const verdict of [{ kind: "delivered" }, { kind: "rejected", reason: "status_422" }] as const) {
      const { change, lane } = probed(verdict);
      change.contribute(emptyFacts(0, 0));
      assert.equal(lane.hold, undefined, verdict.kind);
    }
  });

  test("outcomeChange() tells of it although what failed was skipped while it was on its way", () => {
    const { change, item, lane } = probed(FAILED);
    lane.cancelled.add(item.offsets[0] ?? 0);
    const facts = emptyFacts(0, 0);
    change.contribute(facts);
    assert.deepEqual(
      facts.raised.map(({ event }) => event.type),
      ["endpoint.held"],
    );
  });

  test("outcomeChange() keeps the lane held by what says nothing about its receiver", () => {
    const answer = { kind: "unsendable", code: "request_invalid", detail: "" } as const;
    const rejected = { kind: "rejected", reason: answer.code } as const;
    const { change, lane } = probed(rejected, { answer, phases: { endMs: 1 } });
    change.contribute(emptyFacts(0, 0));
    assert.equal(lane.hold?.reason, OPEN);
  });
});
