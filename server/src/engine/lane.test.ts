import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Discipline } from "@posthorn/contracts/contract";
import type { Hold, Retry } from "../model/delivery.ts";
import { HANDSHAKE, type RouteOptions, routeOf } from "./engine-fixture.ts";
import {
  createLane,
  type Item,
  isIdle,
  type Lane,
  offer,
  paceMs,
  putBack,
  retryKey,
  settledBelow,
} from "./lane.ts";
import { take } from "./take.ts";

const RETRIES_MAX = 10;
const LIMITS = { retriesPerLaneMax: RETRIES_MAX, unflushedPerLaneMax: 2, unflushedPerSlotMax: 2 };

function setup(discipline: Discipline, offsets: readonly number[], options: RouteOptions = {}) {
  const lane = createLane(routeOf(discipline, options), 0);
  lane.concurrency = { slots: 100, isOpening: true };
  offsets.forEach((offset) => offer(lane, offset, { now: 0, readyMax: 100 }));
  return { lane, takeAt: (now: number) => take(lane, now, LIMITS) };
}

function retryOf(offset: number, cursor = 0): Retry {
  return { endpoint: 1, cursor, offset, requests: 1, used: 1, dueAt: 0, reason: "status_500" };
}

function giveRetry(lane: Lane, retry: Retry): void {
  lane.due.set(retryKey(retry), retry);
  lane.retries += 1;
  lane.replays += retry.cursor === 0 ? 0 : 1;
}

function holdUntil(until: number, requests = 0): Hold {
  return { since: 0, until, reason: "status_503", rounds: 1, requests };
}

function offsetsOf(turn: ReturnType<typeof take>): readonly number[] | undefined {
  return turn !== undefined && "offsets" in turn ? turn.offsets : undefined;
}

