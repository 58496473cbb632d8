import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LIVE } from "../model/delivery.ts";
import { eventAt, routeOf } from "./engine-fixture.ts";
import { createLane, type Item } from "./lane.ts";
import { sendable, type Taken } from "./sendable.ts";

const NOW = 1000;

/** A batch of three, as its lane took it, whose events are all in the log. */
function setup(item: Partial<Item> = {}, taken: Partial<Taken> = {}) {
  const offsets = [1, 2, 3];
  const result = sendable({
    lane: createLane(routeOf("batched"), 0),
    item: { cursor: LIVE, offsets, requests: 0, used: 0, retry: undefined, ...item },
    found: offsets.map((offset) => eventAt(offset)),
    erased: new Set(),
    now: NOW,
    ...taken,
  });
  return {
    events: result.events.map(({ offset }) => offset),
    later: result.later.map(({ offset }) => offset),
    dropped: result.dropped && { reasons: [...result.dropped.reasons], isWhole: result.dropped.isWhole },
  };
}

describe("sendable()", () => {
  test("sends all that is there and alive", () => {
    assert.deepEqual(setup(), { events: [1, 2, 3], later: [], dropped: undefined });
  });

  test("sends nothing of a new batch until it is durable that some of it expired", () => {
    const expired = { ...eventAt(1), expiresAt: NOW };
    assert.deepEqual(setup({}, { found: [expired, eventAt(2), eventAt(3)] }), {
      events: [],
      later: [2, 3],
      dropped: { reasons: [[1, "expired"]], isWhole: true },
    });
  });

  test("counts what the log no longer has as expired", () => {
    assert.deepEqual(setup({}, { found: [eventAt(2), eventAt(3)] }).dropped, {
      reasons: [[1, "expired"]],
      isWhole: true,
    });
  });

  test("sends a frozen batch without what was erased, and with what expired", () => {
    const found = [eventAt(1), { ...eventAt(2), expiresAt: NOW }, eventAt(3)];
    assert.deepEqual(setup({ requests: 1 }, { found, erased: new Set([1]) }), {
      events: [2, 3],
      later: [],
      dropped: { reasons: [[1, "erased"]], isWhole: false },
    });
  });

  test("leaves for later what does not fit into one batch", () => {
    const lane = createLane(routeOf("batched", { policy: { batch: BATCH } }), 0);
    const { events, later } = setup({}, { lane });
    assert.deepEqual([events, later], [[1], [2, 3]]);
  });

  test("never parts a frozen batch, whatever the limit is by now", () => {
    const lane = createLane(routeOf("batched", { policy: { batch: BATCH } }), 0);
    assert.deepEqual(setup({ requests: 1 }, { lane }).events, [1, 2, 3]);
  });
});

/** Room for one event at a time. */
const BATCH = { eventsMax: 100, bytesMax: 1, waitMs: 0 };
