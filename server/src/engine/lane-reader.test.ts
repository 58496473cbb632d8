import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LogQuery, Settled, Store } from "../store.ts";
import { createManualClock, eventAt, routeOf, takenLease } from "./engine-fixture.ts";
import { createLaneReader } from "./lane-reader.ts";
import { createLeaseState, laneFor } from "./lease-state.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { createPayloads } from "./payloads.ts";
import { startEngine } from "./running-engine.test.ts";

/** A lane that is behind in a log of events at the offsets 1 to `head`. */
function setup({ head = 100, readyMax = 20, settledTo = 0, settled = [] as readonly number[] } = {}) {
  const clock = createManualClock();
  const state = createLeaseState(takenLease(), settledTo);
  state.routedTo = head;
  const queries: LogQuery[] = [];
  let beforeAnswer = async (): Promise<void> => {};
  const store = {
    async readLog(query: LogQuery) {
      queries.push(query);
      await beforeAnswer();
      const scannedTo = Math.min(query.to, query.after + query.limit);
      const count = Math.max(0, scannedTo - query.after);
      return { events: Array.from({ length: count }, (_, at) => eventAt(query.after + 1 + at)), scannedTo };
    },
    readSettled: async (): Promise<Settled> => ({
      deliveries: settled.map((offset) => ({ endpoint: 1, offset })),
      gaps: [],
    }),
  } as unknown as Store;
  const faults: unknown[] = [];
  let readyCalls = 0;
  const reader = createLaneReader(state, {
    store,
    clock,
    limits: { ...DEFAULT_LIMITS, laneReadyMax: readyMax },
    payloads: createPayloads(1_000_000),
    latestOnly: { note: () => {} },
    onReady: () => {
      readyCalls += 1;
    },
    onFailed: (_lane, error) => faults.push(error),
  });
  const lane = laneFor(state, routeOf("each"));
  lane.isBehind = true;
  return {
    clock,
    state,
    lane,
    reader,
    queries,
    faults,
    readyCalls: () => readyCalls,
    before(answer: () => Promise<void>) {
      beforeAnswer = answer;
    },
    async settle() {
      for (let round = 0; round < 10; round += 1) {
        await new Promise(setImmediate);
        clock.pass(0);
      }
    },
  };
}

describe("createLaneReader()", () => {
  test("readOn() fills the lane no further than it has room, however long the backlog", async () => {
    const { lane, queries, reader, settle } = setup({ head: 200_000 });
    reader.readOn(lane);
    await settle();

    assert.equal(lane.ready.length, 20);
    assert.equal(lane.isBehind, true);
    assert.equal(queries.length, 1);
  });

  test("readOn() reads on where it stood once half of the room is free", async () => {
    const { lane, reader, settle } = setup();
    reader.readOn(lane);
    await settle();
    lane.ready.take(11);
    reader.readOn(lane);
    await settle();

    assert.deepEqual(lane.ready.take(20), [12, 13, 14, 15, 16, 17, 18, 19, 20, ...range(21, 31)]);
  });

  test("readOn() lets the lane follow the log once it has come to what was routed last", async () => {
    const { lane, reader, settle, readyCalls } = setup({ head: 8 });
    reader.readOn(lane);
    await settle();

    assert.deepEqual(lane.ready.take(20), range(1, 8));
    assert.equal(lane.isBehind, false);
    assert.equal(readyCalls(), 1);
  });

  test("readOn() passes over what the store says is settled from before this owner", async () => {
    const { lane, reader, settle } = setup({ head: 5, settledTo: 5, settled: [2, 4] });
    reader.readOn(lane);
    await settle();

    assert.deepEqual(lane.ready.take(9), [1, 3, 5]);
  });

  test("readOn() passes over what was cancelled, and a batch that is settled while it reads", async () => {
    const { before, lane, reader, settle } = setup({ head: 5 });
    lane.cancelled.add(1);
    lane.batch = { offsets: [2, 3], requests: 1, used: 1, dueAt: 0, reason: "status_500" };
    before(async () => {
      lane.batch = undefined;
    });
    reader.readOn(lane);
    await settle();

    assert.deepEqual(lane.ready.take(9), [4, 5]);
    assert.equal(lane.cancelled.size, 0);
  });

  test("readOn() drops a page when the lane was told to go on from elsewhere meanwhile", async () => {
    const { before, lane, reader, settle } = setup({ head: 5 });
    before(async () => {
      lane.cursor = 5;
      lane.isBehind = false;
    });
    reader.readOn(lane);
    await settle();

    assert.equal(lane.ready.length, 0);
    assert.equal(lane.cursor, 5);
  });

  test("readOn() reads nothing while the owner recovers", async () => {
    const { lane, queries, reader, settle, state } = setup({ head: 5, settledTo: 9 });
    reader.readOn(lane);
    await settle();
    assert.equal(queries.length, 0);

    state.routedTo = 9;
    reader.readOn(lane);
    await settle();
    assert.equal(queries.length, 1);
  });

  test("readOn() tries again after a failure, and tells of it", async () => {
    const { before, clock, faults, lane, reader, readyCalls, settle } = setup({ head: 5 });
    before(() => Promise.reject(new Error("disk")));
    reader.readOn(lane);
    await settle();
    assert.equal(faults.length, 1);
    assert.equal(lane.isReading, true);
    clock.pass(500);
    await settle();

    assert.equal(lane.isReading, false);
    assert.equal(readyCalls(), 1);
  });
});

test("a lane that is behind finds what it wants of a long log in a few reads", async () => {
  const ofTenant: LogQuery[] = [];
  const { addEndpoint, change, engine, sentTo, settle } = await startEngine({
    limits: { laneReadyMax: 4, directoryBlockEvents: 20, pageEventsMax: 20 },
    wrap: (inner) => ({
      ...inner,
      async readLog(query) {
        ofTenant.push(...(query.tenant === undefined ? [] : [query]));
        return await inner.readLog(query);
      },
    }),
  });
  const endpoint = await addEndpoint("each", { eventTypes: ["rare"] });
  await change(endpoint, "paused");
  const { data } = eventAt(1);
  const fields = {
    data,
    subject: undefined,
    occurredAt: undefined,
    expiresAt: undefined,
    to: undefined,
    extensions: undefined,
  };
  for (let count = 0; count < 10; count += 1) {
    const events = Array.from({ length: 100 }, (_, index) => ({
      event: { ...fields, type: index === 50 ? "rare" : "common" },
      key: undefined,
    }));
    await engine.accept(0, { tenant: 1, events, key: undefined, keysExpireAt: 0 });
  }
  await settle();
  await change(endpoint, "enabled");
  await settle();

  assert.equal(sentTo(endpoint).length, 10);
  // Ten events, and forty blocks that have none of them, in pages of two to four looks.
  assert.ok(ofTenant.length <= 30, `${ofTenant.length} pages were read`);
});

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}