describe("take()", () => {
  test("take() gives an each lane as many deliveries as it may have in flight", () => {
    const { lane, takeAt } = setup("each", [1, 2, 3]);

    assert.deepEqual([takeAt(0), takeAt(0), takeAt(0)].map(offsetsOf), [[1], [2], undefined]);
    lane.requestsOut -= 1;
    assert.deepEqual(offsetsOf(takeAt(0)), [3]);
  });

  test("take() gives an each lane nothing while too many of its outcomes are not durable", () => {
    const { lane, takeAt } = setup("each", [1, 2, 3]);

    assert.deepEqual([takeAt(0), takeAt(0)].map(offsetsOf), [[1], [2]]);
    // Both are answered.
    lane.requestsOut = 0;
    assert.equal(takeAt(0), undefined);
    lane.inFlight.delete(1);
    assert.deepEqual(offsetsOf(takeAt(0)), [3]);
  });

  test("take() lets a lane have two outcomes for each of its requests that are not durable", () => {
    const { lane } = setup("each", [1, 2, 3, 4, 5, 6]);
    const taken = Array.from({ length: 6 }, () => {
      // What went before is answered.
      lane.requestsOut = 0;
      return offsetsOf(take(lane, 0, { ...LIMITS, unflushedPerLaneMax: 100 }));
    });
    assert.deepEqual(taken, [[1], [2], [3], [4], undefined, undefined]);
  });

  test("take() gives an each lane no more deliveries than its receiver stands", () => {
    const { lane, takeAt } = setup("each", [1, 2, 3]);
    lane.concurrency = { slots: 1.9, isOpening: true };
    assert.deepEqual([takeAt(0), takeAt(0)].map(offsetsOf), [[1], undefined]);
    lane.concurrency = { slots: 2, isOpening: true };
    assert.deepEqual([takeAt(0), takeAt(0)].map(offsetsOf), [[2], undefined]);
  });

  test("take() gives an ordered lane one delivery until its outcome is durable", () => {
    const { lane, takeAt } = setup("ordered", [1, 2]);

    assert.deepEqual([takeAt(0), takeAt(0)].map(offsetsOf), [[1], undefined]);
    lane.requestsOut -= 1;
    assert.deepEqual(offsetsOf(takeAt(0)), [2]);
  });

  test("take() closes a batch when it is full, or when its oldest event has waited", () => {
    const { lane, takeAt } = setup("batched", [1, 2]);

    assert.deepEqual(takeAt(199), { wakeAt: 200 });
    offer(lane, 3, { now: 199, readyMax: 100 });
    offer(lane, 4, { now: 199, readyMax: 100 });
    assert.deepEqual(offsetsOf(takeAt(199)), [1, 2, 3]);

    const early = setup("batched", [1, 2]);
    assert.deepEqual(offsetsOf(early.takeAt(200)), [1, 2]);
  });

  test("take() sends a frozen batch again as it was, when it is due, before anything new", () => {
    const { lane, takeAt } = setup("batched", [7, 8, 9]);
    lane.batch = { offsets: [1, 2], requests: 3, used: 2, dueAt: 500, reason: "status_500" };

    assert.deepEqual(takeAt(499), { wakeAt: 500 });
    const expected: Item = { cursor: 0, offsets: [1, 2], requests: 3, used: 2, retry: undefined };
    assert.deepEqual(takeAt(500), expected);
  });

  test("take() keeps a held lane waiting, then lets one request probe it", () => {
    const { lane, takeAt } = setup("each", [1, 2]);
    lane.hold = holdUntil(100);

    assert.deepEqual(takeAt(99), { wakeAt: 100 });
    assert.deepEqual([takeAt(100), takeAt(100)].map(offsetsOf), [[1], undefined]);
  });

  test("take() counts on from the requests already made for the head of a held ordered lane", () => {
    const { lane, takeAt } = setup("ordered", [1]);
    lane.hold = holdUntil(0, 4);

    const turn = takeAt(0);
    assert.equal(turn !== undefined && "requests" in turn && turn.requests, 4);
  });

  test("take() lets retries and new deliveries of an each lane take turns", () => {
    const { lane, takeAt } = setup("each", [10, 11], { policy: { maxInFlight: 9 } });
    giveRetry(lane, retryOf(1));
    giveRetry(lane, retryOf(2));

    assert.deepEqual([takeAt(0), takeAt(0), takeAt(0), takeAt(0)].map(offsetsOf), [[1], [10], [2], [11]]);
  });

  test("take() begins nothing new on an each lane where too many retries wait or may come to wait", () => {
    const { lane, takeAt } = setup("each", [10, 11], { policy: { maxInFlight: 9 } });
    lane.retries = RETRIES_MAX - 1;

    assert.deepEqual([takeAt(0), takeAt(0)].map(offsetsOf), [[10], undefined]);
  });

  test("take() lets a replay go first on an ordered or batched lane, and the live cursor wait for it", () => {
    for (const discipline of ["ordered", "batched"] as const) {
      const { lane, takeAt } = setup(discipline, [10]);
      giveRetry(lane, retryOf(1, 5));

      assert.deepEqual(offsetsOf(takeAt(500)), [1], discipline);
      lane.requestsOut -= 1;
      assert.equal(takeAt(500), undefined, discipline);
      lane.replays -= 1;
      assert.deepEqual(offsetsOf(takeAt(500)), [10], discipline);
    }
  });

  test("take() gives nothing of a lane that is paused, disabled, at fault, or stopped", () => {
    assert.equal(setup("each", [1], { state: "paused" }).takeAt(0), undefined);
    assert.equal(setup("each", [1], { state: "disabled" }).takeAt(0), undefined);
    assert.equal(setup("each", [1], { fault: "secret_unreadable" }).takeAt(0), undefined);
    const { lane, takeAt } = setup("each", [1]);
    lane.attention = "contract_failed";
    assert.equal(takeAt(0), undefined);
  });

  test("take() waits with replays of an ordered lane until the delivery it is held for has been read", () => {
    const { lane, takeAt } = setup("ordered", []);
    lane.hold = { since: 0, until: 0, reason: "status_503", rounds: 1, requests: 3 };
    lane.isBehind = true;
    const replay = { endpoint: 1, cursor: 1, offset: 10, requests: 0, used: 0, dueAt: 0, reason: "replay" };
    lane.due.set("1/10", replay);
    assert.equal(takeAt(0), undefined);

    lane.ready.push(10);
    assert.deepEqual(offsetsOf(takeAt(0)), [10]);
  });

  test("take() keeps the pace of a rate limit", () => {
    const { lane, takeAt } = setup("each", [1], { policy: { paceMs: 400 } });
    lane.bucketFullAt = 1000;

    assert.deepEqual(takeAt(399), { wakeAt: 400 });
    assert.deepEqual(offsetsOf(takeAt(400)), [1]);
  });

  test("take() keeps to the moment it named after the clock was set back", () => {
    const { lane, takeAt } = setup("each", [1], { policy: { paceMs: 400 } });
    lane.bucketFullAt = 3_600_000;

    assert.deepEqual(takeAt(0), { wakeAt: 400 });
    assert.deepEqual(offsetsOf(takeAt(400)), [1]);
  });
});

