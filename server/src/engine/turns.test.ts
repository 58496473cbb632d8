import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { endpointOf, routeOf } from "./engine-fixture.ts";
import { createLane, type Lane } from "./lane.ts";
import { createTurns, type Room } from "./turns.ts";

const ROOM: Room = { hasSlow: true, has: () => true };

function laneOf(tenant: number, number: number): Lane {
  return createLane({ ...routeOf("each"), endpoint: { ...endpointOf([{}], number), tenant } }, 0);
}

function setup(...lanes: readonly (readonly [tenant: number, endpoint: number])[]) {
  const turns = createTurns();
  lanes.forEach(([tenant, endpoint]) => turns.add(laneOf(tenant, endpoint)));
  /** The endpoints of the next turns, of lanes that want another turn after each. */
  const take = (count: number, room: Partial<Room> = {}) =>
    Array.from({ length: count }, () => {
      const lane = turns.next({ ...ROOM, ...room });
      if (lane !== undefined) {
        turns.add(lane);
      }
      return lane?.endpoint;
    });
  return { turns, take };
}

describe("createTurns()", () => {
  test("next() lets tenants take turns, and then the lanes of each", () => {
    const { take } = setup([1, 10], [1, 11], [1, 12], [2, 20]);
    assert.deepEqual(take(8), [10, 20, 11, 20, 12, 20, 10, 20]);
  });

  test("next() gives a tenant with one endpoint as many turns as one with a thousand", () => {
    const crowd = Array.from({ length: 1000 }, (_, index) => [1, 100 + index] as const);
    const { take } = setup(...crowd, [2, 20]);
    assert.equal(take(3000).filter((endpoint) => endpoint === 20).length, 1500);
  });

  test("next() passes over who may not begin anything, and keeps the place in the line", () => {
    const { take } = setup([1, 10], [1, 11], [2, 20]);
    assert.deepEqual(take(2, { has: ({ tenant }) => tenant === 2 }), [20, 20]);
    assert.deepEqual(take(2, { has: () => false }), [undefined, undefined]);
    assert.deepEqual(new Set(take(3)), new Set([10, 11, 20]));
  });

  test("add() keeps a lane that waits in its place, once", () => {
    const { turns } = setup();
    const next = () => turns.next(ROOM);
    const lane = laneOf(1, 10);
    turns.add(lane);
    turns.add(lane);
    assert.equal(next(), lane);
    assert.equal(next(), undefined);
    turns.add(lane);
    assert.equal(next(), lane);
  });

  test("next() lets nobody stand behind slow lanes, which may begin nothing", () => {
    const { turns, take } = setup();
    for (const number of [10, 11, 12]) {
      turns.add(Object.assign(laneOf(1, number), { isSlow: number < 12 }));
    }
    assert.deepEqual(take(2, { hasSlow: false }), [12, 12]);
    assert.deepEqual(take(2, { has: ({ isSlow }) => !isSlow }), [12, 12]);
    assert.deepEqual(take(2), [10, 11]);
  });

  test("add() takes a lane that is slow no longer to the others", () => {
    const { turns, take } = setup();
    const lane = Object.assign(laneOf(1, 10), { isSlow: true });
    turns.add(lane);
    lane.isSlow = false;
    turns.add(lane);
    assert.deepEqual([turns.next({ ...ROOM, hasSlow: false }), turns.next(ROOM)], [lane, undefined]);
    assert.deepEqual(take(1), [undefined]);
  });
});
