import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LaneRow } from "../model/delivery.ts";
import type { Store } from "../store.ts";
import { routeOf, takenLease } from "./engine-fixture.ts";
import { createLeaseState } from "./lease-state.ts";
import { findLanes } from "./recovery.ts";
import { CONTRACT_UNKNOWN, type Route, type Routes } from "./routes.ts";

const BATCH = { offsets: [5, 6], requests: 1, used: 1, dueAt: 0, reason: "status_500" };

/** The lane that is found for a row with a frozen batch, when its endpoint's route is this one. */
async function setup(route: Route) {
  const row: LaneRow = { endpoint: 1, position: 4, hold: undefined, batch: BATCH };
  const store = { readLanes: async () => [row] } as unknown as Store;
  const routes = { find: async () => route } as unknown as Routes;
  const lease = takenLease({ checkpoint: 9 });
  const state = createLeaseState(lease, 9);
  await findLanes(state, { store, routes });
  return state.lanes.get(1);
}

describe("findLanes()", () => {
  test("findLanes() keeps a frozen batch of a batched contract, and of one that is missing", async () => {
    assert.deepEqual((await setup(routeOf("batched")))?.batch, BATCH);
    assert.deepEqual((await setup(routeOf("each", { fault: CONTRACT_UNKNOWN })))?.batch, BATCH);
  });

  test("findLanes() lets the members be read anew where the contract is batched no more", async () => {
    for (const discipline of ["each", "ordered"] as const) {
      const lane = await setup(routeOf(discipline));
      assert.deepEqual([lane?.batch, lane?.isBehind, lane?.cursor], [undefined, true, 4]);
    }
  });
});
