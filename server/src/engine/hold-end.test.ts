import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FrozenBatch, Hold } from "../model/delivery.ts";
import { routeOf } from "./engine-fixture.ts";
import { beginAnew, isAtRest } from "./hold-end.ts";
import { createLane, type Lane, offer } from "./lane.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { take } from "./take.ts";

const BATCH: FrozenBatch = { offsets: [1, 2], requests: 1, used: 1, dueAt: 900, reason: "status_503" };

function holdOf(given: Partial<Hold> = {}): Hold {
  return { since: 0, until: 900, reason: "circuit_open_status_500", rounds: 3, requests: 0, ...given };
}

function heldLane(given: Partial<Hold> = {}): Lane {
  return Object.assign(createLane(routeOf("each"), 0), { hold: holdOf(given) });
}

describe("beginAnew()", () => {
  test("beginAnew() ends a hold, and forgets the failures that led to it", () => {
    for (const reason of ["circuit_open_status_500", "status_429"]) {
      const lane = heldLane({ reason });
      lane.failures = { since: 0, offsets: [1] };
      beginAnew(lane, 100);
      assert.deepEqual([lane.hold, lane.failures], [undefined, undefined], reason);
    }
  });

  test("beginAnew() lets the head of an ordered lane go at once, and counts what was tried of it", () => {
    const lane = heldLane({ reason: "status_500", requests: 4 });
    beginAnew(lane, 100);
    assert.deepEqual(lane.hold, holdOf({ reason: "status_500", requests: 4, until: 100, rounds: 0 }));
  });

  test("beginAnew() leaves the hold of a refused greeting, which another greeting ends", () => {
    const lane = heldLane({ reason: "handshake_status_500" });
    beginAnew(lane, 100);
    assert.equal(lane.hold?.until, 900);
  });

  test("beginAnew() lets a frozen batch go at once, as it was", () => {
    const lane = createLane(routeOf("batched"), 0);
    lane.batch = BATCH;
    beginAnew(lane, 100);
    assert.deepEqual(lane.batch, { ...BATCH, dueAt: 100 });
    beginAnew(lane, 200);
    assert.equal(lane.batch?.dueAt, 100);
  });
});

describe("isAtRest()", () => {
  test("isAtRest() says no while anything could show whether the receiver is back", () => {
    assert.equal(isAtRest(heldLane()), true);
    const changes: readonly ((lane: Lane) => void)[] = [
      (lane) => offer(lane, 1, { now: 0, readyMax: 9 }),
      (lane) => lane.inFlight.add(1),
      (lane) => Object.assign(lane, { retries: 1 }),
      (lane) => Object.assign(lane, { requestsOut: 1 }),
      (lane) => Object.assign(lane, { isReading: true }),
      (lane) => Object.assign(lane, { isBehind: true }),
      (lane) => Object.assign(lane, { batch: BATCH }),
    ];
    for (const change of changes) {
      const lane = heldLane();
      change(lane);
      assert.equal(isAtRest(lane), false, String(change));
    }
  });
});

describe("take() of a held lane with nothing to send", () => {
  test("take() ends the hold when it is over, and not before", () => {
    const lane = heldLane();
    assert.deepEqual(take(lane, 899, DEFAULT_LIMITS), { wakeAt: 900 });
    assert.deepEqual(take(lane, 900, DEFAULT_LIMITS), { endsHold: true });
  });

  test("take() leaves the hold while a retry waits that will probe", () => {
    const lane = heldLane();
    lane.retries = 1;
    assert.equal(take(lane, 900, DEFAULT_LIMITS), undefined);
  });
});
