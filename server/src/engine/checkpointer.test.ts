import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { emptyFacts } from "../facts.ts";
import { createCheckpointer } from "./checkpointer.ts";
import { createManualClock, routeOf, takenLease } from "./engine-fixture.ts";
import { offer } from "./lane.ts";
import { createLeaseState, laneFor, markRouted, noteWritten, stopRefused } from "./lease-state.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const EVERY_MS = 200;

function setup({ routedTo = 100, checkpointLagMax = 20_000 } = {}) {
  const clock = createManualClock();
  const state = createLeaseState(takenLease(), 0);
  state.routedTo = routedTo;
  const limits = { ...DEFAULT_LIMITS, checkpointEveryMs: EVERY_MS, checkpointLagMax };
  const checkpointer = createCheckpointer(state, { clock, limits });
  return {
    clock,
    state,
    checkpointer,
    lane: laneFor(state, routeOf("each")),
    /** One flush that goes well. */
    flush() {
      clock.pass(EVERY_MS);
      const facts = emptyFacts(state.checkpoint, 0);
      const applied = checkpointer.contribute(facts);
      noteWritten(state, facts);
      applied();
      return facts;
    },
  };
}

describe("createCheckpointer()", () => {
  test("contribute() moves to what was routed when every lane is done, and forgets idle lanes", () => {
    const { flush, state } = setup();

    assert.equal(flush().checkpoint, 100);
    assert.equal(state.checkpoint, 100);
    assert.equal(state.lanes.size, 0);
  });

  test("contribute() keeps an idle lane until its limit on the rate allows a full burst again", () => {
    const { flush, state, lane, clock } = setup();
    lane.bucketFullAt = clock.now() + 2 * EVERY_MS;
    assert.equal(flush().checkpoint, 100);
    assert.equal(state.lanes.size, 1);
    flush();
    assert.equal(state.lanes.size, 0);
  });

  test("contribute() keeps an idle lane that waits for what is not durable", () => {
    const { flush, state, lane } = setup();
    lane.stopsWaiting = 1;
    flush();
    assert.equal(state.lanes.size, 1);
    lane.stopsWaiting = 0;
    flush();
    assert.equal(state.lanes.size, 0);
  });

  test("contribute() stays before what the store refused to end, though no lane remembers it", () => {
    const { flush, state } = setup();
    state.checkpointMax = 60;
    assert.equal(flush().checkpoint, 60);
  });

  test("contribute() stays before what is ready or in flight", () => {
    const { flush, lane } = setup();
    offer(lane, 40, { now: 0, readyMax: 9 });
    assert.equal(flush().checkpoint, 39);
    lane.ready.take(1);
    lane.inFlight.add(40);
    assert.equal(flush().checkpoint, 39);
    lane.inFlight.delete(40);
    assert.equal(flush().checkpoint, 100);
  });

  test("contribute() gives a held or paused lane a row, and then passes it", () => {
    const { flush, lane } = setup();
    offer(lane, 40, { now: 0, readyMax: 9 });
    lane.hold = { since: 0, until: 9, reason: "status_503", rounds: 1, requests: 1 };

    const facts = flush();
    assert.deepEqual(facts.lanes, [{ endpoint: 1, position: 39, hold: lane.hold, batch: undefined }]);
    assert.equal(facts.checkpoint, 100);
  });

  test("contribute() gives a lane that lags too far a row, so that recovery reads little", () => {
    const { flush, lane, state } = setup({ routedTo: 0, checkpointLagMax: 2000 });
    offer(lane, 1, { now: 0, readyMax: 9 });
    for (let offset = 1; offset <= 2500; offset += 1) {
      state.routedTo = offset;
      markRouted(state, offset);
    }
    assert.deepEqual(
      flush().lanes.map(({ position }) => position),
      [0],
    );
    assert.equal(state.checkpoint, 2500);
  });

  test("contribute() writes a newer row as the lane moves, and none once it is done", () => {
    const { flush, lane } = setup();
    lane.row = { endpoint: 1, position: 10, hold: undefined, batch: undefined };
    offer(lane, 50, { now: 0, readyMax: 9 });
    assert.deepEqual(
      flush().lanes.map(({ position }) => position),
      [49],
    );

    lane.ready.take(1);
    const facts = flush();
    assert.deepEqual([facts.lanes, facts.releasedLanes], [[], [1]]);
    assert.equal(lane.row, undefined);
  });

  test("contribute() keeps the row of a lane while something of it is in flight", () => {
    const { flush, lane } = setup();
    lane.row = { endpoint: 1, position: 10, hold: undefined, batch: undefined };
    const retry = { endpoint: 1, cursor: 0, offset: 5, requests: 1, used: 1, dueAt: 0, reason: "x" };
    lane.retriesInFlight.set("0/5", retry);

    assert.deepEqual(flush().releasedLanes, []);
  });

  test("contribute() stays before what the store refused of a lane, and asks for no row of it again", () => {
    const { flush, lane, state } = setup();
    state.checkpoint = 30;
    offer(lane, 40, { now: 0, readyMax: 9 });
    lane.hold = { since: 0, until: 9, reason: "status_503", rounds: 1, requests: 1 };
    const row = stopRefused(state, lane.endpoint);

    assert.deepEqual(row, { endpoint: 1, position: 30, hold: undefined, batch: undefined });
    assert.deepEqual([flush().lanes, state.checkpoint], [[], 30]);
    noteWritten(state, { ...emptyFacts(0, 0), lanes: [row ?? assert.fail()] });
    assert.deepEqual([flush().lanes, state.checkpoint], [[], 100]);
  });

  test("contribute() leaves a lane whose facts were refused the row that it has", () => {
    const { flush, lane, state } = setup();
    const durable = { endpoint: 1, position: 10, hold: undefined, batch: undefined };
    noteWritten(state, { ...emptyFacts(0, 0), lanes: [durable] });
    lane.row = { ...durable, position: 50 };

    assert.equal(stopRefused(state, lane.endpoint), undefined);
    assert.deepEqual([lane.row, flush().lanes, state.checkpoint], [durable, [], 100]);
  });

  test("contribute() never moves back", () => {
    const { flush, lane, state } = setup();
    state.checkpoint = 90;
    offer(lane, 40, { now: 0, readyMax: 9 });

    assert.equal(flush().checkpoint, 90);
  });

  test("contribute() looks no more often than it should, unless it is hurried", () => {
    const { checkpointer, flush, state } = setup();
    flush();
    state.routedTo = 200;
    const facts = emptyFacts(state.checkpoint, 0);
    checkpointer.contribute(facts)();
    assert.equal(facts.checkpoint, 100);

    checkpointer.hurry();
    checkpointer.contribute(facts)();
    assert.equal(facts.checkpoint, 200);
  });

  test("trail() asks for a flush in a while, once, and only where the checkpoint would move", () => {
    const { checkpointer, clock, flush, state } = setup();
    let asked = 0;
    const ask = () => {
      asked += 1;
    };
    checkpointer.trail(ask);
    checkpointer.trail(ask);
    assert.equal(asked, 0);
    clock.pass(EVERY_MS);
    assert.equal(asked, 1);

    flush();
    checkpointer.trail(ask);
    clock.pass(EVERY_MS);
    assert.equal(asked, 1);

    state.routedTo = 500;
    checkpointer.trail(ask);
    checkpointer.stop();
    clock.pass(EVERY_MS);
    assert.equal(asked, 1);
  });

  test("contribute() does not write the row of a held lane anew while it has nothing, unless it lags", () => {
    const { flush, lane, state } = setup({ checkpointLagMax: 2000 });
    lane.hold = { since: 0, until: 9, reason: "handshake_status_404", rounds: 1, requests: 0 };
    assert.equal(flush().lanes.length, 1);
    state.routedTo = 200;
    assert.deepEqual(flush().lanes, []);
    for (let offset = 201; offset <= 2201; offset += 1) {
      markRouted(state, offset);
    }
    state.routedTo = 2201;
    assert.deepEqual(
      flush().lanes.map(({ position }) => position),
      [2201],
    );
  });
});
