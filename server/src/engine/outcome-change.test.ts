import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Verdict } from "@posthorn/contracts/contract.ts";
import { LIVE } from "../model/delivery.ts";
import { emptyFacts } from "../store.ts";
import { routeOf } from "./engine-fixture.ts";
import { createLane, offer, take } from "./lane.ts";
import { outcomeChange } from "./outcome-change.ts";
import { createRetryWindow } from "./retry-window.ts";

const NOW = 1_000_000;

/** A lane with more to send, whose first delivery was answered while a flush is under way. */
function setup(verdict: Verdict) {
  const lane = createLane(routeOf("each"), 0);
  for (const offset of [10, 11, 12]) {
    offer(lane, offset, { now: NOW, readyMax: 100 });
  }
  const item = take(lane, NOW, 100);
  assert.ok(item !== undefined && "offsets" in item);
  const outcome = {
    verdict,
    startedAt: NOW,
    endedAt: NOW,
    sent: undefined,
    payloadHash: undefined,
    unrenderable: [],
  };
  const change = outcomeChange(
    { lane, item: { ...item, cursor: LIVE }, outcome, isPart: false },
    {
      window: createRetryWindow(100),
      failing: new Map(),
      operational: { endpointDisabled: () => undefined, deliveryDead: () => undefined },
      fraction: () => 0.5,
      routedTo: () => 12,
      onReady: () => {},
      onLogGrown: () => {},
      onRetryAdded: () => {},
    },
  );
  lane.requestsOut -= 1;
  return { lane, change, takes: (at = NOW) => take(lane, at, 100) };
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
});