describe("take() of a contract with a handshake", () => {
  const greets = { greets: true };
  const welcome = { change: 1, from: 0, until: 1000, paceMs: 0 };

  function greeted(lane: Lane): void {
    lane.isGreeting = false;
    lane.requestsOut -= 1;
    lane.welcome = welcome;
  }

  test("take() greets before anything is sent, of every discipline, and sends nothing meanwhile", () => {
    for (const discipline of ["each", "ordered", "batched"] as const) {
      const { lane, takeAt } = setup(discipline, [1, 2, 3], { handshake: HANDSHAKE });

      assert.deepEqual([takeAt(0), takeAt(0)], [greets, undefined], discipline);
      greeted(lane);
      assert.deepEqual(offsetsOf(takeAt(999)), discipline === "batched" ? [1, 2, 3] : [1], discipline);
    }
  });

  test("take() greets again when the welcome is over, older than a change, or from the future", () => {
    for (const stale of [
      { ...welcome, until: 500 },
      { ...welcome, change: 0 },
      { ...welcome, from: 501 },
    ]) {
      const { lane, takeAt } = setup("each", [1], { handshake: HANDSHAKE });
      lane.welcome = stale;
      assert.deepEqual(takeAt(500), greets);
    }
  });

  test("take() does not greet where nothing waits, unless the endpoint was saved", () => {
    const { lane, takeAt } = setup("each", [], { handshake: HANDSHAKE });
    assert.equal(takeAt(0), undefined);
    lane.isGreetingDue = true;
    assert.equal(isIdle(lane), false);
    assert.deepEqual(takeAt(0), greets);
    greeted(lane);
    assert.equal(takeAt(0), undefined);
    assert.equal(isIdle(lane), true);
  });

  test("take() greets a saved endpoint at once, whatever its lane waits for, but within its slots", () => {
    const { lane, takeAt } = setup("ordered", [1], { handshake: HANDSHAKE });
    lane.isGreetingDue = true;
    lane.hold = holdUntil(100);
    lane.requestsOut = 1;
    assert.equal(takeAt(0), undefined);
    lane.requestsOut = 0;
    assert.deepEqual(takeAt(0), greets);
  });

  test("take() probes a held lane by greeting it, even where nothing waits, and not before", () => {
    const { lane, takeAt } = setup("each", [], { handshake: HANDSHAKE });
    lane.hold = holdUntil(100);

    assert.deepEqual(takeAt(99), { wakeAt: 100 });
    assert.deepEqual(takeAt(100), greets);
  });

  test("paceMs() is the slower of what the endpoint allows and its receiver wants", () => {
    const { lane } = setup("each", [], { policy: { paceMs: 50 } });
    assert.equal(paceMs(lane), 50);
    lane.welcome = { ...welcome, paceMs: 40 };
    assert.equal(paceMs(lane), 50);
    lane.welcome = { ...welcome, paceMs: 60 };
    assert.equal(paceMs(lane), 60);
  });
});

