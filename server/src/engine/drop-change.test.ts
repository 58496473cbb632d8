import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyFacts } from "../facts.ts";
import { StoreRefusal } from "../store.ts";
import { dropChange } from "./drop-change.ts";
import { replayOf, routeOf } from "./engine-fixture.ts";
import { createLane } from "./lane.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { createReplayCursor } from "./replay-cursor.ts";
import { createRetryWindow } from "./retry-window.ts";
import { take } from "./take.ts";

const NOW = 1_000_000;

/** A delivery of a replay that is too late to be sent. */
function setup() {
  const lane = createLane(routeOf("each"), 0);
  const cursor = createReplayCursor(replayOf(7));
  cursor.ready.push(10);
  cursor.open.add(10);
  lane.cursors.set(7, cursor);
  const item = take(lane, NOW, DEFAULT_LIMITS);
  assert.ok(item !== undefined && "offsets" in item && item.retry !== undefined);
  const window = createRetryWindow(100);
  const change = dropChange({
    lane,
    dropped: { item, reasons: new Map([[10, "expired"]]), isWhole: true },
    now: NOW,
    window,
    routedTo: () => 10,
    onReady: () => undefined,
  });
  return { lane, cursor, window, change, retry: item.retry };
}

test("dropChange() counts what a replay passed over only where the store does not refuse it", () => {
  const { cursor, change } = setup();
  change.contribute(emptyFacts(0, 0));
  assert.equal(cursor.progress.passedOver, 1);
  change.failed?.(new StoreRefusal(new Error("a constraint says no")));
  assert.equal(cursor.progress.passedOver, 0);
});

test("dropChange() lets nothing wait that is over, where a page has brought it back", async () => {
  const { window, change, retry } = setup();
  await window.load(() => Promise.resolve([retry]));
  change.contribute(emptyFacts(0, 0));
  change.applied();
  assert.equal(window.nextDueAt(), undefined);
});

test("dropChange() of a replay leaves the live delivery of the same event in flight (invariant 1)", () => {
  const { lane, change } = setup();
  lane.inFlight.add(10);
  change.contribute(emptyFacts(0, 0));
  change.applied();
  assert.ok(lane.inFlight.has(10));
});
