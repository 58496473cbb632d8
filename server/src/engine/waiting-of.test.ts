import assert from "node:assert/strict";
import { test } from "node:test";
import { LIVE } from "../model/delivery.ts";
import { offsetAt } from "../model/offset.ts";
import { endpointOf, routeOf, TENANT, takenLease } from "./engine-fixture.ts";
import { offer } from "./lane.ts";
import { createLeaseState, laneFor } from "./lease-state.ts";
import { startEngine } from "./running-engine.test.ts";
import { standingOfTenant, waitingOf } from "./waiting-of.ts";

const NOW = 1_767_323_045_006;
const MINUTE_MS = 60_000;
test("waitingOf() counts the retries of lanes in memory, and of those that are not", async () => {
  const all = await startEngine();
  const endpoint = await all.addEndpoint("each");
  all.answer(endpoint, 500);
  await all.accept(3);
  await all.settle();
  const seen = () => {
    const { deliveriesWaiting, endpointsWaiting, unwritten } = all.engine.stats();
    return { deliveriesWaiting, endpointsWaiting, unwritten };
  };
  const waiting = { deliveriesWaiting: 3, endpointsWaiting: 1, unwritten: 0 };
  assert.deepEqual(seen(), waiting);
  const { waiting: first = 0, retries = 0 } = all.lane(endpoint) ?? {};
  assert.equal(first + retries, 3);
  assert.equal(retries, (await all.store.readRetries(0, undefined, 10)).length);

  await all.restart("paused");
  await all.settle();
  assert.deepEqual(seen(), waiting);
});

test("an owner says what is on its way into the store", async () => {
  const stored = Promise.withResolvers<void>();
  const all = await startEngine({
    wrap: (store) => ({
      ...store,
      async flush(lease, facts) {
        if (facts.attempts.length > 0) {
          await stored.promise;
        }
        return await store.flush(lease, facts);
      },
    }),
  });
  await all.addEndpoint("ordered");
  await all.accept(1);
  await all.settle();
  assert.deepEqual([all.engine.stats().inFlight, all.engine.stats().unwritten], [0, 1]);
  assert.deepEqual(all.engine.underWay(), { inFlight: 0, unwritten: 1 });
  stored.resolve();
  await all.settle();
  assert.deepEqual(all.engine.underWay(), { inFlight: 0, unwritten: 0 });
});

function setup() {
  const state = createLeaseState(takenLease(), 0);
  const laneOf = (tenant: number, number: number) => {
    const endpoint = { ...endpointOf([{}], number), tenant };
    return laneFor(state, { ...routeOf("each"), endpoint, tenant: { ...TENANT, number: tenant } });
  };
  return { state, laneOf };
}

test("standingOfTenant() counts what waits of one tenant, and finds since when it is due", () => {
  const { state, laneOf } = setup();
  const mine = laneOf(1, 1);
  const held = laneOf(1, 2);
  const theirs = laneOf(2, 3);
  mine.requestsOut = 2;
  mine.retries = 3;
  theirs.requestsOut = 5;
  const hold = { since: NOW - 1, until: NOW + MINUTE_MS, reason: "status_503", rounds: 1, requests: 1 };
  held.hold = hold;
  for (const [lane, minutes] of [
    [mine, 3],
    [held, 7],
    [theirs, 9],
  ] as const) {
    offer(lane, offsetAt(NOW - minutes * MINUTE_MS), { now: NOW, readyMax: 10 });
  }
  assert.deepEqual(standingOfTenant(state, 1, NOW), {
    inFlight: 2,
    deliveriesWaiting: 5,
    endpointsWaiting: 2,
    lanesHeld: 1,
    lanesStopped: 0,
    oldestDueAt: NOW - 3 * MINUTE_MS,
  });
  assert.equal(standingOfTenant(state, 3, NOW).oldestDueAt, undefined);
});

test("waitingOf() takes a retry that is due before everything else as the oldest", () => {
  const { state, laneOf } = setup();
  const lane = laneOf(1, 1);
  const retry = { endpoint: 1, cursor: LIVE, offset: 5, requests: 1, used: 1, reason: "status_500" };
  lane.due.set("0/5", { ...retry, dueAt: NOW - 10 });
  assert.equal(waitingOf(state, { nextDueAt: () => NOW - 50 }, NOW).oldestDueAt, NOW - 50);
  assert.equal(waitingOf(state, { nextDueAt: () => NOW + 50 }, NOW).oldestDueAt, NOW - 10);
});
