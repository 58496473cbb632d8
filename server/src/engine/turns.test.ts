import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { endpointOf, routeOf } from "./engine-fixture.ts";
import { createLane, type Lane } from "./lane.ts";
import { createTurns } from "./turns.ts";

function laneOf(tenant: number, number: number): Lane {
  return createLane({ ...routeOf("each"), endpoint: { ...endpointOf([{}], number), tenant } }, 0);
}

function setup(...lanes: readonly (readonly [tenant: number, endpoint: number])[]) {
  const turns = createTurns();
  lanes.forEach(([tenant, endpoint]) => turns.add(laneOf(tenant, endpoint)));
  /** The endpoints of the next turns, of lanes that want another turn after each. */
  const take = (count: number, mayBegin: (tenant: number) => boolean = () => true) =>
    Array.from({ length: count }, () => {
      const lane = turns.next(mayBegin);
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
    assert.deepEqual(
      take(2, (tenant) => tenant === 2),
      [20, 20],
    );
    assert.deepEqual(
      take(2, () => false),
      [undefined, undefined],
    );
    assert.deepEqual(new Set(take(3)), new Set([10, 11, 20]));
  });

  test("add() keeps a lane that waits in its place, once", () => {
    const { turns } = setup();
    const next = () => turns.next(() => true);
    const lane = laneOf(1, 10);
    turns.add(lane);
    turns.add(lane);
    assert.equal(next(), lane);
    assert.equal(next(), undefined);
    turns.add(lane);
    assert.equal(next(), lane);
  });
});