describe("putBack()", () => {
  function itemOf(turn: ReturnType<typeof take>): Item {
    assert.ok(turn !== undefined && "offsets" in turn);
    return turn;
  }

  test("putBack() lets each lanes send again in the log's order, whichever comes back first", () => {
    const { lane, takeAt } = setup("each", [1, 2, 3]);
    const [first, second] = [itemOf(takeAt(0)), itemOf(takeAt(0))];

    putBack(lane, second);
    putBack(lane, first);
    lane.requestsOut = 0;
    assert.equal(settledBelow(lane), 1);
    assert.deepEqual([takeAt(0), takeAt(0)].map(offsetsOf), [[1], [2]]);
  });

  test("putBack() frees an ordered and a batched lane for the same deliveries", () => {
    for (const [discipline, expected] of [
      ["ordered", [1]],
      ["batched", [1, 2, 3]],
    ] as const) {
      const { lane, takeAt } = setup(discipline, [1, 2, 3]);
      const item = itemOf(takeAt(500));

      putBack(lane, item);
      assert.deepEqual(takeAt(500), item, discipline);
      assert.deepEqual(item.offsets, expected);
    }
  });

  test("putBack() leaves a frozen batch where it stands, and parts one of which a part is settled", () => {
    const { lane, takeAt } = setup("batched", [7]);
    lane.batch = { offsets: [1, 2], requests: 3, used: 2, dueAt: 0, reason: "status_500" };
    const item = itemOf(takeAt(500));

    putBack(lane, item);
    assert.deepEqual(takeAt(500), item);

    putBack(lane, { ...item, offsets: [2] });
    lane.batch = undefined;
    assert.deepEqual(offsetsOf(takeAt(500)), [2, 7]);
  });

  test("putBack() makes a retry due again", () => {
    const { lane, takeAt } = setup("each", []);
    giveRetry(lane, retryOf(5));
    const item = itemOf(takeAt(0));

    putBack(lane, item);
    lane.requestsOut = 0;
    assert.deepEqual(takeAt(0), item);
  });

  test("putBack() drops what was abandoned, or delivered by a replay, meanwhile", () => {
    const abandoned = setup("each", [1, 2]);
    const items = [itemOf(abandoned.takeAt(0)), itemOf(abandoned.takeAt(0))];
    abandoned.lane.route = { ...abandoned.lane.route, abandonedTo: 1 };
    items.forEach((item) => putBack(abandoned.lane, item));
    assert.equal(settledBelow(abandoned.lane), 2);

    const replayed = setup("each", [1]);
    giveRetry(replayed.lane, retryOf(5));
    const [retry, live] = [itemOf(replayed.takeAt(0)), itemOf(replayed.takeAt(0))];
    replayed.lane.cancelled.add(1).add(5);
    putBack(replayed.lane, retry);
    putBack(replayed.lane, live);
    replayed.lane.requestsOut = 0;
    assert.equal(isIdle(replayed.lane), true);

    const { lane, takeAt } = setup("each", []);
    giveRetry(lane, retryOf(5));
    const ended = itemOf(takeAt(0));
    lane.retriesInFlight.clear();
    putBack(lane, ended);
    assert.equal(lane.due.size, 0);
  });
});

describe("offer()", () => {
  test("offer() lets a full lane fall behind, right before what it could not take", () => {
    const lane = createLane(routeOf("each"), 0);
    [10, 20, 30, 40].forEach((offset) => offer(lane, offset, { now: 0, readyMax: 2 }));

    assert.equal(lane.ready.length, 2);
    assert.equal(lane.isBehind, true);
    assert.equal(lane.cursor, 29);
  });
});

describe("settledBelow()", () => {
  test("settledBelow() is the first offset that is ready, in flight, frozen, or still to be read", () => {
    const { lane, takeAt } = setup("each", [5, 6]);
    assert.equal(settledBelow(lane), 5);
    takeAt(0);
    takeAt(0);
    assert.equal(settledBelow(lane), 5);
    lane.inFlight.delete(5);
    assert.equal(settledBelow(lane), 6);
    lane.batch = { offsets: [3, 4], requests: 1, used: 1, dueAt: 0, reason: "status_500" };
    assert.equal(settledBelow(lane), 3);
    lane.isBehind = true;
    lane.cursor = 1;
    assert.equal(settledBelow(lane), 2);
  });

  test("settledBelow() has no bound for a lane that has nothing", () => {
    assert.equal(settledBelow(createLane(routeOf("each"), 0)), Infinity);
  });
});

describe("isIdle()", () => {
  test("isIdle() says no as long as anything of the lane could get lost", () => {
    const setups: readonly ((lane: Lane) => void)[] = [
      (lane) => offer(lane, 1, { now: 0, readyMax: 9 }),
      (lane) => lane.inFlight.add(1),
      (lane) => lane.due.set("0/1", retryOf(1)),
      (lane) => lane.retriesInFlight.set("0/1", retryOf(1)),
      (lane) => lane.cancelled.add(1),
      (lane) => Object.assign(lane, { retries: 1 }),
      (lane) => Object.assign(lane, { requestsOut: 1 }),
      (lane) => Object.assign(lane, { isReading: true }),
      (lane) => Object.assign(lane, { isBehind: true }),
      (lane) => Object.assign(lane, { attention: "internal_fault" }),
      (lane) => Object.assign(lane, { hold: holdUntil(0) }),
    ];
    for (const [index, change] of setups.entries()) {
      const lane = createLane(routeOf("each"), 0);
      assert.equal(isIdle(lane), true);
      change(lane);
      assert.equal(isIdle(lane), false, `setup ${index}`);
    }
  });
});
