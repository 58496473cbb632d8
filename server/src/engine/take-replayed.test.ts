import assert from "node:assert/strict";
import { test } from "node:test";
import { LIVE } from "../model/delivery.ts";
import { replayOf, routeOf } from "./engine-fixture.ts";
import { createLane, pushReady } from "./lane.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { createReplayCursor } from "./replay-cursor.ts";
import { take } from "./take.ts";

const NOW = 1_000_000;

/** A lane with so many live deliveries, and replays of the same. */
function laneWith(live: number, replays: readonly ReturnType<typeof replayOf>[], maxInFlight = 40) {
  const lane = createLane(routeOf("each", { policy: { maxInFlight } }), 0);
  lane.concurrency = { slots: maxInFlight, isOpening: false };
  for (let offset = 1; offset <= live; offset += 1) {
    pushReady(lane, 1000 + offset, NOW);
  }
  for (const replay of replays) {
    const cursor = createReplayCursor(replay);
    for (let offset = 1; offset <= 100; offset += 1) {
      cursor.ready.push(offset);
      cursor.open.add(offset);
    }
    lane.cursors.set(replay.number, cursor);
  }
  const cursors = (count: number) =>
    Array.from({ length: count }, () => {
      const turn = take(lane, NOW, DEFAULT_LIMITS);
      return turn !== undefined && "cursor" in turn ? turn.cursor : turn;
    });
  return { lane, cursors };
}

test("take() takes one of a replay for four that are live", () => {
  const { cursors } = laneWith(20, [replayOf(7)]);
  assert.deepEqual(cursors(10), [LIVE, LIVE, LIVE, LIVE, 7, LIVE, LIVE, LIVE, LIVE, 7]);
});

test("take() gives replays half of the slots, in turns, and all of the turns that nothing live wants", () => {
  const { cursors } = laneWith(0, [replayOf(7), replayOf(8)], 8);
  assert.deepEqual(cursors(6), [7, 8, 7, 8, undefined, undefined]);
});

test("take() says when a replay's own rate allows the next", () => {
  const { lane, cursors } = laneWith(0, [replayOf(7, { ratePerSecond: 0.5 })]);
  assert.deepEqual(cursors(2), [7, { wakeAt: NOW + 2000 }]);
  pushReady(lane, 2000, NOW);
  assert.deepEqual(cursors(2), [LIVE, { wakeAt: NOW + 2000 }]);
});

test("take() leaves a replay that is paused alone", () => {
  const { cursors } = laneWith(1, [replayOf(7, { wish: "pause" })]);
  assert.deepEqual(cursors(3), [LIVE, undefined, undefined]);
});
